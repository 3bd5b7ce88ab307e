//===- Tiers.h - The tiers, and when code goes from one to the next --*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Owns the tiers, and is what the compiler knows of the runtime. Functions without a CodeLock take
// the lock themselves.
//===----------------------------------------------------------------------===//
#ifndef DBT_DISPATCH_TIERS_H
#define DBT_DISPATCH_TIERS_H

#include "Code/GuestCode.h"
#include "Copy/CopyTier.h"
#include "Interp/InterpTier.h"
#include "Region/CompilerLoader.h"
#include "Region/RegionTier.h"

#include <unordered_map>
#include <unordered_set>

namespace dbt {

struct GuestOs;

class Tiers final : public CompilerHost {
public:
  Tiers(CodeCache &cache, GuestCode &guest, const GuestOs &os, const CompilerOptions &options);
  ~Tiers();

  /// By TierId; null: there is none.
  Tier *at(unsigned id) const { return all[id]; }
  InterpTier &interpreter() { return interp; }
  CopyTier *copies() { return copyTier.get(); }
  RegionTier &regions() { return regionTier; }
  /// Regions do not go on to each other by themselves.
  bool noChain() const { return options.noChain; }
  /// As forEach(), until \p f says yes. It is given the tiers by their own types, so that no
  /// virtual call is made where every exit comes by.
  template <class F> void anyOf(F f) {
    (regionTier.isOpen() && f(regionTier)) || (copyTier && f(*copyTier)) || f(interp);
  }
  /// What is asked of the tiers from the best to the interpreter.
  template <class F> void forEach(F f) {
    for (unsigned i = NumTiers; i-- > 0;)
      if (all[i])
        f(*all[i]);
  }

  /// \name What the dispatcher has seen.
  /// @{
  /// The block at \p pc has used up its budget.
  void hot(uint64_t pc);
  /// Copied code has polled for CpuState::copySample long enough.
  void sample(CpuState &s);
  /// A region goes on at \p pc, where there is a copy only: a callee, or who called it.
  void wanted(uint64_t pc);
  /// The region at \p pc is left too soon to be worth entering: a copy takes its place, if there
  /// can be one.
  void demote(uint64_t pc);
  /// The guest makes other demands on compiled code from now on (exact(), multiThreaded()).
  void changeMode();
  /// @}

  /// Around fork: no compilation is under way between the two, and the code lock is held.
  void beforeFork();
  void afterFork(bool inChild);
  std::vector<StatRow> stats();
  void afterVfork() { compiler.afterVfork(); }

  // CompilerHost
  void startCache(void *exitStub, void *slotMemory, size_t slotBytes) override { regionTier.start(exitStub, slotMemory, slotBytes); }
  void *slot(uint64_t pc) override;
  void *emptySlot() override { return regionTier.emptySlot(); }
  bool isCompiled(uint64_t pc) override;
  bool publish(Region *region) override;
  uint64_t compilableBytes(uint64_t pc, bool &guestWritable) override;
  bool isConstant(uint64_t at, uint64_t size) override { return guest.isConstant(at, size); }
  uint64_t heat(uint64_t pc) override;
  bool admit(uint64_t pc, bool stale) override;
  bool hasRun(uint64_t pc) override;
  SeenTargets targets(uint64_t pc) override;
  bool exact() override;
  bool multiThreaded() override;
  HelperFn helper(std::string_view row) override;
  void loadingFailed(const char *why) override { compiler.loadingFailed(why); }
  int startThread(void (*main)(void *), void *argument) override;

private:
  bool promote(const CodeLock &, uint64_t pc, uint64_t heat, uint64_t enough);
  void queue(uint64_t pc);
  void say(const char *what, uint64_t pc) const;

  CodeCache &cache;
  GuestCode &guest;
  const GuestOs &os;
  const CompilerOptions options;
  CompilerLoader compiler;
  InterpTier interp;
  std::unique_ptr<CopyTier> copyTier; ///< null: nothing is copied
  RegionTier regionTier;
  Tier *all[NumTiers] = {};
  LongestPause publication, copying;
  /// \name Guarded by the code lock.
  /// @{
  std::unordered_set<uint64_t> uncopied; ///< blocks of which there is no copy
  std::unordered_set<uint64_t> sampled;  ///< branch targets in copies that are queued
  std::unordered_map<uint64_t, unsigned> demoted; ///< and how often
  /// @}
  /// Of wanted(), direct-mapped; threads may lose counts.
  struct Wanted {
    std::atomic<uint64_t> pc;
    std::atomic<unsigned> count;
  } wantedPlaces[256] = {};
  Wanted &wantedAt(uint64_t pc) { return wantedPlaces[(pc ^ pc >> 8) % std::size(wantedPlaces)]; }
};

} // namespace dbt

#endif
