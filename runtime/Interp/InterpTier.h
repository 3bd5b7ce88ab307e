//===- InterpTier.h - The block interpreter as a tier -----------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Decodes blocks and knows how often they have run. The handler chains never take a lock: they
// follow links and the thread's branch table.
//===----------------------------------------------------------------------===//
#ifndef DBT_INTERP_INTERPTIER_H
#define DBT_INTERP_INTERPTIER_H

#include "Code/Tier.h"
#include "Decode/Decoder.h"
#include "Interp/Block.h"
#include "Interp/BranchTable.h"

#include <vector>

namespace dbt {

class InterpTier final : public Tier {
public:
  /// A block is reported as hot after \p budget runs. \p first: code is interpreted before it is
  /// anything else.
  InterpTier(CodeCache &cache, int64_t budget, bool first) : Tier(TierId::Interp, cache), budget(budget), first(first) {}

  /// The live block at \p pc, decoded if need be; null if the address is not executable.
  Block *get(const CodeLock &, uint64_t pc);
  /// The live block at \p pc if there is one.
  Block *find(const CodeLock &, uint64_t pc);
  /// The block at \p pc has found that its bytes have changed, or has not run for some other reason:
  /// if it checks itself, it goes.
  void recheck(const CodeLock &, uint64_t pc);
  /// Lets the block that was left with CpuState::exitOp, if any, go on to \p block by itself.
  static void link(const CodeLock &, CpuState &s, Block *block);

  /// Guest instructions that the block at \p pc has run since its budget was used up.
  uint64_t heat(const CodeLock &, uint64_t pc);
  /// Where the indirect call or jump at the end of the block at \p pc has gone to.
  SeenTargets targets(const CodeLock &, uint64_t pc);
  /// Gives the block at \p pc a budget of \p runs; with \p once only the first time.
  /// Says whether it has.
  bool countAnew(const CodeLock &, uint64_t pc, int64_t runs, bool once);

  /// A block's address and the guest instructions interpreted in it.
  struct Run {
    uint64_t pc, insns;
  };
  /// The \p n living blocks with the most instructions run.
  std::vector<Run> mostRun(size_t n);

  // Tier
  CodeCache::Code make(CodeLock &guard, uint64_t pc) override;
  void enter(CpuState &s, const void *code) override;
  bool openThread(CpuState &s) override;
  void closeThread(CpuState &s) override;
  const void *known(const CpuState &s, uint64_t pc) override {
    // What has just come from a block is to be linked to it, which needs the lock.
    return first && !s.exitOp ? static_cast<BranchTable *>(s.branchTable)->find(pc) : nullptr;
  }
  void remember(const CodeLock &, CpuState &s, uint64_t pc, CodePlace &place) override;
  void addStats(std::vector<StatRow> &rows) override;

private:
  Block *build(const CodeLock &, uint64_t pc);
  Block *at(const CodeLock &, uint64_t pc);

  const int64_t budget;
  const bool first;
  Decoder decoder;
};

} // namespace dbt

#endif
