//===- Worker.h - The compile thread ----------------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// All of LLVM runs on one background thread with every signal blocked; guest
// threads only queue, or wait for a result where the tier says so.
//===----------------------------------------------------------------------===//
#ifndef DBT_JIT_WORKER_H
#define DBT_JIT_WORKER_H

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <unordered_set>

namespace dbt {

class Worker {
public:
  /// \p job compiles the region at an address; called on the worker's thread only.
  explicit Worker(std::function<bool(uint64_t pc)> job);

  /// Queues \p pc, once.
  void queue(uint64_t pc);
  /// Has \p pc compiled before all that is queued, and waits for the job's result.
  bool runNow(uint64_t pc);

  /// Waits until no job is under way and keeps any from starting; resume() must
  /// come from the same thread, in the parent and in a fork's child.
  void pause();
  void resume(bool inChild);

private:
  struct Urgent {
    uint64_t pc;
    bool done = false, result = false;
  };

  void start();
  void loop();

  std::function<bool(uint64_t)> job;
  std::mutex working; ///< held while a job runs
  std::mutex lock;    ///< guards what follows
  // Pointers, so that a fork's child can leave the parent's behind: their
  // waiters do not exist in the child.
  std::condition_variable *wake, *finished;
  std::deque<uint64_t> queued;
  std::unordered_set<uint64_t> known;
  std::deque<Urgent *> urgent;
};

} // namespace dbt

#endif
