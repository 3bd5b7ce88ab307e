//===- Worker.cpp - The compile thread ------------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Jit/Worker.h"

#include "Region/TierPolicy.h"

#include <unistd.h>
#include <utility>

namespace dbt {

namespace {
/// The worker whose thread this is, while it compiles: then that thread has `working` and
/// not `lock`. One variable of this kind, and all of the module's have their place in every
/// thread from the start; else libc allocates them when first used, and aborts if it cannot.
thread_local Worker *compiling __attribute__((tls_model("initial-exec")));

/// While it has `lock` meanwhile.
class NotCompiling {
public:
  NotCompiling() : was(std::exchange(compiling, nullptr)) {}
  ~NotCompiling() { compiling = was; }

private:
  Worker *const was;
};
} // namespace

Worker::Worker(Callbacks callbacks)
    : callbacks(std::move(callbacks)), wake(new std::condition_variable), finished(new std::condition_variable) {}

bool Worker::start() {
  return callbacks.startThread([](void *self) { static_cast<Worker *>(self)->loop(); }, this) == 0;
}

void Worker::queue(uint64_t pc) {
  std::lock_guard guard(lock);
  if (stopped || !known.insert(pc).second)
    return;
  queued.push_back({pc, std::chrono::steady_clock::now()});
  wake->notify_one();
}

void Worker::runNow(uint64_t pc) {
  Urgent request{pc};
  std::unique_lock guard(lock);
  if (stopped)
    return;
  urgent.push_back(&request);
  wake->notify_one();
  while (!request.done && !stopped)
    finished->wait(guard);
}

void Worker::abandon(const char *why) {
  Worker *self = std::exchange(compiling, nullptr);
  if (!self)
    return;
  {
    std::lock_guard guard(self->lock);
    self->stop(why);
  }
  self->working.unlock(); // for fork
  for (;;)
    ::pause();
}

/// With `lock` held.
void Worker::stop(const char *why) {
  stopped = true;
  queued.clear();
  finished->notify_all();
  callbacks.stopped(why);
}

void Worker::compile(uint64_t pc, const Queue &others) {
  compiling = this;
  callbacks.compile(pc, others);
  compiling = nullptr;
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
    if (!stopped && !start())
      stop("there can be no more threads");
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

/// With `lock` held by \p guard.
void Worker::work(std::unique_lock<std::mutex> &guard) {
  if (!urgent.empty()) {
    Urgent *request = urgent.front();
    urgent.pop_front();
    guard.unlock();
    compile(request->pc, {[](uint64_t &) { return false; }, nullptr});
    guard.lock();
    request->done = true;
    finished->notify_all();
    return;
  }
  std::vector<uint64_t> taken;
  // Whoever waits is not to wait for more than has been begun.
  auto take = [&](uint64_t &pc) {
    while (urgent.empty() && pick(pc)) {
      taken.push_back(pc);
      guard.unlock();
      const bool admitted = callbacks.admit(pc, false);
      guard.lock();
      if (admitted)
        return true;
    }
    return false;
  };
  uint64_t pc;
  if (take(pc)) {
    guard.unlock();
    Queue others;
    others.take = [&](uint64_t &next) {
      NotCompiling here;
      std::lock_guard again(guard);
      return take(next);
    };
    others.putBack = [&](uint64_t unused) {
      NotCompiling here;
      std::lock_guard again(guard);
      std::erase(taken, unused);
      queued.push_back({unused, std::chrono::steady_clock::now()});
    };
    compile(pc, others);
    guard.lock();
  }
  // They may become hot again after their code was invalidated.
  for (uint64_t done : taken)
    known.erase(done);
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
    work(guard);
    working.unlock();
  }
}

} // namespace dbt
