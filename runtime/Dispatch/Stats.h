//===- Stats.h - --stats: what ran where ------------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_DISPATCH_STATS_H
#define DBT_DISPATCH_STATS_H

#include "Code/Tier.h"
#include "Dispatch/Lockstep/Lockstep.h"
#include "Dispatch/Sites.h"

#include <string>
#include <vector>

namespace dbt {

/// Everything --stats prints, taken when the process ends.
struct Stats {
  uint64_t interpretedInsns = 0; ///< guest instructions, all threads
  uint64_t copiedInsns = 0;
  uint64_t compiledInsns = 0;
  std::vector<StatRow> tiers;
  uint64_t exits[NumExitReasons] = {}; ///< dispatcher rounds by ExitReason
  LockstepStats check;           ///< of --check
  std::vector<Site> exitSites;   ///< the most frequent
  std::vector<Site> interpreted; ///< blocks, by the guest instructions run in them
};

/// One fact a line, or one JSON object.
std::string statsText(const Stats &stats, bool json);

} // namespace dbt

#endif
