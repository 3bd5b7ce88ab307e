//===- Threads.cpp - Guest threads ----------------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Linux/Threads.h"

#include "Abi/SafeSyscall.h"
#include "Guest/Pending.h"
#include "Linux/GuestMemory.h"
#include "Linux/HostSignals.h"
#include "Linux/NewThread.h"
#include "Linux/Process.h"
#include "Linux/ProcessState.h"
#include "Linux/RobustList.h"
#include "Linux/SyscallTable.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <linux/futex.h>
#include <memory>
#include <mutex>
#include <sched.h>
#include <sys/syscall.h>
#include <vector>

namespace dbt {

namespace {

/// The interpreter needs little host stack, compiled code more as guest calls nest.
constexpr size_t HostStackSize = 8 << 20;

std::mutex registryLock;
std::vector<ThreadContext *> registry;
std::atomic<unsigned> count{0};
std::atomic<bool> threaded{false};
InsnCounts endedInsns;
GuestRunner runner;

/// What a new thread needs of its parent, which waits until it is taken.
struct Start {
  std::unique_ptr<CpuState> cpu;
  std::unique_ptr<ThreadContext> thread;
  uint64_t flags, parentTid, childTid;
  std::mutex lock;
  std::condition_variable taken;
  int tid = 0;
};

void threadMain(void *opaque) {
  auto &start = *static_cast<Start *>(opaque);
  std::unique_ptr<CpuState> cpu = std::move(start.cpu);
  std::unique_ptr<ThreadContext> thread = std::move(start.thread);
  const uint64_t childTid = start.childTid;
  thread->tid = static_cast<int>(rawSyscall(SYS_gettid));
  thread->cpu = cpu.get();
  cpu->thread = thread.get();
  cpu->self = cpu.get();
  currentThread() = thread.get();
  makeHostAltStack(*thread);
  // The guest may look for the tid as soon as either thread goes on.
  if (start.flags & CLONE_PARENT_SETTID)
    writeGuestValue(start.parentTid, thread->tid);
  if (start.flags & CLONE_CHILD_SETTID)
    writeGuestValue(childTid, thread->tid);
  if (start.flags & CLONE_CHILD_CLEARTID)
    thread->clearChildTid = childTid;
  registerThread(*thread);
  {
    std::lock_guard guard(start.lock);
    start.tid = thread->tid;
    start.taken.notify_one(); // start is gone after this
  }
  openHostMask(*thread);
  runner.run(*cpu);
  endThread(*thread);
  freeHostAltStack(*thread);
  currentThread() = nullptr;
}

/// CLONE_CHILD_CLEARTID.
void clearChildTid(const ThreadContext &thread) {
  int zero = 0;
  if (thread.clearChildTid && writeGuestValue(thread.clearChildTid, zero))
    rawSyscall(SYS_futex, thread.clearChildTid, FUTEX_WAKE, 1);
}

/// Whether \p info was sent to the process, so that another thread may take it.
bool isForProcess(const siginfo_t &info) { return info.si_code != SI_TKILL; }

} // namespace

void setGuestRunner(const GuestRunner &given) { runner = given; }
const GuestRunner &guestRunner() { return runner; }

void registerThread(ThreadContext &thread) {
  std::lock_guard guard(registryLock);
  registry.push_back(&thread);
  count = static_cast<unsigned>(registry.size());
}

unsigned unregisterThread(ThreadContext &thread) {
  std::lock_guard guard(registryLock);
  std::erase(registry, &thread);
  endedInsns.add(*thread.cpu);
  return count = static_cast<unsigned>(registry.size());
}

unsigned threadCount() { return count; }
bool everThreaded() { return threaded; }

bool leadsProcess(const ThreadContext &thread) {
  std::lock_guard guard(registryLock);
  return registry.front() == &thread && !thread.vforked;
}

void keepOnlyThread(ThreadContext &thread) {
  registry.assign(1, &thread);
  count = 1;
}

void lockThreads() { registryLock.lock(); }
void unlockThreads() { registryLock.unlock(); }

InsnCounts insnCounts() {
  std::lock_guard guard(registryLock);
  InsnCounts sum = endedInsns;
  for (ThreadContext *thread : registry)
    sum.add(*thread->cpu);
  return sum;
}

CpuState childState(const CpuState &parent) {
  CpuState child = parent;
  child.pending = 0;
  child.interpretedInsns = child.copiedInsns = child.compiledInsns = 0;
  // A child that never runs, or finds no memory for tables of its own, is freed like any
  // other, and must not take the parent's tables with it.
  child.branchTable = nullptr;
  child.regionTable = nullptr;
  child.copyTable = child.ownCopyTable = child.emptyCopyTable = nullptr;
  return child;
}

int64_t startThread(const CpuState &cpu, const ThreadContext &parent, uint64_t flags, uint64_t parentTid,
                    uint64_t childTid) {
  Start start;
  start.cpu = std::make_unique<CpuState>(childState(cpu));
  start.thread = std::make_unique<ThreadContext>();
  start.thread->actions = parent.actions;
  start.thread->blocked = parent.blocked;
  start.thread->hostStackBytes = HostStackSize / 4 * 3;
  start.flags = flags;
  start.parentTid = parentTid;
  start.childTid = childTid;

  if (!threaded.exchange(true))
    announceModeChange();
  process().several = true;
  std::unique_lock guard(start.lock);
  // Its mask stays closed until its context can take a signal.
  if (int error = startDetachedThread(HostStackSize, ClosedMask, threadMain, &start))
    return -error;
  start.taken.wait(guard, [&] { return start.tid != 0; });
  return start.tid;
}

void endThread(ThreadContext &thread) {
  closeHostMask();
  if (slotIsFull(thread) && isForProcess(thread.signal))
    giveBack(thread.signal, /*process=*/true);
  endRobustList(thread.tid);
  // The last thread's status is the process's, not the first's (kernel/exit.c,
  // synchronize_group_exit).
  if (unregisterThread(thread) == 0)
    exitProcess(thread.exitStatus);
  clearChildTid(thread);
}

int64_t sysSetTidAddress(Syscall &c) {
  c.cpu.thread->clearChildTid = c.arg[0];
  return c.cpu.thread->tid;
}

} // namespace dbt
