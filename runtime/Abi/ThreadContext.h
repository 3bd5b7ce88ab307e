//===- ThreadContext.h - What belongs to a guest thread besides its registers -*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The thread's signal state and its way back to the dispatcher. Written by its
// own thread and by the signal handlers that run on it; `recovery` and `slot` are the
// handlers' business while guest code runs.
//===----------------------------------------------------------------------===//
#ifndef DBT_ABI_THREADCONTEXT_H
#define DBT_ABI_THREADCONTEXT_H

#include "Guest/CpuState.h"

#include <csetjmp>
#include <csignal>
#include <cstdint>

namespace dbt {

struct ThreadContext {
  CpuState *cpu = nullptr;
  /// The dispatcher's recovery point while the thread runs guest code.
  sigjmp_buf *recovery = nullptr;

  /// A synchronous fault in guest code, for ExitReason::Fault.
  struct Fault {
    siginfo_t info;
    uint64_t trapNumber; ///< sigcontext's trapno, err and cr2
    uint64_t errorCode;
    uint64_t address;
  } fault = {};

  /// The asynchronous signal that waits for delivery, if hasSignal: at most one,
  /// since its host handler leaves all others blocked (docs/Signals.md).
  volatile sig_atomic_t hasSignal = 0;
  siginfo_t signal = {};

  /// The guest's signal mask, bit n - 1 for signal n; the host's is the same
  /// without the synchronous signals, but for while hasSignal.
  uint64_t blocked = 0;
  /// The mask to be saved in the next frame, of a call that has changed the mask
  /// for its duration (sigsuspend, ppoll, ...).
  uint64_t maskToRestore = 0;
  bool restoreMask = false;

  stack_t altStack = {nullptr, SS_DISABLE, 0};

  /// Of the thread's host stack, what guest calls may use.
  size_t hostStackBytes = 0;

  int tid = 0;
  uint64_t clearChildTid = 0; ///< CLONE_CHILD_CLEARTID's address, or 0
  void *hostAltStack = nullptr;
  size_t hostAltStackSize = 0;
};

/// The calling thread's; null in threads that are not the guest's.
ThreadContext *&currentThread();

} // namespace dbt

#endif
