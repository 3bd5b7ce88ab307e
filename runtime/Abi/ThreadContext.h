//===- ThreadContext.h - What belongs to a guest thread besides its registers -*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The thread's signal state and its way back to the dispatcher. Written by its
// own thread and by the signal handlers that run on it.
//===----------------------------------------------------------------------===//
#ifndef DBT_ABI_THREADCONTEXT_H
#define DBT_ABI_THREADCONTEXT_H

#include "Guest/CpuState.h"

#include <csetjmp>
#include <csignal>
#include <cstdint>
#include <memory>

namespace dbt {

struct SignalActions; // Linux/Signals.h
class KernelWrites;   // Linux/KernelWrites.h

struct ThreadContext {
  /// SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP.
  static constexpr int NumSynchronous = 5;

  CpuState *cpu = nullptr;
  /// The dispatcher's recovery point while the thread runs guest code.
  sigjmp_buf *recovery = nullptr;

  /// --check wants to know of every fault in compiled code, even of one that ends
  /// the process.
  bool takeAllFaults = false;

  /// A synchronous fault in guest code, for ExitReason::Fault.
  struct Fault {
    siginfo_t info;
    uint64_t trapNumber; ///< sigcontext's trapno, err and cr2
    uint64_t errorCode;
    uint64_t address;
    bool copied; ///< the instruction itself, with its operands in their registers
  } fault = {};

  /// The slot (docs/Signals.md): the signal that waits for delivery, if hasSignal.
  /// While it is full, the host mask is closed and \c blocked does not change.
  uint32_t hasSignal = 0; ///< accessed atomically
  siginfo_t signal = {};
  /// Sent signals of the synchronous kind that the guest blocks: the host cannot
  /// keep them. Bit n - 1 for signal n; accessed atomically.
  uint64_t heldSignals = 0;
  siginfo_t held[NumSynchronous] = {};
  /// The process's actions; a vfork's child has its own.
  SignalActions *actions = nullptr;

  /// The guest's signal mask, bit n - 1 for signal n; the host's is the same
  /// without the synchronous signals, but for while the slot is full.
  uint64_t blocked = 0;
  /// The mask to be saved in the next frame, of a call that has changed the mask
  /// for its duration (sigsuspend, ppoll, ...).
  uint64_t maskToRestore = 0;
  bool restoreMask = false;

  stack_t altStack = {nullptr, SS_DISABLE, 0};

  /// Of the thread's host stack, what guest calls may use.
  size_t hostStackBytes = 0;

  /// What the thread's system call under way changes, the innermost first.
  KernelWrites *kernelWrites = nullptr;

  int tid = 0;
  uint64_t clearChildTid = 0; ///< CLONE_CHILD_CLEARTID's address, or 0
  int exitStatus = 0;         ///< exit(2)'s
  /// A vfork's child: shares memory with a parent that waits for it.
  bool vforked = false;
  /// Memory that an execve in a vfork's child leaves behind.
  std::shared_ptr<void> execMemory;
  void *hostAltStack = nullptr;
  size_t hostAltStackSize = 0;
};

/// The calling thread's; null in threads that are not the guest's.
ThreadContext *&currentThread();

} // namespace dbt

#endif
