//===- Epochs.h - When dead code can be freed -------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A thread may be inside code, or hold a pointer to it, long after nothing finds it any more.
// Each death begins an epoch. A thread notes the epoch whenever it holds nothing that it has
// found in the code cache (it rests), and that it will hold nothing until further notice where
// it enters the kernel for a system call (it is idle). What died in an epoch that every thread
// has noted or is idle is nobody's.
//
// Why that is safe: an object is out of reach before the epoch is counted up, and a thread that
// has noted that epoch has read it after that. An idle thread that comes back stores the epoch
// before it looks anything up, both sequentially consistent: either the reclaimer sees it, or
// the thread sees that the object is out of reach.
//===----------------------------------------------------------------------===//
#ifndef DBT_CODE_EPOCHS_H
#define DBT_CODE_EPOCHS_H

#include "Code/CodeLock.h"
#include "Code/CodeObject.h"
#include "Guest/CpuState.h"

#include <atomic>
#include <cstddef>
#include <vector>

namespace dbt {

class Epochs {
public:
  ~Epochs();

  /// \name By the thread itself.
  /// @{
  /// It holds nothing now.
  void rest(CpuState &s) {
    const uint64_t now = epoch.load(std::memory_order_acquire);
    if (__atomic_load_n(&s.codeEpoch, __ATOMIC_RELAXED) != now)
      __atomic_store_n(&s.codeEpoch, now, __ATOMIC_SEQ_CST);
  }
  bool hasRested(const CpuState &s) const {
    return __atomic_load_n(&s.codeEpoch, __ATOMIC_RELAXED) == epoch.load(std::memory_order_relaxed);
  }
  /// It will hold nothing until it rests.
  static void idle(CpuState &s) { __atomic_store_n(&s.codeEpoch, Idle, __ATOMIC_RELEASE); }
  /// @}

  /// Takes a dead object that nothing finds any more.
  void retire(const CodeLock &, CodeObject *object);
  /// Frees some of what no thread of \p threads can hold.
  void collect(const CodeLock &, const std::vector<CpuState *> &threads);
  /// Objects that wait to be freed.
  size_t numWaiting() const { return waiting; }

private:
  static constexpr uint64_t Idle = ~uint64_t(0);

  std::atomic<uint64_t> epoch{1};
  CodeObject *oldest = nullptr, *newest = nullptr; ///< a queue: epochs only grow
  size_t waiting = 0;
};

} // namespace dbt

#endif
