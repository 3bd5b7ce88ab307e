//===- RegionVisits.h - Regions that are left too soon ----------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_REGION_REGIONVISITS_H
#define DBT_REGION_REGIONVISITS_H

#include <cstdint>
#include <time.h>

namespace dbt {

/// To enter compiled code from copied code and to come back takes as long as some
/// hundred instructions: a region that is left as soon as it is entered, say for a callee
/// that is not compiled, is worse than a copy. One per thread.
class RegionVisits {
public:
  /// Counts an entry at \p pc. True: those of the last WindowNs or more took ShortNs each
  /// or less, all that happened between them included. Meanwhile whoever enters it has had
  /// the time to be compiled, too.
  bool isFleeting(uint64_t pc) {
    Entry &e = entries[(pc ^ pc >> 10) % Size];
    if (e.pc != pc)
      e = {pc, 0, now()};
    if (++e.count % LooksAt != 0)
      return false;
    const uint64_t end = now(), took = end - e.since, count = e.count;
    if (took < WindowNs)
      return false;
    e = {pc, 0, end};
    return took < count * ShortNs;
  }

private:
  static constexpr unsigned Size = 512, LooksAt = 128;
  static constexpr uint64_t WindowNs = 300000000, ShortNs = 3000;
  struct Entry {
    uint64_t pc;
    uint64_t count;
    uint64_t since;
  } entries[Size] = {};

  static uint64_t now() {
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return static_cast<uint64_t>(t.tv_sec) * 1000000000 + static_cast<uint64_t>(t.tv_nsec);
  }
};

} // namespace dbt

#endif
