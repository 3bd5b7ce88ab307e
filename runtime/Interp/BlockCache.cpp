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
constexpr size_t GraveyardLimit = 4096;

uint64_t firstPage(const Block &b) { return b.pc >> PageShift; }
uint64_t lastPage(const Block &b) { return (b.end() - 1) >> PageShift; }

void grant(Block &b, int64_t runs) {
  b.granted += runs - b.budget;
  b.budget = runs;
}
} // namespace

Block *BlockCache::find(uint64_t pc) {
  std::lock_guard guard(lock);
  auto it = blocks.find(pc);
  return it == blocks.end() ? nullptr : it->second.get();
}

Block *BlockCache::get(uint64_t pc) {
  std::lock_guard guard(lock);
  auto it = blocks.find(pc);
  if (it != blocks.end())
    return it->second.get();
  return build(pc);
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
  block->dead.store(true, std::memory_order_relaxed);
  block->ops[0].fn.store(&interp::deadHead, std::memory_order_release);
  auto it = blocks.find(block->pc);
  graveyard.push_back(std::move(it->second));
  blocks.erase(it);
}

bool BlockCache::invalidate(uint64_t start, uint64_t size) {
  std::lock_guard guard(lock);
  bool any = false;
  uint64_t end = start + size;
  for (auto it = byPage.lower_bound(start >> PageShift); it != byPage.end() && it->first << PageShift < end;) {
    std::vector<Block *> &list = it->second;
    std::erase_if(list, [&](Block *b) {
      if (!b->dead && (b->pc >= end || b->end() <= start))
        return false;
      if (!b->dead) {
        any = true;
        bury(b);
      }
      return true;
    });
    it = list.empty() ? byPage.erase(it) : std::next(it);
  }
  return any;
}

void BlockCache::setCompiled(uint64_t pc, bool compiled) {
  std::lock_guard guard(lock);
  auto it = blocks.find(pc);
  if (it == blocks.end() || it->second->isVolatile)
    return;
  grant(*it->second, budget);
  it->second->ops[0].fn.store(compiled ? &interp::compiledHead : interp::headFor(*it->second), std::memory_order_release);
}

uint64_t BlockCache::heat(uint64_t pc) {
  std::lock_guard guard(lock);
  auto it = blocks.find(pc);
  return it == blocks.end() || it->second->budget > 0 ? 0 : static_cast<uint64_t>(-it->second->budget) * it->second->numInsns;
}

SeenTargets BlockCache::targets(uint64_t pc) {
  std::lock_guard guard(lock);
  SeenTargets seen = {};
  if (auto it = blocks.find(pc); it != blocks.end())
    for (size_t i = 0; i < seen.size(); ++i)
      seen[i] = it->second->targets[i].load(std::memory_order_relaxed);
  return seen;
}

bool BlockCache::countAnew(uint64_t pc, int64_t runs, bool once) {
  std::lock_guard guard(lock);
  auto it = blocks.find(pc);
  if (it == blocks.end() || (once && it->second->again))
    return false;
  it->second->again |= once;
  grant(*it->second, runs);
  return true;
}

std::vector<BlockCache::Run> BlockCache::mostRun(size_t n) {
  std::vector<Run> runs;
  {
    std::lock_guard guard(lock);
    for (auto &[pc, block] : blocks)
      runs.push_back({pc, static_cast<uint64_t>(block->granted - block->budget) * block->numInsns});
  }
  n = std::min(n, runs.size());
  std::partial_sort(runs.begin(), runs.begin() + static_cast<ptrdiff_t>(n), runs.end(),
                    [](const Run &a, const Run &b) { return a.insns > b.insns; });
  runs.resize(n);
  return runs;
}

void BlockCache::kill(Block *block) {
  std::lock_guard guard(lock);
  if (block->dead)
    return;
  for (uint64_t page = firstPage(*block); page <= lastPage(*block); ++page) {
    auto it = byPage.find(page);
    std::erase(it->second, block);
    if (it->second.empty())
      byPage.erase(it);
  }
  bury(block);
}

bool BlockCache::collect() {
  std::lock_guard guard(lock);
  if (graveyard.size() < GraveyardLimit)
    return false;
  for (auto &[pc, block] : blocks)
    for (std::atomic<Block *> &link : block->link)
      if (Block *to = link.load(std::memory_order_relaxed); to && to->dead)
        link.store(nullptr, std::memory_order_relaxed);
  // A block that straddles pages may still be listed in the page that was not hit.
  for (auto it = byPage.begin(); it != byPage.end();) {
    std::erase_if(it->second, [](Block *b) { return b->dead.load(); });
    it = it->second.empty() ? byPage.erase(it) : std::next(it);
  }
  graveyard.clear();
  return true;
}

} // namespace dbt
