//===- BlockCache.cpp - The process's decoded blocks ----------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Interp/BlockCache.h"
#include "Interp/BlockBuilder.h"
#include "Interp/Interp.h"

#include <algorithm>

namespace dbt {

namespace {
constexpr unsigned PageShift = 12;

uint64_t firstPage(const Block &b) { return b.pc >> PageShift; }
uint64_t lastPage(const Block &b) { return (b.end() - 1) >> PageShift; }

void grant(Block &b, int64_t runs) {
  b.granted += runs - b.budget;
  b.budget = runs;
}
} // namespace

Block *BlockCache::findLocked(uint64_t pc) {
  const std::unique_ptr<Block> *known = blocks.find(pc);
  return known ? known->get() : nullptr;
}

Block *BlockCache::find(uint64_t pc) {
  std::lock_guard guard(lock);
  return findLocked(pc);
}

Block *BlockCache::get(uint64_t pc) {
  std::lock_guard guard(lock);
  Block *known = findLocked(pc);
  return known ? known : build(pc);
}

Block *BlockCache::build(uint64_t pc) {
  uint64_t available = source.executableBytes(pc);
  if (available == 0)
    return nullptr;
  CodeSource::PageKind kind = source.track(pc >> PageShift);
  // An instruction that reaches into the next page makes that one count too.
  auto pageKind = [&](uint64_t page) {
    CodeSource::PageKind next = source.track(page);
    kind = std::max(kind, next);
  };
  std::unique_ptr<Block> block = buildBlock(decoder, pc, available, kind, pageKind, budget);
  Block *raw = block.get();
  for (uint64_t page = firstPage(*raw); page <= lastPage(*raw); ++page)
    byPage[page].push_back(raw);
  blocks[pc] = std::move(block);
  return raw;
}

void BlockCache::bury(Block *block) {
  for (uint64_t page = firstPage(*block); page <= lastPage(*block); ++page) {
    auto it = byPage.find(page);
    std::erase(it->second, block);
    if (it->second.empty())
      byPage.erase(it);
  }
  block->dead.store(true, std::memory_order_relaxed);
  block->ops[0].fn.store(&interp::deadHead, std::memory_order_release);
  graveyard.push_back(std::move(*blocks.find(block->pc)));
  blocks.erase(block->pc);
}

bool BlockCache::invalidate(uint64_t start, uint64_t size) {
  std::lock_guard guard(lock);
  const uint64_t end = start + size;
  std::vector<Block *> hit;
  for (auto it = byPage.lower_bound(start >> PageShift); it != byPage.end() && it->first << PageShift < end; ++it)
    for (Block *b : it->second)
      // In the second of two pages it has been seen already.
      if (b->pc < end && b->end() > start && it->first == std::max(firstPage(*b), start >> PageShift))
        hit.push_back(b);
  for (Block *b : hit)
    bury(b);
  return !hit.empty();
}

void BlockCache::setCompiled(uint64_t pc, bool compiled) {
  std::lock_guard guard(lock);
  Block *block = findLocked(pc);
  if (!block || block->isVolatile)
    return;
  grant(*block, budget);
  block->ops[0].fn.store(compiled ? &interp::compiledHead : interp::headFor(*block), std::memory_order_release);
}

uint64_t BlockCache::heat(uint64_t pc) {
  std::lock_guard guard(lock);
  const Block *block = findLocked(pc);
  return !block || block->budget > 0 ? 0 : static_cast<uint64_t>(-block->budget) * block->numInsns;
}

SeenTargets BlockCache::targets(uint64_t pc) {
  std::lock_guard guard(lock);
  SeenTargets seen = {};
  if (const Block *block = findLocked(pc))
    for (size_t i = 0; i < seen.size(); ++i)
      seen[i] = block->targets[i].load(std::memory_order_relaxed);
  return seen;
}

bool BlockCache::countAnew(uint64_t pc, int64_t runs, bool once) {
  std::lock_guard guard(lock);
  Block *block = findLocked(pc);
  if (!block || (once && block->again))
    return false;
  block->again |= once;
  grant(*block, runs);
  return true;
}

std::vector<BlockCache::Run> BlockCache::mostRun(size_t n) {
  std::vector<Run> runs;
  {
    std::lock_guard guard(lock);
    blocks.forEach([&](uint64_t pc, const std::unique_ptr<Block> &block) {
      runs.push_back({pc, static_cast<uint64_t>(block->granted - block->budget) * block->numInsns});
    });
  }
  n = std::min(n, runs.size());
  std::partial_sort(runs.begin(), runs.begin() + static_cast<ptrdiff_t>(n), runs.end(),
                    [](const Run &a, const Run &b) { return a.insns > b.insns; });
  runs.resize(n);
  return runs;
}

void BlockCache::kill(Block *block) {
  std::lock_guard guard(lock);
  if (!block->dead)
    bury(block);
}

/// Nothing comes to know a dying block meanwhile: who leads to it are links and tables from
/// before.
void BlockCache::collect() {
  constexpr size_t PagesAtOnce = 64, FreedAtOnce = 1024;
  std::lock_guard guard(lock);
  if (dying.empty()) {
    dying.swap(graveyard);
    swept = 0;
    return;
  }
  auto page = byPage.lower_bound(swept);
  if (page == byPage.end()) {
    dying.resize(dying.size() - std::min(dying.size(), FreedAtOnce));
    return;
  }
  for (size_t left = PagesAtOnce; left && page != byPage.end(); --left, ++page) {
    for (Block *block : page->second)
      for (std::atomic<Block *> &link : block->link)
        if (Block *to = link.load(std::memory_order_relaxed); to && to->dead)
          link.store(nullptr, std::memory_order_relaxed);
    swept = page->first + 1;
  }
}

} // namespace dbt
