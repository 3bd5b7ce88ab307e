//===- NewThread.cpp - Host threads, by glibc -----------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Linux/NewThread.h"

#include "Abi/SafeSyscall.h"
#include "Linux/AsanStack.h"
#include "Linux/HostSignals.h"

#include <memory>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace dbt {

namespace {

constexpr uint64_t AllSignals = ~uint64_t(0);

/// Returns the mask that was set before.
uint64_t setMask(uint64_t mask) {
  uint64_t old = 0;
  rawSyscall(SYS_rt_sigprocmask, SIG_SETMASK, reinterpret_cast<uint64_t>(&mask), reinterpret_cast<uint64_t>(&old), sizeof mask);
  return old;
}

struct Start {
  void (*main)(void *);
  void *argument;
  uint64_t mask;
};

void *enter(void *opaque) {
  const std::unique_ptr<Start> start(static_cast<Start *>(opaque));
  setMask(start->mask);
  endBirth();
  start->main(start->argument);
  return nullptr;
}

/// A thread that there is no room for: glibc prepares itself before it finds that out.
void tryThread() {
  constexpr size_t TooMuch = size_t(1) << 62;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, TooMuch);
  pthread_t id;
  pthread_create(&id, &attributes, [](void *) -> void * { return nullptr; }, nullptr);
  pthread_attr_destroy(&attributes);
}

constexpr size_t PrepareStackBytes = 64 << 10;
alignas(16) char prepareStack[PrepareStackBytes];

int prepareMain(void *asanStack) {
  static_cast<AsanStack *>(asanStack)->enter(prepareStack, PrepareStackBytes);
  tryThread();
  rawSyscall(SYS_exit, 0);
  __builtin_unreachable();
}

} // namespace

void prepareThreads() {
  constexpr int SetIds = 33; // glibc's SIGSETXID
  AsanStack asanStack;
  const int pid = clone(prepareMain, prepareStack + PrepareStackBytes, CLONE_VM | CLONE_VFORK, &asanStack);
  asanStack.leave();
  if (pid > 0) {
    waitpid(pid, nullptr, __WCLONE); // it has no exit signal
    return;
  }
  // There can be no more processes.
  const GuestAction action = hostAction(SetIds);
  const uint64_t mask = setMask(AllSignals);
  tryThread();
  restoreHostAction(SetIds, action);
  setMask(mask);
}

int startDetachedThread(size_t stackBytes, uint64_t mask, void (*main)(void *), void *argument) {
  auto start = std::make_unique<Start>(main, argument, mask);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, stackBytes);
  // The thread inherits the mask, all but signal 32.
  const uint64_t old = setMask(AllSignals);
  beginBirth();
  pthread_t id;
  const int error = pthread_create(&id, &attributes, enter, start.get());
  if (error)
    endBirth();
  else
    start.release();
  setMask(old);
  pthread_attr_destroy(&attributes);
  return error;
}

} // namespace dbt
