//===- Tiers.h - From hot blocks to compiled regions ------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Owns the code cache and the compiler, and is what the latter knows of the runtime.
//===----------------------------------------------------------------------===//
#ifndef DBT_DISPATCH_TIERS_H
#define DBT_DISPATCH_TIERS_H

#include "Copy/CopyTier.h"
#include "Dispatch/CodeTracker.h"
#include "Dispatch/CompilerLoader.h"
#include "Dispatch/PerfFiles.h"
#include "Interp/BlockCache.h"

namespace dbt {

struct GuestOs;

class Tiers final : public CompilerHost {
public:
  Tiers(CodeTracker &tracker, BlockCache &blocks, const GuestOs &os, const CompilerOptions &options);
  ~Tiers();

  /// The block at \p pc has used up its budget.
  void hot(uint64_t pc);
  /// Copied code has polled for CpuState::copySample long enough.
  void sample(CpuState &s);
  /// A region goes on at \p pc, where there is a copy only: a callee, or who called it.
  void wanted(uint64_t pc);
  /// The region at \p pc is left too soon to be worth entering: a copy takes its place.
  /// False: there can be none.
  bool demote(uint64_t pc);
  /// Null: nothing is copied.
  CopyTier *copies() { return copyTier.get(); }
  /// The compiled entry for \p pc, or null; with TierMode::Jit it is compiled if
  /// it is not yet.
  void *entry(uint64_t pc);
  /// Whether code is interpreted before it is compiled.
  bool interpretsFirst() const { return options.policy.mode != TierMode::Jit; }
  void enter(CpuState &s, void *entry) {
    ++entries;
    compiler.get()->enter(s, entry);
  }
  bool owns(const void *hostPc) const;

  /// The code in a range is about to change. Says whether any of it was copied or compiled.
  bool invalidate(uint64_t start, uint64_t size);
  /// The same for what is compiled only: it is not as exact() or multiThreaded() have come
  /// to demand.
  bool dropRegions(uint64_t start = 0, uint64_t size = ~uint64_t(0));
  /// Around fork: no compilation is under way between the two.
  void beforeFork();
  void afterFork(bool inChild);
  CompilerStats stats();
  Regions &regions() { return cache; }
  uint64_t numEntries() const { return entries; }
  uint64_t longestPublication() const { return publication.microseconds(); } ///< us
  uint64_t longestCopying() const { return copying.microseconds(); }         ///< us

  // CompilerHost
  void startCache(void *exitStub, void *slotMemory, size_t slotBytes) override {
    cache.start(exitStub, slotMemory, slotBytes);
  }
  void *slot(uint64_t pc) override { return options.noChain ? cache.emptySlot() : cache.slot(pc); }
  void *find(uint64_t pc) override { return cache.find(pc); }
  uint64_t generation() override { return cache.generation(); }
  bool publish(Region *region, uint64_t generation) override;
  uint64_t compilableBytes(uint64_t pc, bool &guestWritable) override;
  bool isConstant(uint64_t at, uint64_t size) override { return tracker.isConstant(at, size); }
  uint64_t heat(uint64_t pc) override;
  bool admit(uint64_t pc, bool stale) override;
  bool hasRun(uint64_t pc) override;
  SeenTargets targets(uint64_t pc) override { return blocks.targets(pc); }
  bool exact() override;
  bool multiThreaded() override;
  HelperFn helper(std::string_view row) override;
  void published(uint64_t pc) override;

private:
  void promote(uint64_t pc, uint64_t heat, uint64_t enough);
  void queue(uint64_t pc);
  void say(const char *what, uint64_t pc) const;

  CodeTracker &tracker;
  BlockCache &blocks;
  const GuestOs &os;
  const CompilerOptions options;
  Regions cache;
  LongestPause publication, copying;
  std::unique_ptr<CopyTier> copyTier;
  std::mutex setsLock;
  std::unordered_set<uint64_t> uncopied; ///< blocks of which there is no copy
  std::unordered_set<uint64_t> sampled;  ///< branch targets in copies that are queued
  std::unordered_map<uint64_t, unsigned> demoted; ///< and how often
  CompilerLoader compiler;
  /// Of wanted(), direct-mapped; threads may lose counts.
  struct Wanted {
    uint64_t pc;
    unsigned count;
  } wantedPlaces[256] = {};
  Wanted &wantedAt(uint64_t pc) { return wantedPlaces[(pc ^ pc >> 8) % std::size(wantedPlaces)]; }
  std::unique_ptr<PerfFiles> perf; ///< null: not asked for
  uint64_t entries = 0; ///< for --stats; threads may lose counts
};

} // namespace dbt

#endif
