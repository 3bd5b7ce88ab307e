//===- Worker.h - The process that runs instances ---------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Instances run in a child, which a crash of dbt's ends: the parent reports what was
// under way, and starts another child behind it. What they count is in memory that they
// share.
//===----------------------------------------------------------------------===//
#ifndef DBT_TOOLS_DBT_FUZZ_WORKER_H
#define DBT_TOOLS_DBT_FUZZ_WORKER_H

#include "Generate.h"
#include "Options.h"

namespace dbt::fuzz {

struct RowCount {
  uint64_t instances, mismatches;
  uint32_t shown; ///< mismatches that were described
};

/// A run as a whole: a unit is a sequence and its states; units of a batch are compiled
/// together. Everything follows from the seed and the unit's number.
struct Plan {
  uint64_t units;
  unsigned states; ///< per unit
  std::vector<unsigned> rows; ///< unit n is of row n modulo their number
};

class Worker {
public:
  Worker(const FuzzOptions &options, Decoder &decoder, Generator &generator, Plan plan);

  /// Runs all units.
  void run();

  const RowCount &count(unsigned row) const;
  uint64_t instances() const;
  uint64_t mismatches() const;
  uint64_t instructions() const; ///< in all instances that were run to their end

private:
  struct Shared;
  static constexpr unsigned BatchSize = 64;

  void child(uint64_t unit);
  void batch(uint64_t first, uint64_t begin, uint64_t end, bool singly);
  void runUnit(uint64_t unit, const Sequence &sequence, Instance &instance, Compiled *compiled, size_t n);
  void mismatch(uint64_t unit, const Instance &instance, const std::string &difference);
  /// Reports what a child died of; returns where to go on.
  uint64_t crashed(int status);
  unsigned rowOf(uint64_t unit) const { return plan.rows[unit % plan.rows.size()]; }
  uint64_t seedOf(uint64_t unit) const;
  CompileMode modeOf(uint64_t batch) const;

  const FuzzOptions &options;
  Decoder &decoder;
  Generator &generator;
  const Plan plan;
  Shared *shared;
};

} // namespace dbt::fuzz

#endif
