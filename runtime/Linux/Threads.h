//===- Threads.h - Guest threads --------------------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// How threads begin and end: docs/Signals.md, "Threads".
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_THREADS_H
#define DBT_LINUX_THREADS_H

#include "Abi/ThreadContext.h"

#include <cstdint>

namespace dbt {

/// How the thread layer has guest code run.
struct GuestRunner {
  /// To the end of the thread.
  void (*run)(CpuState &) = nullptr;
  /// Frees what run() left behind for a thread that ended inside it.
  void (*abandon)(CpuState &) = nullptr;
};
void setGuestRunner(const GuestRunner &runner);
const GuestRunner &guestRunner();

/// Enters the registry of the threads that work on this memory, a vfork's child included.
void registerThread(ThreadContext &thread);
/// Leaves it; returns how many are left.
unsigned unregisterThread(ThreadContext &thread);
unsigned threadCount();
/// clone has made a thread.
bool everThreaded();
/// Whether \p thread is the first of the process's that are left: the one whose ids stand for the
/// process's. No thread of a vfork's child is.
bool leadsProcess(const ThreadContext &thread);
/// In a fork's child: the calling thread is the only one.
void keepOnlyThread(ThreadContext &thread);
/// Around fork().
void lockThreads();
void unlockThreads();

/// The registers that a new thread or process starts from: those of \p parent without what
/// belongs to the parent's thread alone, its tables and its counts.
CpuState childState(const CpuState &parent);

/// Starts a guest thread as clone() with CLONE_THREAD does: \p cpu are the new
/// thread's registers. Returns its tid or a negative errno.
int64_t startThread(const CpuState &cpu, const ThreadContext &parent, uint64_t flags, uint64_t parentTid,
                    uint64_t childTid);
/// What the kernel does when a thread ends. Ends the process with the last one;
/// otherwise returns, and the host thread runs no guest code any more.
void endThread(ThreadContext &thread);

/// CpuState::interpretedInsns, copiedInsns and compiledInsns.
struct InsnCounts {
  uint64_t interpreted = 0, copied = 0, compiled = 0;

  void add(const CpuState &s) {
    interpreted += s.interpretedInsns;
    copied += s.copiedInsns;
    compiled += s.compiledInsns;
  }
};
/// The sums over all threads, ended ones included.
InsnCounts insnCounts();

} // namespace dbt

#endif
