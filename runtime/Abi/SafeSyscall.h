//===- SafeSyscall.h - The host's system calls, raw -------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Calls the host kernel without glibc's wrappers, whose semantics differ
// (cancellation points, cached values, struct conversions). Results are the
// kernel's: a value, or a negative errno.
//===----------------------------------------------------------------------===//
#ifndef DBT_ABI_SAFESYSCALL_H
#define DBT_ABI_SAFESYSCALL_H

#include "Abi/ThreadContext.h"

#include <cerrno>
#include <cstdint>
#include <unistd.h>

namespace dbt {

/// A system call that cannot block for long.
inline int64_t rawSyscall(long nr, uint64_t a0 = 0, uint64_t a1 = 0, uint64_t a2 = 0,
                          uint64_t a3 = 0, uint64_t a4 = 0, uint64_t a5 = 0) {
  long result = ::syscall(nr, a0, a1, a2, a3, a4, a5);
  return result == -1 ? -errno : result;
}

/// The stub's way of saying that a signal was recorded before the call began.
constexpr int64_t InterruptedBeforeStart = -512;

/// A system call that may block. A signal that is recorded before the kernel is
/// entered makes it return InterruptedBeforeStart without having been made
/// (docs/Signals.md); one that comes later interrupts it as the kernel says. What \p hasSignal
/// points to is not zero when a signal has been recorded; what else may be pending does not
/// concern a thread that is in no code.
extern "C" int64_t dbtSafeSyscall(const uint32_t *hasSignal, long nr, uint64_t a0, uint64_t a1, uint64_t a2,
                                  uint64_t a3, uint64_t a4, uint64_t a5);

inline int64_t safeSyscall(CpuState &cpu, long nr, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3,
                           uint64_t a4, uint64_t a5) {
  return dbtSafeSyscall(&cpu.thread->hasSignal, nr, a0, a1, a2, a3, a4, a5);
}

} // namespace dbt

#endif
