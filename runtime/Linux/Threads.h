//===- Threads.h - Guest threads --------------------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_THREADS_H
#define DBT_LINUX_THREADS_H

#include "Abi/ThreadContext.h"

#include <cstdint>

namespace dbt {

/// How the thread layer has guest code run: to the end of the thread.
using RunGuest = void (*)(CpuState &);
void setRunGuest(RunGuest run);
RunGuest runGuest();

/// Enters and leaves the registry of the process's threads.
void registerThread(ThreadContext &thread);
void unregisterThread(ThreadContext &thread);
unsigned threadCount();
bool everThreaded();
/// Sets pending bits in every thread.
void broadcastPending(uint32_t bits);
/// In a fork's child: the calling thread is the only one.
void keepOnlyThread(ThreadContext &thread);
/// Around fork().
void lockThreads();
void unlockThreads();

/// Starts a guest thread as clone() with CLONE_THREAD does: \p cpu are the new
/// thread's registers. Returns its tid or a negative errno.
int64_t startThread(const CpuState &cpu, const ThreadContext &parent, uint64_t flags, uint64_t parentTid,
                    uint64_t childTid);
/// What the kernel does for CLONE_CHILD_CLEARTID when a thread ends.
void clearChildTid(ThreadContext &thread);

/// Adds up CpuState::interpretedInsns of all threads, ended ones included.
uint64_t interpretedInsns();

} // namespace dbt

#endif
