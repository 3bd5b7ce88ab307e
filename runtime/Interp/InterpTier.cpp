//===- InterpTier.cpp - The block interpreter as a tier -------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Interp/InterpTier.h"

#include "Interp/BlockBuilder.h"
#include "Interp/Interp.h"

#include <algorithm>
#include <utility>

namespace dbt {

namespace {

/// Runs of a block that checks itself until the page is looked at again.
constexpr int64_t VolatileRuns = 500;

} // namespace

Block *InterpTier::find(const CodeLock &guard, uint64_t pc) {
  return static_cast<Block *>(cache.find(guard, id, pc).object);
}

/// As find(), but what is suspended counts, too.
Block *InterpTier::at(const CodeLock &guard, uint64_t pc) {
  CodePlace *place = cache.known(guard, pc);
  return place ? static_cast<Block *>(place->at[number(id)].object) : nullptr;
}

Block *InterpTier::get(const CodeLock &guard, uint64_t pc) {
  Block *known = find(guard, pc);
  if (!known)
    return build(guard, pc);
  if (!known->isVolatile())
    return known;
  PageKind kind = PageKind::Stable;
  for (uint64_t page : {known->pc, known->end() - 1})
    kind = std::max(kind, cache.track(guard, page));
  if (kind == PageKind::Volatile)
    return known;
  cache.kill(guard, *known); // stores to its page are noticed again
  return build(guard, pc);
}

Block *InterpTier::build(const CodeLock &guard, uint64_t pc) {
  uint64_t available = cache.executableBytes(guard, pc);
  if (available == 0)
    return nullptr;
  const PageKind kind = cache.track(guard, pc);
  auto pageKind = [&](uint64_t page) { return cache.track(guard, page << CodePageShift); };
  std::unique_ptr<Block> block = buildBlock(decoder, pc, available, kind, pageKind, budget);
  if (block->isVolatile())
    block->grantRuns(VolatileRuns);
  cache.publish(guard, block.get());
  return block.release();
}

void InterpTier::recheck(const CodeLock &guard, uint64_t pc) {
  Block *block = find(guard, pc);
  if (!block || !block->isVolatile())
    return;
  if (!block->isUnchanged())
    cache.kill(guard, *block);
  else
    block->grantRuns(VolatileRuns);
}

void InterpTier::link(const CodeLock &guard, CpuState &s, Block *block) {
  const IOp *from = static_cast<const IOp *>(std::exchange(s.exitOp, nullptr)); // is only valid for this exit
  if (!from || !block)
    return;
  Block *source = blockOf(from);
  source->connect(guard, s.rip != source->end(), *block);
}

uint64_t InterpTier::heat(const CodeLock &guard, uint64_t pc) {
  const Block *block = at(guard, pc);
  return !block || block->budget > 0 ? 0 : static_cast<uint64_t>(-block->budget) * block->numInsns;
}

SeenTargets InterpTier::targets(const CodeLock &guard, uint64_t pc) {
  SeenTargets seen = {};
  if (const Block *block = at(guard, pc))
    for (size_t i = 0; i < seen.size(); ++i)
      seen[i] = block->targets[i].load(std::memory_order_relaxed);
  return seen;
}

bool InterpTier::countAnew(const CodeLock &guard, uint64_t pc, int64_t runs, bool once) {
  Block *block = at(guard, pc);
  if (!block || (once && block->again))
    return false;
  block->again |= once;
  block->grantRuns(runs);
  return true;
}

std::vector<InterpTier::Run> InterpTier::mostRun(size_t n) {
  std::vector<Run> runs;
  {
    CodeLock guard(cache.mutex());
    cache.forEach(guard, [&](uint64_t pc, const CodePlace &place) {
      if (const auto *block = static_cast<const Block *>(place.at[number(id)].object))
        runs.push_back({pc, static_cast<uint64_t>(block->granted - block->budget) * block->numInsns});
    });
  }
  n = std::min(n, runs.size());
  std::partial_sort(runs.begin(), runs.begin() + static_cast<ptrdiff_t>(n), runs.end(),
                    [](const Run &a, const Run &b) { return a.insns > b.insns; });
  runs.resize(n);
  return runs;
}

CodeCache::Code InterpTier::make(CodeLock &guard, uint64_t pc) {
  Block *block = get(guard, pc);
  return block ? CodeCache::Code{block, block, cache.known(guard, pc)} : CodeCache::Code{};
}

void InterpTier::enter(CpuState &s, const void *code) { interpret(s, *static_cast<const Block *>(code)); }

bool InterpTier::openThread(CpuState &s) {
  auto *table = new BranchTable;
  table->clear();
  s.branchTable = table;
  s.exitOp = nullptr;
  return true;
}

void InterpTier::closeThread(CpuState &s) {
  delete static_cast<BranchTable *>(s.branchTable);
  s.branchTable = nullptr;
}

void InterpTier::remember(const CodeLock &, CpuState &s, uint64_t pc, CodePlace &place) {
  static_cast<BranchTable *>(s.branchTable)->slot(pc) = {pc, &place};
}

void InterpTier::addStats(std::vector<StatRow> &rows) {
  uint64_t blocks = 0;
  CodeLock guard(cache.mutex());
  cache.forEach(guard, [&](uint64_t, const CodePlace &place) { blocks += place.at[number(id)].object != nullptr; });
  rows.push_back({"blocks", "blocks decoded and alive", blocks});
}

} // namespace dbt
