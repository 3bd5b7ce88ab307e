//===- HostThreads.h - Threads of dbt's own -------------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The compile thread, and the one that loads the compiler. They take none of the guest's
// signals: docs/Signals.md, "The host's own threads".
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_HOSTTHREADS_H
#define DBT_LINUX_HOSTTHREADS_H

namespace dbt {

/// Starts one: 0, EAGAIN if there can be no more threads, or EBUSY in a vfork's child,
/// whose threads would end with it.
int startHostThread(void (*main)(void *), void *argument);

} // namespace dbt

#endif
