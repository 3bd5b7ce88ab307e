//===- CopyTier.h - The first tier of code on a host of the guest's kind -*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// What has run a few times in the interpreter is copied: the host's processor executes
// the guest's instructions as they are (docs/CopyTier.md). Copies cost about as much as
// decoding; what is hot in them goes on to the compiler.
//
// Invariants:
// - A unit is made from live blocks, of the bytes that they were decoded from.
// - Whether an address has a copy is told by its slots, one for each arena in which code goes
//   there.
//===----------------------------------------------------------------------===//
#ifndef DBT_COPY_COPYTIER_H
#define DBT_COPY_COPYTIER_H

#include "Code/Tier.h"
#include "Copy/CopyArena.h"
#include "Copy/Unit.h"
#include "Guest/CopyTable.h"
#include "Interp/InterpTier.h"

#include <atomic>
#include <memory>
#include <span>
#include <unordered_map>

namespace dbt {

struct CopyOptions {
  bool countInsns = false; ///< in CpuState::copiedInsns
  /// Polls between two samples of a thread, at first.
  int32_t period = 1024;
};

class CopyTier final : public Tier {
public:
  /// Null: this host cannot, or there is no memory.
  static std::unique_ptr<CopyTier> create(CodeCache &cache, InterpTier &interp, CopyOptions options);
  ~CopyTier() override;

  /// Whether make() could make one, if nothing were in its way.
  bool canCopy(const CodeLock &, uint64_t pc);
  /// Copies the code around \p pc anew, with all blocks that have run by now in one unit.
  void reform(const CodeLock &, uint64_t pc);
  /// A poll for a branch to \p target has found the budget used up: how many polls there
  /// have been for it, about, since it was cooled. What is sampled often is sampled less
  /// often then: to leave and to come back takes a microsecond.
  uint64_t sample(const CodeLock &, CpuState &s, uint64_t target);
  /// Whether the code at \p pc computes in floating point more than that it calls: then
  /// compiled code, where each operation must keep its place among MXCSR's, is no better.
  bool isNumeric(const CodeLock &, uint64_t pc);
  /// Guest instructions, about, that copies ran at \p pc since it was cooled.
  uint64_t heat(const CodeLock &, uint64_t pc);
  void cool(const CodeLock &, uint64_t pc) { polls.erase(pc); }
  /// What has a block at \p pc goes: there is compiled code for it now.
  void retire(const CodeLock &, uint64_t pc);

  // Tier
  /// Copies the code around \p pc, unless it is compiled. It has run in the interpreter.
  CodeCache::Code make(CodeLock &, uint64_t pc) override;
  void enter(CpuState &s, const void *code) override;
  bool openThread(CpuState &s) override;
  void closeThread(CpuState &s) override;
  const void *known(const CpuState &s, uint64_t pc) override { return s.ownCopyTable ? s.ownCopyTable->find(pc) : nullptr; }
  void remember(const CodeLock &, CpuState &s, uint64_t pc, CodePlace &place) override;
  bool owns(const void *hostPc) override { return arenaOf(hostPc) != nullptr; }
  bool recover(const ucontext_t &context, CpuState &s) override;
  void addStats(std::vector<StatRow> &rows) override;

private:
  CopyTier(CodeCache &cache, InterpTier &interp, CopyOptions options);
  std::vector<const Block *> plan(const CodeLock &, const Block *first, bool again);
  const Block *candidate(const CodeLock &, uint64_t pc, bool again);
  bool copy(const CodeLock &, uint64_t pc, bool again);
  CopyArena *arenaFor(uint64_t pc);
  CopyArena *arenaOf(const void *hostPc) const;
  CodeSlot *slot(const CodeLock &, CopyArena &arena, uint64_t pc);

  InterpTier &interp;
  const CopyOptions options;
  /// Added to only; which there are is read without the lock.
  static constexpr unsigned MaxArenas = 4;
  std::unique_ptr<CopyArena> arenas[MaxArenas];
  std::atomic<unsigned> numArenas{0};
  CopyTable *empty = nullptr;
  std::unordered_map<uint64_t, uint64_t> polls; ///< by branch target
  uint64_t numUnits = 0, numInsns = 0, numBytes = 0; ///< for --stats
};

} // namespace dbt

#endif
