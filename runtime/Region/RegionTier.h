//===- RegionTier.h - Code compiled by LLVM as a tier -----------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_REGION_REGIONTIER_H
#define DBT_REGION_REGIONTIER_H

#include "Code/Tier.h"
#include "Guest/RegionTable.h"
#include "Region/CompilerLoader.h"
#include "Region/PerfFiles.h"
#include "Support/AddressMap.h"

#include <atomic>
#include <memory>

namespace dbt {

class RegionTier final : public Tier {
public:
  RegionTier(CodeCache &cache, CompilerLoader &compiler, const CompilerOptions &options);

  /// \name Slots, for generated code.
  /// @{
  void start(void *exitStub, void *slotMemory, size_t slotBytes);
  CodeSlot *slot(const CodeLock &, uint64_t pc);
  CodeSlot *emptySlot() { return unlinked; }
  /// There can be regions.
  bool isOpen() const { return open.load(std::memory_order_relaxed); }
  /// @}
  /// Whether a living region has a block of its own at \p pc.
  bool covers(const CodeLock &, uint64_t pc) { return covered.find(pc) != nullptr; }
  /// The guest code of the living region that is entered at \p pc by \p code; empty if there is none.
  std::vector<GuestSpan> spansOf(uint64_t pc, const void *code);
  /// CompilerHost::publish().
  bool publish(const CodeLock &, Region *region);
  /// The region that is entered at \p pc goes, though its code has not changed.
  void drop(const CodeLock &, uint64_t pc);

  /// Counts an entry at s.rip (RegionVisits::isFleeting).
  static bool isFleeting(CpuState &s);

  // Tier
  /// Compiles and waits for that, if that is the policy.
  CodeCache::Code make(CodeLock &, uint64_t pc) override;
  void enter(CpuState &s, const void *code) override;
  bool openThread(CpuState &s) override;
  void closeThread(CpuState &s) override;
  const void *known(const CpuState &s, uint64_t pc) override { return s.regionTable->find(pc); }
  void remember(const CodeLock &, CpuState &s, uint64_t pc, CodePlace &place) override;
  bool owns(const void *hostPc) override;
  void addStats(std::vector<StatRow> &rows) override;

private:
  class Object;

  CompilerLoader &compiler;
  const CompilerOptions &options;
  std::atomic<bool> open{false};
  void *exitStub = nullptr;
  CodeSlot *nextSlot = nullptr, *slotsEnd = nullptr, *unlinked = nullptr;
  AddressMap<unsigned> covered;      ///< block → regions that hold it
  AddressMap<uint64_t> notCompiled;  ///< with TierMode::Jit, what could not be, and CodeCache::changes() then
  std::unique_ptr<PerfFiles> perf;   ///< null: not asked for
};

} // namespace dbt

#endif
