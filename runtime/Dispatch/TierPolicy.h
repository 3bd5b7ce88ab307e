//===- TierPolicy.h - When code is compiled: every number in one place -*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_DISPATCH_TIERPOLICY_H
#define DBT_DISPATCH_TIERPOLICY_H

#include <cstdint>
#include <limits>
#include <optional>

namespace dbt {

enum class TierMode : uint8_t {
  Interp, ///< never compile
  Jit,    ///< compile before the first run, waiting for it
  Auto,   ///< by heat, in the background
};

struct TierPolicy {
  TierMode mode = TierMode::Auto;
  /// Runs of a block in the interpreter before its region is queued. A region
  /// costs some 100 us per guest instruction to compile, the interpreter some
  /// 2 ns to run one: code that runs fewer times than the quotient of what is
  /// saved and what is spent is better left alone.
  int64_t threshold = 2000;
  /// The same for a block that lies inside a region which begins elsewhere.
  int64_t coveredThreshold() const { return threshold * 4; }
  /// A block in the queue that has run fewer instructions than this since it was queued,
  /// StaleMs ago or more, was hot only for a moment.
  static constexpr uint64_t StaleInsns = 2000;
  static constexpr unsigned StaleMs = 20;
  /// -O, if given.
  std::optional<unsigned> optLevel;
  bool oneInsnPerRegion = false;

  /// Where every first run waits for the compiler, its quickest level (a third of
  /// the time).
  unsigned level() const { return optLevel.value_or(mode == TierMode::Jit ? 0 : 1); }

  /// What a region may hold. Without a profile (TierMode::Jit) most of what control
  /// flow reaches never runs, so regions are kept small.
  unsigned maxBlocks() const { return mode == TierMode::Jit ? 24 : 128; }
  unsigned maxInsns() const { return mode == TierMode::Jit ? 150 : 1500; }

  /// A block's budget: with Jit even the first run waits for compiled code.
  int64_t blockBudget() const {
    switch (mode) {
    case TierMode::Interp: return std::numeric_limits<int64_t>::max();
    case TierMode::Jit: return 1;
    case TierMode::Auto: return threshold;
    }
    __builtin_unreachable();
  }
};

} // namespace dbt

#endif
