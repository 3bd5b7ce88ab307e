//===- Worker.h - The compile thread ----------------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// All of LLVM runs on one background thread with every signal blocked; guest
// threads only queue, or wait for a result where the tier says so. Of what is queued,
// that is compiled first which has run most since: the longer it waits the more it
// costs, and what is no longer run at all costs nothing.
//===----------------------------------------------------------------------===//
#ifndef DBT_JIT_WORKER_H
#define DBT_JIT_WORKER_H

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <unordered_set>
#include <vector>

namespace dbt {

class Worker {
public:
  /// What is queued besides.
  struct Queue {
    std::function<bool(uint64_t &pc)> take; ///< false: there is nothing
    std::function<void(uint64_t pc)> putBack;
  };
  struct Callbacks {
    /// Compiles the region at an address, and others if it likes.
    std::function<void(uint64_t pc, const Queue &others)> compile;
    /// What the code at an address has cost since it was queued.
    std::function<uint64_t(uint64_t pc)> heat;
    /// Whether to compile it at all; \p stale: it has been in the queue for a while, and cold.
    std::function<bool(uint64_t pc, bool stale)> admit;
    /// CompilerHost::startThread.
    std::function<int(void (*main)(void *), void *argument)> startThread;
    /// There is no thread any more; what is queued is not compiled.
    std::function<void(const char *why)> stopped;
  };
  /// All but startThread and stopped are called on the worker's thread only.
  explicit Worker(Callbacks callbacks);

  /// Before anything else. False: there can be no thread.
  [[nodiscard]] bool start();

  /// Queues \p pc, once.
  void queue(uint64_t pc);
  /// Has \p pc compiled before all that is queued, and waits for that, or for the thread's end.
  void runNow(uint64_t pc);

  /// On a worker's thread, in a job that cannot go on: nothing is compiled any more, who waits
  /// is told, and the thread sleeps for good, as what it is inside of cannot be left in order.
  /// Elsewhere it does nothing.
  static void abandon(const char *why);

  /// Waits until no job is under way and keeps any from starting; resume() must
  /// come from the same thread, in the parent and in a fork's child.
  void pause();
  void resume(bool inChild);

private:
  struct Urgent {
    uint64_t pc;
    bool done = false;
  };

  struct Queued {
    uint64_t pc;
    std::chrono::steady_clock::time_point since;
  };

  void loop();
  void compile(uint64_t pc, const Queue &others);
  void stop(const char *why);
  bool pick(uint64_t &pc);
  void work(std::unique_lock<std::mutex> &guard);

  const Callbacks callbacks;
  std::mutex working; ///< held while a job runs
  std::mutex lock;    ///< guards what follows
  // Pointers, so that a fork's child can leave the parent's behind: their
  // waiters do not exist in the child.
  std::condition_variable *wake, *finished;
  std::vector<Queued> queued;
  std::unordered_set<uint64_t> known;
  std::deque<Urgent *> urgent;
  bool stopped = false; ///< for good
};

} // namespace dbt

#endif
