//===- HostSignals.h - The host's side of guest signals ---------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The host's handlers, dispositions and mask: what docs/Signals.md calls recording,
// the slot, and the open or closed mask. Signals.cpp delivers what is recorded here.
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_HOSTSIGNALS_H
#define DBT_LINUX_HOSTSIGNALS_H

#include "Linux/Signals.h"

namespace dbt {

constexpr uint64_t SaRestorer = 0x04000000;
constexpr uint64_t ClosedMask = ~(SynchronousSignals | UnblockableSignals);

inline bool slotIsFull(const ThreadContext &thread) {
  return __atomic_load_n(&thread.hasSignal, __ATOMIC_RELAXED) != 0;
}
inline void emptySlot(ThreadContext &thread) { __atomic_store_n(&thread.hasSignal, 0, __ATOMIC_RELAXED); }

/// Gives the signals that synchronous faults raise to our handler.
void installFaultHandlers(const FaultHooks &hooks);
/// Gives the host the guest's disposition of \p signal: its default and ignoring
/// are the kernel's business, a handler is ours, the five synchronous always.
void mirrorAction(int signal, const GuestAction &action);
/// What the kernel has.
GuestAction hostAction(int signal);
/// Gives it back an action that hostAction() has read.
void restoreHostAction(int signal, const GuestAction &action);
/// A synchronous signal's disposition across execve, and back if that fails.
void ignoreInHost(int signal);

/// glibc's SIGCANCEL, which it unblocks in every thread that it starts.
constexpr int CancelSignal = 32;
/// Around the start of a host thread, until it has set its own mask: meanwhile signal 32 has
/// our handler, whatever the guest does with it, and who cannot take it passes it on.
void beginBirth();
void endBirth();
/// In a fork's child, which has none of the threads that were being started.
void forgetBirths();

/// Sends \p info to the calling thread, or with \p process to all of the process.
void giveBack(const siginfo_t &info, bool process = false);

/// Keeps a sent synchronous signal for which the time has not come.
void hold(ThreadContext &thread, const siginfo_t &info);
/// Takes one of \p set that is held; false if there is none.
bool takeHeld(ThreadContext &thread, uint64_t set, siginfo_t &info);
/// Puts a held signal that the guest does not block into the slot, if both exist.
/// Says whether the slot is full now.
bool promoteHeld(ThreadContext &thread);

} // namespace dbt

#endif
