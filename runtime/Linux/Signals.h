//===- Signals.h - Guest signals --------------------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// docs/Signals.md derives the protocol and defines its words; ThreadContext holds a
// thread's part.
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_SIGNALS_H
#define DBT_LINUX_SIGNALS_H

#include "Abi/ThreadContext.h"

#include <array>
#include <cstdint>
#include <mutex>

namespace dbt {

constexpr int NumSignals = 64;
constexpr uint64_t DefaultHandler = 0, IgnoreHandler = 1; ///< SIG_DFL, SIG_IGN

/// struct sigaction as the kernel has it.
struct GuestAction {
  uint64_t handler;
  uint64_t flags;
  uint64_t restorer;
  uint64_t mask;
};

/// What a process does about its signals. Changed under the lock; a handler may be
/// read without it.
struct SignalActions {
  std::mutex lock;
  std::array<GuestAction, NumSignals + 1> table = {};
};

constexpr uint64_t signalBit(int signal) { return uint64_t(1) << (signal - 1); }
/// Raised by the instruction stream itself; never blocked in the host.
constexpr int SynchronousNumbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
constexpr uint64_t SynchronousSignals =
    signalBit(SIGSEGV) | signalBit(SIGBUS) | signalBit(SIGFPE) | signalBit(SIGILL) | signalBit(SIGTRAP);
constexpr uint64_t UnblockableSignals = signalBit(SIGKILL) | signalBit(SIGSTOP);

/// What the fault handler asks of the layers that run guest code.
struct FaultHooks {
  /// A write fault that code tracking caused; the store can be done again.
  bool (*onWriteFault)(uint64_t address) = nullptr;
  /// Whether a host address is in compiled code.
  bool (*inCompiledCode)(uint64_t hostPc) = nullptr;
  /// If copied code was interrupted: its registers into CpuState, rip included.
  bool (*recoverCopy)(const ucontext_t &context, CpuState &cpu) = nullptr;
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

//===--- Actions ---===//

GuestAction guestAction(const ThreadContext &thread, int signal);
/// rt_sigaction: 0 or a negative errno.
int64_t setGuestAction(ThreadContext &thread, int signal, const GuestAction *action, GuestAction *old);
/// The process handles a signal that faults raise.
bool handlesFaults();
/// A vfork's child gets a copy; what it does to it does not concern the parent.
void copyActions(const ThreadContext &from, SignalActions &to);
/// The process's own actions, and their lock around fork.
SignalActions &processActions();
/// In a fork's child: its actions are the process's.
void adoptActions(ThreadContext &thread);
/// CLONE_CLEAR_SIGHAND, in the child: handlers become the default.
void clearHandlers(ThreadContext &thread);

//===--- The mask ---===//

/// The host mask for the guest mask \p blocked.
constexpr uint64_t hostMaskFor(uint64_t blocked) { return blocked & ~SynchronousSignals & ~UnblockableSignals; }
/// Blocks every asynchronous signal in the host.
void closeHostMask();
/// The host mask becomes the guest's, unless the slot is full.
void openHostMask(ThreadContext &thread);
/// False, and nothing is changed, if the slot is full.
bool setHostMaskUnlessFull(ThreadContext &thread, uint64_t mask);
/// Changes the guest's mask and the host's with it. False, and nothing is changed, if
/// the slot is full: deliver first.
[[nodiscard]] bool changeGuestMask(ThreadContext &thread, uint64_t mask);

//===--- Delivery ---===//

/// Delivers what is in the slot. Call where \p cpu is exact.
void deliverSignals(CpuState &cpu);
/// A synchronous signal for the instruction at rip.
void raiseSynchronous(CpuState &cpu, const siginfo_t &info, uint64_t trapNumber, uint64_t errorCode,
                      uint64_t address);
/// A trap as the kernel turns it into a signal (arch/x86/kernel/traps.c).
void raiseTrapSignal(CpuState &cpu, Trap trap);
/// The kernel cannot return to user mode as asked: SIGSEGV without an address.
void raiseBadFrame(CpuState &cpu);

/// Ends the process by \p signal's default action.
[[noreturn]] void dieOf(int signal);

/// Around execve: the kernel keeps ignored signals ignored, so those that we handle
/// must be ignored in the host too. If execve fails they are ours again.
void exportIgnoredSignals(ThreadContext &thread);
void takeBackSignals(ThreadContext &thread);

} // namespace dbt

#endif
