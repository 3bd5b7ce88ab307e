//===- Sites.h - --stats: where exits and interpreted code are --*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_DISPATCH_SITES_H
#define DBT_DISPATCH_SITES_H

#include "Code/TierId.h"
#include "Guest/ExitReason.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace dbt {

/// A guest address and how often something happened there.
struct Site {
  const char *what;
  uint64_t pc;
  uint64_t count;
};

/// Exits by reason and by the address at which the guest goes on, and entries by tier.
class ExitSites {
public:
  void count(ExitReason reason, uint64_t pc) {
    std::lock_guard guard(lock);
    ++counts[{reason, pc}];
  }
  uint64_t total(ExitReason reason);
  void countEntry(TierId tier) {
    std::lock_guard guard(lock);
    ++tierEntries[number(tier)];
  }
  uint64_t entries(TierId tier) {
    std::lock_guard guard(lock);
    return tierEntries[number(tier)];
  }
  /// The \p n most frequent ones.
  std::vector<Site> top(size_t n);

private:
  std::mutex lock;
  std::map<std::pair<ExitReason, uint64_t>, uint64_t> counts;
  uint64_t tierEntries[NumTiers] = {};
};

} // namespace dbt

#endif
