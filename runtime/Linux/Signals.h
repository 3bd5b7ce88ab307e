//===- Signals.h - Guest signals --------------------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// docs/Signals.md derives the protocol; ThreadContext holds a thread's part.
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_SIGNALS_H
#define DBT_LINUX_SIGNALS_H

#include "Abi/ThreadContext.h"

#include <cstdint>
#include <functional>

namespace dbt {

/// struct sigaction as the kernel has it.
struct GuestAction {
  uint64_t handler;
  uint64_t flags;
  uint64_t restorer;
  uint64_t mask;
};

constexpr uint64_t signalBit(int signal) { return uint64_t(1) << (signal - 1); }
/// Raised by the instruction stream itself; never blocked in the host.
constexpr uint64_t SynchronousSignals =
    signalBit(SIGSEGV) | signalBit(SIGBUS) | signalBit(SIGFPE) | signalBit(SIGILL) | signalBit(SIGTRAP);
constexpr uint64_t UnblockableSignals = signalBit(SIGKILL) | signalBit(SIGSTOP);

/// What the fault handler asks of the layers that run guest code.
struct FaultHooks {
  /// A write fault that code tracking caused; the store can be done again.
  bool (*onWriteFault)(uint64_t address) = nullptr;
  /// Whether a host address is in compiled code.
  bool (*inCompiledCode)(uint64_t hostPc) = nullptr;
  /// The guest handles faults now, or has a second thread: code that was compiled
  /// without regard to that must go.
  void (*onModeChange)() = nullptr;
};

/// Installs the handlers of synchronous signals and learns what dbt-run has
/// inherited: ignored signals and the mask.
void initSignals(const FaultHooks &hooks, ThreadContext &mainThread);
/// A thread's alternate host stack; a thread ends with freeHostAltStack.
void makeHostAltStack(ThreadContext &thread);
void freeHostAltStack(ThreadContext &thread);

/// See FaultHooks::onModeChange.
void announceModeChange();

GuestAction guestAction(int signal);
/// rt_sigaction: 0 or a negative errno.
int64_t setGuestAction(int signal, const GuestAction *action, GuestAction *old);
bool handlesFaults();

/// The host mask for the guest mask \p blocked.
void setHostMask(uint64_t mask);
constexpr uint64_t hostMaskFor(uint64_t blocked) { return blocked & ~SynchronousSignals & ~UnblockableSignals; }
/// Changes the thread's guest mask and, unless a signal waits, the host's.
void setGuestMask(ThreadContext &thread, uint64_t mask);

/// Delivers what waits. Call at a point where \p cpu is exact.
void deliverSignals(CpuState &cpu);
/// A synchronous signal for the instruction at rip.
void raiseSynchronous(CpuState &cpu, const siginfo_t &info, uint64_t trapNumber, uint64_t errorCode,
                      uint64_t address);
/// A trap as the kernel turns it into a signal (arch/x86/kernel/traps.c).
void raiseTrapSignal(CpuState &cpu, Trap trap);

/// Ends the process by \p signal's default action.
[[noreturn]] void dieOf(int signal);

/// What a system call that was interrupted by a guest signal gives: begun again
/// after the handler, or EINTR (signal(7)).
int64_t interruptedResult(ThreadContext &thread, uint64_t number, int64_t result);

/// Before execve: the kernel keeps ignored signals ignored, so those that we
/// handle must be ignored in the host too.
void exportIgnoredSignals();

} // namespace dbt

#endif
