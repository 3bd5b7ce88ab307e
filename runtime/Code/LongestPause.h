//===- LongestPause.h - How long the guest has waited at most ---*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_CODE_LONGESTPAUSE_H
#define DBT_CODE_LONGESTPAUSE_H

#include <atomic>
#include <cstdint>
#include <ctime>

namespace dbt {

/// The longest of the spans of time that guest threads have waited for one kind of work.
/// Time of the thread that does it: what other processes take is no pause of ours.
class LongestPause {
public:
  /// One such span: from its making to its end.
  class Span {
  public:
    explicit Span(LongestPause &of) : of(of) {}
    ~Span() { of.note(now() - start); }
    Span(const Span &) = delete;
    Span &operator=(const Span &) = delete;

  private:
    LongestPause &of;
    const uint64_t start = now();
  };

  uint64_t microseconds() const { return longest.load(std::memory_order_relaxed) / 1000; }

private:
  static uint64_t now() {
    timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<uint64_t>(t.tv_sec) * 1000000000 + static_cast<uint64_t>(t.tv_nsec);
  }
  void note(uint64_t ns) {
    uint64_t known = longest.load(std::memory_order_relaxed);
    while (known < ns && !longest.compare_exchange_weak(known, ns, std::memory_order_relaxed)) {
    }
  }

  std::atomic<uint64_t> longest{0}; ///< ns
};

} // namespace dbt

#endif
