//===- Worker.cpp - The compile thread ------------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Jit/Worker.h"

#include "Dispatch/TierPolicy.h"

#include <csignal>
#include <pthread.h>
#include <thread>

namespace dbt {

Worker::Worker(Callbacks callbacks)
    : callbacks(std::move(callbacks)), wake(new std::condition_variable), finished(new std::condition_variable) {
  start();
}

void Worker::start() {
  // The thread inherits the mask: signals are for the guest's threads.
  sigset_t all, old;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  std::thread([this] { loop(); }).detach();
  pthread_sigmask(SIG_SETMASK, &old, nullptr);
}

void Worker::queue(uint64_t pc) {
  std::lock_guard guard(lock);
  if (!known.insert(pc).second)
    return;
  queued.push_back({pc, std::chrono::steady_clock::now()});
  wake->notify_one();
}

bool Worker::runNow(uint64_t pc) {
  Urgent request{pc};
  std::unique_lock guard(lock);
  urgent.push_back(&request);
  wake->notify_one();
  while (!request.done)
    finished->wait(guard);
  return request.result;
}

void Worker::pause() {
  working.lock();
  lock.lock();
}

void Worker::resume(bool inChild) {
  if (inChild) {
    wake = new std::condition_variable;
    finished = new std::condition_variable;
    urgent.clear(); // their threads do not exist here
    start();
  }
  lock.unlock();
  working.unlock();
}

/// Takes the hottest from the queue, and what is cold out of it. False: there is none.
bool Worker::pick(uint64_t &pc) {
  const auto longAgo = std::chrono::steady_clock::now() - std::chrono::milliseconds(TierPolicy::StaleMs);
  size_t best = 0;
  uint64_t most = 0;
  for (size_t i = 0; i < queued.size();) {
    const uint64_t heat = callbacks.heat(queued[i].pc);
    if (heat < TierPolicy::StaleInsns && queued[i].since < longAgo && !callbacks.admit(queued[i].pc, true)) {
      known.erase(queued[i].pc);
      queued[i] = queued.back();
      queued.pop_back();
      continue;
    }
    if (heat >= most) {
      most = heat;
      best = i;
    }
    ++i;
  }
  if (queued.empty())
    return false;
  pc = queued[best].pc;
  queued[best] = queued.back();
  queued.pop_back();
  return true;
}

void Worker::loop() {
  std::unique_lock guard(lock);
  for (;;) {
    while (urgent.empty() && queued.empty())
      wake->wait(guard);
    // `working` comes before `lock`, as in pause().
    guard.unlock();
    working.lock();
    guard.lock();
    Urgent *request = nullptr;
    uint64_t pc = 0;
    if (!urgent.empty()) {
      request = urgent.front();
      urgent.pop_front();
      pc = request->pc;
    } else if (!pick(pc)) {
      working.unlock();
      continue;
    }
    guard.unlock();
    bool result = (request || callbacks.admit(pc, false)) && callbacks.compile(pc);
    guard.lock();
    if (request) {
      request->done = true;
      request->result = result;
      finished->notify_all();
    } else {
      // It may become hot again after its code was invalidated.
      known.erase(pc);
    }
    working.unlock();
  }
}

} // namespace dbt
