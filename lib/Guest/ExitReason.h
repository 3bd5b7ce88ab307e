//===- ExitReason.h - Why guest code came to a stop -------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_EXITREASON_H
#define DBT_GUEST_EXITREASON_H

#include <cstdint>

namespace dbt {

/// CpuState::exitReason: why code of any tier has returned to the dispatcher. CpuState::rip
/// is the guest address to go on at.
enum class ExitReason : uint32_t {
  Lookup,    ///< no code known for rip; exitOp: the tail op of the block to link, or null
  Syscall,   ///< a SYSCALL instruction; rip is behind it
  Pending,   ///< CpuState::pending is not zero
  Hot,       ///< the block at rip has used up its budget
  Compiled,  ///< a better tier than the interpreter has code for rip
  Dead,      ///< the block at rip was invalidated, or its bytes have changed
  Trap,      ///< CpuState::trap was raised by the instruction at rip
  Fault,     ///< a host fault: ThreadContext has it
  Sample,    ///< copied code has used up CpuState::copyBudget
  Interpret, ///< the instruction at rip is one that only the interpreter has
};
constexpr unsigned NumExitReasons = 10;

/// What a region returns in place of RIP when the dispatcher must act first: CpuState has
/// the reason and the RIP then. No caller expects it as a return address, as it is not
/// canonical. The guest may jump there all the same, so it is told by exitReason and not by
/// this value that a region has left in this way.
inline constexpr uint64_t LeaveRip = uint64_t(1) << 63 | 1;

} // namespace dbt

#endif
