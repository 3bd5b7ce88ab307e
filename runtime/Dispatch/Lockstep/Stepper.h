//===- Stepper.h - The interpreter, one instruction at a time ---*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_DISPATCH_LOCKSTEP_STEPPER_H
#define DBT_DISPATCH_LOCKSTEP_STEPPER_H

#include "Code/CodeCache.h"
#include "Decode/Decoder.h"
#include "Dispatch/Lockstep/StoreRange.h"
#include "Interp/BranchTable.h"

#include <memory>
#include <unordered_map>

namespace dbt {

/// A block of one instruction, that no other is linked to.
struct Step {
  std::unique_ptr<Block> block;
  StoreRule rule = StoreRule::None;
  bool isRepeatable = true; ///< gives the same result each time
  bool isSyscall = false;   ///< run() only moves RIP

  const IOp &op() const { return block->ops[1]; }
  const Insn &insn() const { return block->ops[1].insn; }
};

class Stepper {
public:
  explicit Stepper(CodeCache &cache) : cache(cache) {}

  /// The instruction at s.rip, or null if there is none. Reads its bytes, which may
  /// fault as the instruction's own access.
  const Step *at(CpuState &s);
  /// Runs it; the next one is at s.rip. A trap or a fault leaves by the thread's
  /// recovery point.
  void run(CpuState &s, const Step &step);
  std::string text(uint64_t pc);

private:
  uint64_t available(uint64_t pc);

  CodeCache &cache;
  Decoder decoder;
  std::unordered_map<uint64_t, Step> steps;
  BranchTable noBranches = {}; ///< stays empty: an indirect branch returns
};

} // namespace dbt

#endif
