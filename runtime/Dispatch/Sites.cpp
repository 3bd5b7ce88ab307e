//===- Sites.cpp - --stats: where exits and interpreted code are ----------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dispatch/Sites.h"

#include <algorithm>

namespace dbt {

std::vector<Site> ExitSites::top(size_t n) {
  static constexpr const char *Names[] = {"unknown block", "system call", "pending", "hot block", "into compiled code",
                                          "invalidated",   "trap",        "fault",   "sample",      "refused instruction"};
  std::vector<Site> sites;
  {
    std::lock_guard guard(lock);
    for (auto [key, count] : counts)
      sites.push_back({Names[static_cast<unsigned>(key.first)], key.second, count});
  }
  std::sort(sites.begin(), sites.end(), [](const Site &a, const Site &b) { return a.count > b.count; });
  sites.resize(std::min(n, sites.size()));
  return sites;
}

uint64_t ExitSites::total(ExitReason reason) {
  std::lock_guard guard(lock);
  uint64_t sum = 0;
  for (auto [key, count] : counts)
    sum += key.first == reason ? count : 0;
  return sum;
}

} // namespace dbt
