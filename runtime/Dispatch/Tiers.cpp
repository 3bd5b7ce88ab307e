//===- Tiers.cpp - From hot blocks to compiled regions --------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dispatch/Tiers.h"
#include "Dispatch/Dispatcher.h"
#include "Interp/Interp.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>

namespace dbt {

Tiers::Tiers(CodeTracker &tracker, BlockCache &blocks, const GuestOs &os, const CompilerOptions &options)
    : tracker(tracker), blocks(blocks), os(os), options(options), compiler(*this, this->options) {
  if (options.describeCode())
    perf = std::make_unique<PerfFiles>(options.perfMap, options.dumpDirectory);
  // What watches every block, or compares compiled code with the interpreter, is not to
  // be by-passed.
  if (!options.policy.copies() || options.lockstep || options.log->wants(log::Exec))
    return;
  CopyOptions copy;
  copy.countInsns = options.countInsns;
  copy.period = options.policy.copyPeriod();
  copy.isCompiled = [this](uint64_t pc) { return cache.find(pc) != nullptr; };
  copyTier = CopyTier::create(blocks, std::move(copy));
}

Tiers::~Tiers() = default;

void Tiers::say(const char *what, uint64_t pc) const {
  if (!options.log->wants(log::Tier, pc))
    return;
  char line[80];
  int n = std::snprintf(line, sizeof line, "tier: %s %" PRIx64 "\n", what, pc);
  options.log->write({line, static_cast<size_t>(n)});
}

void Tiers::hot(uint64_t pc) {
  if (copyTier) {
    LongestPause::Span span(copying);
    if (copyTier->copy(pc))
      return;
    std::lock_guard guard(setsLock);
    if (uncopied.insert(pc).second) {
      blocks.countAnew(pc, options.policy.threshold, false);
      return;
    }
  }
  if (options.policy.mode != TierMode::Auto)
    return;
  say("hot", pc);
  if (admit(pc, false))
    queue(pc);
}

void Tiers::sample(CpuState &s) {
  const uint64_t target = s.copySample, polls = copyTier->sample(s, target);
  // By now all that belongs to the loop or function has run: one unit for all of it.
  if (polls == static_cast<uint64_t>(options.policy.copyPeriod()) * TierPolicy::ReformSamples)
    copyTier->reform(target);
  promote(target, polls, options.policy.copyHeat() * (cache.covers(target) ? 4 : 1));
}

void Tiers::wanted(uint64_t pc) {
  Wanted &w = wantedAt(pc);
  if (w.pc != pc)
    w = {pc, 0};
  const auto often = options.policy.wantedOften();
  if (++w.count % often == 0)
    promote(pc, w.count, often);
}

uint64_t Tiers::heat(uint64_t pc) {
  uint64_t heat = blocks.heat(pc);
  if (copyTier)
    heat += copyTier->heat(pc);
  constexpr uint64_t InsnsPerReturn = 100; // what it costs to go from tier to tier
  if (const Wanted &w = wantedAt(pc); w.pc == pc)
    heat += w.count * InsnsPerReturn;
  return heat;
}

/// From copied code to the compiler, at most once, and once more after each demotion.
void Tiers::promote(uint64_t pc, uint64_t heat, uint64_t enough) {
  if (options.policy.mode != TierMode::Auto || heat < enough)
    return;
  // Where registers must be in memory at every access, compiled code is the slower one.
  if (os.handlesFaults() || copyTier->isNumeric(pc))
    return;
  {
    std::lock_guard guard(setsLock);
    if (auto it = demoted.find(pc); it != demoted.end() && heat < enough << 2 * it->second)
      return;
    if (!sampled.insert(pc).second)
      return;
  }
  say("hot", pc);
  queue(pc);
}

bool Tiers::demote(uint64_t pc) {
  if (!copyTier->canCopy(pc))
    return false;
  say("demoted", pc);
  cache.drop(pc);
  copyTier->cool(pc);
  std::lock_guard guard(setsLock);
  constexpr unsigned Most = 8;
  unsigned &times = demoted[pc];
  times = std::min(times + 1, Most);
  sampled.erase(pc);
  return true;
}

void Tiers::queue(uint64_t pc) {
  if (!options.lockstep)
    compiler.queue(pc);
  else if (Compiler *c = compiler.wait())
    c->compileNow(pc); // what is compared must not depend on time
}

bool Tiers::invalidate(uint64_t start, uint64_t size) {
  const bool copied = copyTier && copyTier->invalidate(start, size);
  return dropRegions(start, size) || copied;
}

bool Tiers::dropRegions(uint64_t start, uint64_t size) {
  const std::vector<uint64_t> dropped = cache.invalidate(start, size);
  if (copyTier && !dropped.empty()) {
    // They may become hot again.
    for (uint64_t pc : dropped)
      copyTier->cool(pc);
    std::lock_guard guard(setsLock);
    for (uint64_t pc : dropped)
      sampled.erase(pc);
  }
  return !dropped.empty();
}

void *Tiers::entry(uint64_t pc) {
  if (!options.policy.compiles())
    return nullptr;
  if (void *entry = cache.find(pc))
    return entry;
  if (options.policy.mode != TierMode::Jit)
    return nullptr;
  Compiler *c = compiler.wait();
  return c && c->compileNow(pc) ? cache.find(pc) : nullptr;
}

bool Tiers::publish(Region *region, uint64_t generation) {
  {
    LongestPause::Span span(publication);
    if (!cache.publish(region, generation))
      return false;
  }
  if (perf)
    perf->add(*region);
  LongestPause::Span span(publication);
  if (copyTier)
    for (const auto &[pc, code] : region->entries)
      copyTier->retire(pc);
  return true;
}

bool Tiers::owns(const void *hostPc) const {
  Compiler *c = compiler.get();
  return c && c->owns(hostPc);
}

void Tiers::beforeFork() {
  compiler.beforeFork();
  setsLock.lock();
  if (copyTier)
    copyTier->mutex().lock();
  blocks.mutex().lock();
  cache.mutex().lock();
}

void Tiers::afterFork(bool inChild) {
  cache.mutex().unlock();
  blocks.mutex().unlock();
  if (copyTier)
    copyTier->mutex().unlock();
  setsLock.unlock();
  compiler.afterFork(inChild);
}

CompilerStats Tiers::stats() {
  Compiler *c = compiler.get();
  return c ? c->stats() : CompilerStats();
}

uint64_t Tiers::compilableBytes(uint64_t pc, bool &guestWritable) {
  uint64_t bytes = tracker.executableBytes(pc);
  if (bytes == 0)
    return 0;
  CodeSource::PageKind kind = tracker.track(pc >> 12);
  guestWritable = kind == CodeSource::PageKind::Writable;
  return kind == CodeSource::PageKind::Volatile ? 0 : bytes;
}

bool Tiers::admit(uint64_t pc, bool stale) {
  if (stale) {
    if (copyTier) {
      copyTier->cool(pc);
      std::lock_guard guard(setsLock);
      sampled.erase(pc);
    }
    blocks.countAnew(pc, options.policy.threshold, false);
    return false;
  }
  if (copyTier) { // promote() has seen to it
    std::lock_guard guard(setsLock);
    if (sampled.contains(pc))
      return true;
  }
  // Whoever enters a region's blocks from elsewhere for long enough gets a region of its own.
  return !cache.covers(pc) || !blocks.countAnew(pc, options.policy.coveredThreshold(), true);
}

bool Tiers::hasRun(uint64_t pc) {
  return blocks.find(pc) != nullptr;
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

void Tiers::published(uint64_t pc) {
  say("published", pc);
  blocks.setCompiled(pc, true);
}

bool Tiers::exact() { return os.handlesFaults(); }

} // namespace dbt
