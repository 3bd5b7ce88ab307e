//===- Exit.h - Why the interpreter returns ---------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_INTERP_EXIT_H
#define DBT_INTERP_EXIT_H

#include <cstdint>

namespace dbt {

/// CpuState::exitReason. CpuState::rip is the guest address to go on at.
enum class ExitReason : uint32_t {
  Lookup,   ///< no block known for rip; exitOp: the tail op of the block to link, or null
  Syscall,  ///< a SYSCALL instruction; rip is behind it
  Pending,  ///< CpuState::pending is not zero
  Hot,      ///< the block at rip has used up its budget
  Compiled, ///< the block at rip has a compiled region
  Dead,     ///< the block at rip was invalidated, or its bytes have changed
  Trap,     ///< CpuState::trap was raised by the instruction at rip
  Fault,    ///< a host fault: ThreadContext has it
  Sample,   ///< copied code has used up CpuState::copyBudget
};
constexpr unsigned NumExitReasons = 9;

} // namespace dbt

#endif
