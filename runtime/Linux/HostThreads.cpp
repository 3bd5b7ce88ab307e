//===- HostThreads.cpp - Threads of dbt's own -----------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Linux/HostThreads.h"

#include "Abi/ThreadContext.h"
#include "Linux/NewThread.h"

#include <cerrno>

namespace dbt {

namespace {
/// What LLVM's passes need at their deepest.
constexpr size_t StackBytes = 8 << 20;
constexpr uint64_t AllSignals = ~uint64_t(0);
} // namespace

int startHostThread(void (*main)(void *), void *argument) {
  if (ThreadContext *thread = currentThread(); thread && thread->vforked)
    return EBUSY;
  return startDetachedThread(StackBytes, AllSignals, main, argument);
}

} // namespace dbt
