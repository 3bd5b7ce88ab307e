//===- Tiers.cpp - The tiers, and when code goes from one to the next -----===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Dispatch/Tiers.h"

#include "Dispatch/GuestOs.h"
#include "Interp/Interp.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>

namespace dbt {

Tiers::Tiers(CodeCache &cache, GuestCode &guest, const GuestOs &os, const CompilerOptions &options)
    : cache(cache), guest(guest), os(os), options(options), compiler(*this, this->options),
      interp(cache, options.policy.blockBudget(), options.policy.mode != TierMode::Jit), regionTier(cache, compiler, this->options) {
  // What watches every block, or compares compiled code with the interpreter, is not to
  // be by-passed.
  if (options.policy.copies() && !options.lockstep && !options.log->wants(log::Exec)) {
    copyTier = CopyTier::create(cache, interp, {.countInsns = options.countInsns, .period = options.policy.copyPeriod()});
    if (!copyTier)
      options.log->write("dbt-run: warning: nothing is copied: the host gives no memory for code\n");
  }
  all[number(TierId::Interp)] = &interp;
  all[number(TierId::Copy)] = copyTier.get();
  all[number(TierId::Region)] = options.policy.compiles() ? &regionTier : nullptr;
}

Tiers::~Tiers() { cache.clear(); }

void Tiers::say(const char *what, uint64_t pc) const {
  if (!options.log->wants(log::Tier, pc))
    return;
  char line[80];
  int n = std::snprintf(line, sizeof line, "tier: %s %" PRIx64 "\n", what, pc);
  options.log->write({line, static_cast<size_t>(n)});
}

void Tiers::hot(uint64_t pc) {
  {
    CodeLock guard(cache.mutex());
    // A block that checks itself looks now and then whether it still has to.
    if (const Block *block = interp.find(guard, pc); block && block->isVolatile()) {
      interp.recheck(guard, pc);
      interp.get(guard, pc);
      return;
    }
    if (copyTier) {
      LongestPause::Span span(copying);
      if (copyTier->make(guard, pc))
        return;
      if (uncopied.insert(pc).second) {
        interp.countAnew(guard, pc, options.policy.threshold, false);
        return;
      }
    }
  }
  if (options.policy.mode != TierMode::Auto)
    return;
  say("hot", pc);
  if (admit(pc, false))
    queue(pc);
}

void Tiers::sample(CpuState &s) {
  const uint64_t target = s.copySample;
  {
    CodeLock guard(cache.mutex());
    const uint64_t polls = copyTier->sample(guard, s, target);
    // By now all that belongs to the loop or function has run: one unit for all of it.
    if (polls == static_cast<uint64_t>(options.policy.copyPeriod()) * TierPolicy::ReformSamples)
      copyTier->reform(guard, target);
    if (!promote(guard, target, polls, options.policy.copyHeat() * (regionTier.covers(guard, target) ? 4 : 1)))
      return;
  }
  say("hot", target);
  queue(target);
}

void Tiers::wanted(uint64_t pc) {
  Wanted &w = wantedAt(pc);
  if (w.pc.load(std::memory_order_relaxed) != pc) {
    w.pc.store(pc, std::memory_order_relaxed);
    w.count.store(0, std::memory_order_relaxed);
  }
  const auto often = options.policy.wantedOften();
  const unsigned count = w.count.load(std::memory_order_relaxed) + 1;
  w.count.store(count, std::memory_order_relaxed);
  if (count % often != 0)
    return;
  {
    CodeLock guard(cache.mutex());
    if (!promote(guard, pc, count, often))
      return;
  }
  say("hot", pc);
  queue(pc);
}

uint64_t Tiers::heat(uint64_t pc) {
  CodeLock guard(cache.mutex());
  uint64_t heat = interp.heat(guard, pc);
  if (copyTier)
    heat += copyTier->heat(guard, pc);
  constexpr uint64_t InsnsPerReturn = 100; // what it costs to go from tier to tier
  if (const Wanted &w = wantedAt(pc); w.pc.load(std::memory_order_relaxed) == pc)
    heat += w.count.load(std::memory_order_relaxed) * InsnsPerReturn;
  return heat;
}

/// Whether code goes from copies to the compiler: at most once, and once more after each demotion.
bool Tiers::promote(const CodeLock &guard, uint64_t pc, uint64_t heat, uint64_t enough) {
  if (options.policy.mode != TierMode::Auto || heat < enough)
    return false;
  // Where registers must be in memory at every access, compiled code is the slower one.
  if (os.handlesFaults() || copyTier->isNumeric(guard, pc))
    return false;
  if (auto it = demoted.find(pc); it != demoted.end() && heat < enough << 2 * it->second)
    return false;
  return sampled.insert(pc).second;
}

void Tiers::demote(uint64_t pc) {
  CodeLock guard(cache.mutex());
  if (!copyTier || !copyTier->canCopy(guard, pc))
    return;
  say("demoted", pc);
  regionTier.drop(guard, pc);
  copyTier->cool(guard, pc);
  constexpr unsigned Most = 8;
  unsigned &times = demoted[pc];
  times = std::min(times + 1, Most);
  sampled.erase(pc);
}

void Tiers::changeMode() {
  LongestPause::Span span(cache.pauses());
  CodeLock guard(cache.mutex());
  // What was compiled may become hot again; interpreter blocks and copies need no change.
  cache.killAll(guard, TierId::Region);
  sampled.clear();
}

void Tiers::queue(uint64_t pc) {
  if (!options.lockstep)
    compiler.queue(pc);
  else if (Compiler *c = compiler.wait())
    c->compileNow(pc); // what is compared must not depend on time
}

void *Tiers::slot(uint64_t pc) {
  if (options.noChain)
    return regionTier.emptySlot();
  CodeLock guard(cache.mutex());
  return regionTier.slot(guard, pc);
}

bool Tiers::isCompiled(uint64_t pc) {
  CodeLock guard(cache.mutex());
  return static_cast<bool>(cache.find(guard, TierId::Region, pc));
}

bool Tiers::publish(Region *region) {
  LongestPause::Span span(publication);
  {
    CodeLock guard(cache.mutex());
    if (region->exact != exact() || (multiThreaded() && !region->multiThreaded) || !regionTier.publish(guard, region)) {
      // It may become hot again.
      for (const CodeObject::Entry &entry : region->entries)
        sampled.erase(entry.pc);
      return false;
    }
    if (copyTier)
      for (const CodeObject::Entry &entry : region->entries)
        copyTier->retire(guard, entry.pc);
  }
  for (const CodeObject::Entry &entry : region->entries)
    say("published", entry.pc);
  return true;
}

void Tiers::beforeFork() {
  compiler.beforeFork();
  cache.mutex().lock();
}

void Tiers::afterFork(bool inChild) {
  cache.mutex().unlock();
  compiler.afterFork(inChild);
}

std::vector<StatRow> Tiers::stats() {
  std::vector<StatRow> rows;
  for (Tier *tier : all)
    if (tier)
      tier->addStats(rows);
  if (!all[number(TierId::Region)])
    regionTier.addStats(rows);
  rows.push_back({"longest_copying_us", "us that it took at most to copy a piece of code", copying.microseconds()});
  rows.push_back({"longest_publication_us", "us that a publication took at most", publication.microseconds()});
  rows.push_back({"longest_invalidation_us", "us that an invalidation took at most", cache.pauses().microseconds()});
  return rows;
}

uint64_t Tiers::compilableBytes(uint64_t pc, bool &guestWritable) {
  CodeLock guard(cache.mutex());
  uint64_t bytes = cache.executableBytes(guard, pc);
  if (bytes == 0)
    return 0;
  const PageKind kind = cache.track(guard, pc);
  guestWritable = kind == PageKind::Writable;
  return kind == PageKind::Volatile ? 0 : bytes;
}

bool Tiers::admit(uint64_t pc, bool stale) {
  CodeLock guard(cache.mutex());
  if (stale) {
    if (copyTier) {
      copyTier->cool(guard, pc);
      sampled.erase(pc);
    }
    interp.countAnew(guard, pc, options.policy.threshold, false);
    return false;
  }
  if (copyTier && sampled.contains(pc)) // promote() has seen to it
    return true;
  // Whoever enters a region's blocks from elsewhere for long enough gets a region of its own.
  return !regionTier.covers(guard, pc) || !interp.countAnew(guard, pc, options.policy.coveredThreshold(), true);
}

bool Tiers::hasRun(uint64_t pc) {
  CodeLock guard(cache.mutex());
  return interp.find(guard, pc) != nullptr;
}

SeenTargets Tiers::targets(uint64_t pc) {
  CodeLock guard(cache.mutex());
  return interp.targets(guard, pc);
}

bool Tiers::multiThreaded() { return os.everThreaded(); }

HelperFn Tiers::helper(std::string_view row) {
  HelperFn found = nullptr;
  interpRows().forEach([&](const InterpEntry &entry) {
    if (entry.info.helper && row == entry.info.name)
      found = entry.info.helper;
  });
  return found;
}

int Tiers::startThread(void (*main)(void *), void *argument) { return os.startHostThread(main, argument); }

bool Tiers::exact() { return os.handlesFaults(); }

} // namespace dbt
