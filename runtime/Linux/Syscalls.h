//===- Syscalls.h - System calls of the guest -------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Guest and host share the system-call ABI, so most calls pass unchanged;
// Syscalls.def has one row per call which says so, or names the function that
// does it, or the errno it is refused with and why. To add a call: one row
// and, where it needs one, its body; the row declares the body, decodes the
// call for -strace and documents it in docs/Syscalls.md.
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_SYSCALLS_H
#define DBT_LINUX_SYSCALLS_H

#include "Guest/CpuState.h"

#include <cstdint>

namespace dbt {

enum class SyscallOutcome {
  Continue,      ///< go on at cpu.rip
  StateReplaced, ///< all registers are new (rt_sigreturn); go on at cpu.rip
  ThreadExit,    ///< this thread has ended: leave the dispatcher
};

/// One system call under way.
struct Syscall {
  CpuState &cpu;
  uint64_t number;
  uint64_t arg[6];
  SyscallOutcome outcome = SyscallOutcome::Continue; ///< a body may change it

  template <class T> T *pointer(unsigned i) const { return reinterpret_cast<T *>(arg[i]); }
};

/// Results are the kernel's: a value, or a negative errno.
using SyscallBody = int64_t (*)(Syscall &);

/// The kernel-internal errno with which the safe stub says that a signal
/// interrupted a call which is to be begun again after the delivery.
constexpr int64_t RestartSyscall = -512;

/// The length of the SYSCALL instruction: how far back a restart goes.
constexpr uint64_t SyscallInsnSize = 2;

/// Executes the SYSCALL instruction: \p cpu.rip is already past it. Writes RAX,
/// RCX and R11 as the kernel does, but for StateReplaced.
SyscallOutcome linuxSyscall(CpuState &cpu);

} // namespace dbt

#endif
