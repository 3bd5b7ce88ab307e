//===- HostThreads.cpp - Threads of dbt's own -----------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Linux/HostThreads.h"

#include "Abi/SafeSyscall.h"
#include "Abi/ThreadContext.h"
#include "Linux/Credentials.h"
#include "Linux/NewThread.h"
#include "Linux/Signals.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <linux/futex.h>
#include <memory>
#include <mutex>
#include <sys/syscall.h>
#include <vector>

namespace dbt {

namespace {

/// What LLVM's passes need at their deepest.
constexpr size_t StackBytes = 8 << 20;
/// One that always has a handler of ours (docs/Signals.md, "Faults"), and that neither a
/// debugger nor these threads' own code raises.
constexpr int FollowSignal = SIGFPE;

struct HostThread {
  void (*main)(void *);
  void *argument;
  uint64_t tid = 0;
  std::atomic<uint32_t> followed{0}; ///< the last request that it has answered
};

std::mutex lock;
std::vector<HostThread *> threads;
/// What followCredentials() was last called for; written with `lock` held, and read by the
/// threads that it waits for.
Credentials wanted;
std::atomic<uint32_t> request{0}; ///< counts calls of followCredentials(); 0: there was none

thread_local HostThread *current;

uint64_t word(std::atomic<uint32_t> &futex) { return reinterpret_cast<uint64_t>(&futex); }

void follow(HostThread &thread) {
  wanted.take();
  thread.followed.store(request.load(std::memory_order_acquire), std::memory_order_release);
}

void threadMain(void *opaque) {
  const std::unique_ptr<HostThread> self(static_cast<HostThread *>(opaque));
  self->tid = static_cast<uint64_t>(rawSyscall(SYS_gettid));
  {
    std::lock_guard guard(lock);
    current = self.get();
    // The ids are those of the thread that has made this one, which may be behind.
    if (request.load(std::memory_order_relaxed))
      follow(*self);
    threads.push_back(self.get());
  }
  self->main(self->argument);
  std::lock_guard guard(lock);
  std::erase(threads, self.get());
  current = nullptr;
}

} // namespace

int startHostThread(void (*main)(void *), void *argument) {
  if (ThreadContext *thread = currentThread(); thread && thread->vforked)
    return EBUSY;
  auto self = std::make_unique<HostThread>(main, argument);
  const int error = startDetachedThread(StackBytes, ~signalBit(FollowSignal), threadMain, self.get());
  if (!error)
    self.release();
  return error;
}

void followCredentials() {
  std::lock_guard guard(lock);
  wanted = Credentials::ofCaller();
  const uint32_t number = request.fetch_add(1, std::memory_order_acq_rel) + 1;
  const auto pid = static_cast<uint64_t>(rawSyscall(SYS_getpid));
  for (HostThread *thread : threads)
    rawSyscall(SYS_tgkill, pid, thread->tid, FollowSignal);
  // They are not waited for by turns: each answers when it is next scheduled.
  for (HostThread *thread : threads)
    for (uint32_t last; (last = thread->followed.load(std::memory_order_acquire)) != number;)
      rawSyscall(SYS_futex, word(thread->followed), FUTEX_WAIT_PRIVATE, last);
}

bool answerFollowRequest() {
  HostThread *thread = current;
  if (!thread || thread->followed.load(std::memory_order_relaxed) == request.load(std::memory_order_acquire))
    return false;
  follow(*thread);
  rawSyscall(SYS_futex, word(thread->followed), FUTEX_WAKE_PRIVATE, 1);
  return true;
}

void lockHostThreads() { lock.lock(); }

void unlockHostThreads(bool inChild) {
  if (inChild) {
    // Whoever makes the next one is the process's only thread.
    threads.clear();
    request = 0;
  }
  lock.unlock();
}

} // namespace dbt
