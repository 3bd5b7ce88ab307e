//===- HostThreads.h - Threads of dbt's own -------------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The compile thread, and the one that loads the compiler. They take none of the guest's
// signals, and have the user and group ids that the guest has: docs/Signals.md, "The
// host's own threads".
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_HOSTTHREADS_H
#define DBT_LINUX_HOSTTHREADS_H

namespace dbt {

/// Starts one: 0, EAGAIN if there can be no more threads, or EBUSY in a vfork's child,
/// whose threads would end with it.
int startHostThread(void (*main)(void *), void *argument);

/// Gives all of them the calling guest thread's ids and capabilities, before it returns.
void followCredentials();
/// In the handler of a signal that the calling host thread has received: whether it was
/// followCredentials()'s, which is answered then.
bool answerFollowRequest();

/// Around fork; they do not exist in the child.
void lockHostThreads();
void unlockHostThreads(bool inChild);

} // namespace dbt

#endif
