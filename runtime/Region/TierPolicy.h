//===- TierPolicy.h - When code is compiled: every number in one place -*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_REGION_TIERPOLICY_H
#define DBT_REGION_TIERPOLICY_H

#include "Decode/CfgLimits.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

namespace dbt {

enum class TierMode : uint8_t {
  Interp, ///< never compile
  Jit,    ///< compile before the first run, waiting for it
  Copy,   ///< copy soon (Copy/CopyTier.h), never compile
  Auto,   ///< copy soon, compile by heat, in the background
};

struct TierPolicy {
  TierMode mode = TierMode::Auto;
  /// Runs of a block in the interpreter before its region is queued. A region
  /// costs some 100 us per guest instruction to compile, the interpreter some
  /// 2 ns to run one: code that runs fewer times than the quotient of what is
  /// saved and what is spent is better left alone.
  int64_t threshold = 2000;
  /// Runs of a block in the interpreter before it is copied. An instruction's copy costs
  /// about as much as to interpret it a hundred times; with 3 instead of 40 /bin/true takes a
  /// fifth longer, and no program is faster by more than a few percent.
  static constexpr int64_t CopyThreshold = 40;
  /// Polls for a branch target in copied code before its region is queued, sixteen million
  /// where nothing else is asked for: a copy runs nearly as fast as compiled code, so that
  /// only a loop that has run for as long as its compilation takes is worth one. The
  /// square, so that a small threshold takes code through all tiers soon.
  uint64_t copyHeat() const { return static_cast<uint64_t>(threshold) * static_cast<uint64_t>(threshold) * 4; }
  /// Returns of compiled code to a copied address before that is queued.
  uint64_t wantedOften() const { return static_cast<uint64_t>(threshold); }
  /// Samples for a branch target before its unit is made anew.
  static constexpr uint64_t ReformSamples = 4;
  /// Polls between two samples.
  int32_t copyPeriod() const {
    // Code may be entered at a poll, which must not use up all of the budget at once.
    constexpr uint64_t Least = 2, Most = 1024;
    return static_cast<int32_t>(std::clamp<uint64_t>(copyHeat() / 16, Least, Most));
  }
  bool copies() const { return mode == TierMode::Copy || (mode == TierMode::Auto && copy); }
  bool compiles() const { return mode == TierMode::Jit || mode == TierMode::Auto; }
  /// The same for a block that lies inside a region which begins elsewhere.
  int64_t coveredThreshold() const { return threshold * 4; }
  /// A block in the queue that has run fewer instructions than this since it was queued,
  /// StaleMs ago or more, was hot only for a moment.
  static constexpr uint64_t StaleInsns = 2000;
  static constexpr unsigned StaleMs = 20;
  /// Instructions of regions that are compiled together: a region of a single instruction
  /// takes 2.0 ms in a module of its own, 1.2 ms in one with others (which wait for each other,
  /// 15 ms for so many instructions); the 45 regions of a perl program take 7 % less.
  static constexpr unsigned BatchInsns = 150;
  /// -O, if given.
  std::optional<unsigned> optLevel;
  bool oneInsnPerRegion = false;
  bool copy = true; ///< false: from the interpreter to the compiler at once

  /// Where every first run waits for the compiler, its quickest level (a third of
  /// the time).
  unsigned level() const { return optLevel.value_or(mode == TierMode::Jit ? 0 : 1); }

  /// What a region may hold. Without a profile (TierMode::Jit) most of what control
  /// flow reaches never runs, so regions are kept small.
  ///
  /// Without called functions in it virtual (test/Bench) takes 2.1 times native's time instead
  /// of 1.2, and qsort 1.2 instead of 1.1; with half or twice as many instructions of them, or
  /// one or four callers, nothing changes beyond the noise.
  CfgLimits regionLimits() const {
    if (oneInsnPerRegion)
      return {.maxBlocks = 1, .maxInsns = 1, .maxCalleeInsns = 0, .maxCalleesInsns = 0, .maxCallers = 0};
    const bool profiled = mode != TierMode::Jit;
    return {.maxBlocks = profiled ? 128u : 24,
            .maxInsns = profiled ? 1500u : 150,
            .maxCalleeInsns = 48,
            .maxCalleesInsns = 160,
            .maxCallers = 2};
  }

  /// A block's budget: with Jit even the first run waits for compiled code.
  int64_t blockBudget() const {
    switch (mode) {
    case TierMode::Interp: return std::numeric_limits<int64_t>::max();
    case TierMode::Jit: return 1;
    case TierMode::Copy:
    case TierMode::Auto: return copies() ? std::min(threshold, CopyThreshold) : threshold;
    }
    __builtin_unreachable();
  }
};

} // namespace dbt

#endif
