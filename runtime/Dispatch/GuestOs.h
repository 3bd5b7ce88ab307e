//===- GuestOs.h - The guest's operating system, as the dispatcher needs it --*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_DISPATCH_GUESTOS_H
#define DBT_DISPATCH_GUESTOS_H

#include "Guest/CpuState.h"

namespace dbt {

/// runtime/Linux supplies it. A function that returns false has ended the thread.
struct GuestOs {
  /// Executes SYSCALL; rip is behind it.
  bool (*syscall)(CpuState &);
  /// Delivers what CpuState::pending announces, and clears those bits.
  bool (*deliverPending)(CpuState &);
  /// The instruction at rip raised \p trap.
  bool (*raiseTrap)(CpuState &, Trap trap);
  /// A host fault in guest code, recorded in the thread's context; rip is the
  /// faulting instruction's.
  bool (*raiseFault)(CpuState &);
  /// rip cannot be executed: SIGSEGV.
  bool (*raiseFetchFault)(CpuState &);
  /// Whether there has been more than one thread.
  bool (*everThreaded)();
  /// Whether the guest handles a signal that faults raise.
  bool (*handlesFaults)();
  /// Starts a thread of dbt's own, which has nothing to do with the guest's signals: 0,
  /// EAGAIN if there can be no more threads, or EBUSY where it is to be tried elsewhere.
  int (*startHostThread)(void (*main)(void *), void *argument);
};

} // namespace dbt

#endif
