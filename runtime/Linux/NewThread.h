//===- NewThread.h - Host threads, by glibc -------------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Signals 32 and 33 are the guest's like all others, but the host's glibc has uses of its
// own for them. Every host thread is made here, in a way that keeps glibc from them
// (docs/Signals.md, "The host's own signals").
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_NEWTHREAD_H
#define DBT_LINUX_NEWTHREAD_H

#include <cstddef>
#include <cstdint>

namespace dbt {

/// Has glibc make its preparations for threads, where they concern neither the process's
/// signal actions nor its mask. Before anything else that is here.
void prepareThreads();

/// Starts a detached host thread with the signals of \p mask blocked: 0 or an errno.
int startDetachedThread(size_t stackBytes, uint64_t mask, void (*main)(void *), void *argument);

} // namespace dbt

#endif
