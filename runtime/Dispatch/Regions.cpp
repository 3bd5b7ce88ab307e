//===- Regions.cpp - The code cache: compiled regions by guest address ----===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dispatch/Regions.h"

#include <algorithm>
#include <new>

namespace dbt {

namespace {
constexpr unsigned PageShift = 12;

bool overlaps(const Region &region, uint64_t start, uint64_t end) {
  auto any = [&](const std::vector<CodeSpan> &spans) {
    return std::any_of(spans.begin(), spans.end(), [&](const CodeSpan &span) {
      return span.start < end && start < span.start + span.size;
    });
  };
  return any(region.spans) || any(region.calleeSpans) || any(region.lookedAt);
}
} // namespace

void Regions::start(void *stub, void *slotMemory, size_t slotBytes) {
  std::lock_guard guard(lock);
  exitStub = stub;
  nextSlot = static_cast<Slot *>(slotMemory);
  slotsEnd = nextSlot + slotBytes / sizeof(Slot);
  unlinked = new (nextSlot++) Slot(exitStub);
}

Regions::Slot *Regions::slotLocked(uint64_t pc) {
  if (Slot **known = slots.find(pc))
    return *known;
  if (nextSlot == slotsEnd)
    return nullptr;
  return slots[pc] = new (nextSlot++) Slot(exitStub);
}

Regions::Slot *Regions::slot(uint64_t pc) {
  std::lock_guard guard(lock);
  return slotLocked(pc);
}

void *Regions::find(uint64_t pc) {
  std::lock_guard guard(lock);
  Slot *const *slot = slots.find(pc);
  if (!slot)
    return nullptr;
  void *entry = (*slot)->load(std::memory_order_acquire);
  return entry == exitStub ? nullptr : entry;
}

bool Regions::covers(uint64_t pc) {
  std::lock_guard guard(lock);
  return covered.find(pc) != nullptr;
}

std::vector<CodeSpan> Regions::spansOf(uint64_t pc, const void *code) {
  std::lock_guard guard(lock);
  auto it = byPage.find(pc >> PageShift);
  if (it == byPage.end())
    return {};
  for (const Region *region : it->second)
    for (auto [at, entry] : region->entries)
      if (at == pc && entry == code && !region->dead) {
        std::vector<CodeSpan> spans = region->spans;
        spans.insert(spans.end(), region->calleeSpans.begin(), region->calleeSpans.end());
        return spans;
      }
  return {};
}

bool Regions::publish(Region *region, uint64_t generation) {
  std::lock_guard guard(lock);
  const uint64_t now = invalidations.load(std::memory_order_relaxed);
  if (now - generation > recent.size())
    return false; // too long ago to know
  for (uint64_t i = generation; i < now; ++i) {
    const CodeSpan &span = recent[i % recent.size()];
    if (overlaps(*region, span.start, span.start + span.size))
      return false;
  }
  for (auto [pc, entry] : region->entries)
    if (!slotLocked(pc))
      return false;
  for (const std::vector<CodeSpan> *spans : {&region->spans, &region->calleeSpans, &region->lookedAt})
    for (const CodeSpan &span : *spans)
      for (uint64_t page = span.start >> PageShift; page <= (span.start + span.size - 1) >> PageShift; ++page) {
        std::vector<Region *> &list = byPage[page];
        if (list.empty() || list.back() != region)
          list.push_back(region);
      }
  for (auto [pc, entry] : region->entries)
    slotLocked(pc)->store(entry, std::memory_order_release);
  for (const CodeSpan &span : region->spans)
    ++covered[span.start];
  ++live;
  return true;
}

void Regions::unlink(Region &region) {
  for (auto [pc, entry] : region.entries) {
    Slot &slot = **slots.find(pc);
    // A newer region may have taken the address over.
    void *expected = entry;
    slot.compare_exchange_strong(expected, exitStub);
  }
  for (const CodeSpan &span : region.spans)
    if (--covered[span.start] == 0)
      covered.erase(span.start);
  region.dead = true;
  --live;
}

void Regions::drop(uint64_t pc) {
  std::lock_guard guard(lock);
  auto it = byPage.find(pc >> PageShift);
  if (it == byPage.end())
    return;
  for (Region *region : it->second)
    if (!region->dead && std::any_of(region->entries.begin(), region->entries.end(), [&](const auto &e) { return e.first == pc; }))
      unlink(*region);
}

std::vector<uint64_t> Regions::invalidate(uint64_t start, uint64_t size) {
  std::lock_guard guard(lock);
  const uint64_t end = start + size;
  const uint64_t now = invalidations.load(std::memory_order_relaxed);
  recent[now % recent.size()] = {start, size};
  invalidations.store(now + 1, std::memory_order_release);
  std::vector<uint64_t> dropped;
  for (auto it = byPage.lower_bound(start >> PageShift); it != byPage.end() && it->first << PageShift < end;) {
    std::erase_if(it->second, [&](Region *region) {
      if (region->dead)
        return true;
      if (!overlaps(*region, start, end))
        return false;
      unlink(*region);
      for (auto [pc, entry] : region->entries)
        dropped.push_back(pc);
      return true;
    });
    it = it->second.empty() ? byPage.erase(it) : std::next(it);
  }
  return dropped;
}

} // namespace dbt
