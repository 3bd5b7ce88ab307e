//===- CodeCache.cpp - The owner of what is live --------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Code/CodeCache.h"

#include "Guest/Pending.h"

#include <algorithm>
#include <cstring>

namespace dbt {

namespace {

/// Objects that wait for threads to leave before those are told to.
constexpr size_t ManyWaiting = 4096;
/// Changes of its pages after which code that nobody has looked for meanwhile is given up.
constexpr unsigned MaxMissed = 32;

/// Whether threads can be inside that only leave when they are told: a block's own end leads
/// through its successor's head.
bool runsUntilTold(const CodeObject &object) { return object.tier != TierId::Interp; }

} // namespace

void CodeCache::clear() {
  CodeLock guard(lock);
  for (auto &[number, each] : pages)
    while (!each.objects.empty())
      kill(guard, *each.objects.back());
  threads.clear();
  while (reclaimer.numWaiting())
    reclaimer.collect(guard, threads);
}

void CodeCache::openThread(CpuState &s) {
  CodeLock guard(lock);
  reclaimer.rest(s);
  threads.push_back(&s);
}

void CodeCache::closeThread(CpuState &s) {
  CodeLock guard(lock);
  std::erase(threads, &s);
  reclaimer.collect(guard, threads);
}

CodePage &CodeCache::page(uint64_t number) {
  if (number != lastPage) {
    lastFound = &pages[number];
    lastPage = number;
  }
  return *lastFound;
}

/// Calls f(page number) for each page of an object, once if its spans are in order.
template <class F> void CodeCache::forPages(const CodeObject &object, F f) {
  uint64_t last = ~uint64_t(0);
  for (const GuestSpan &span : object.spans())
    for (uint64_t page = span.start >> CodePageShift; page <= (span.end() - 1) >> CodePageShift; ++page)
      if (page != last)
        f(last = page);
}

CodeCache::Code CodeCache::find(const CodeLock &guard, TierId tier, uint64_t pc) {
  CodePlace *place = places.find(pc);
  if (!place)
    return {};
  auto &at = place->at[number(tier)];
  CodeObject *object = at.object;
  if (!object || (object->state != CodeObject::State::Live && !revive(guard, *object)))
    return {};
  return {object, at.code.load(std::memory_order_relaxed), place};
}

PageKind CodeCache::track(const CodeLock &, uint64_t pc) {
  CodePage &here = page(pc >> CodePageShift);
  if (here.tracked)
    return here.kind;
  const uint64_t start = pc & -CodePageSize;
  const bool restless = here.isRestless();
  if (here.kind == PageKind::Volatile && !restless)
    memory.untrack(start, CodePageSize); // it was given up, and may be tried again
  here.kind = memory.track(start, restless);
  here.tracked = here.kind != PageKind::Volatile;
  return here.kind;
}

CodeCache::Currency CodeCache::currency(const CodeLock &guard, const CodeObject &object) {
  PageKind kind = PageKind::Stable;
  for (const GuestSpan &span : object.spans())
    for (uint64_t at = span.start & -CodePageSize; at < span.end(); at += CodePageSize) {
      const uint64_t from = std::max(at, span.start), size = std::min(at + CodePageSize, span.end()) - from;
      if (span.lookedAt ? !memory.isReadable(from) : memory.executableBytes(from) < size)
        return Currency::NotNow;
      const PageKind here = track(guard, from);
      if (here == PageKind::Volatile)
        return Currency::NotNow;
      if (span.lookedAt && here != PageKind::Stable)
        return Currency::Stale;
      kind = std::max(kind, here);
    }
  if (kind > object.kind)
    return Currency::Stale;
  const uint8_t *bytes = object.guestBytes();
  for (const GuestSpan &span : object.spans()) {
    if (std::memcmp(bytes, reinterpret_cast<const void *>(span.start), span.size) != 0)
      return Currency::Stale;
    bytes += span.size;
  }
  return Currency::Current;
}

bool CodeCache::revive(const CodeLock &guard, CodeObject &object) {
  switch (currency(guard, object)) {
  case Currency::Current:
    object.missed = 0;
    show(guard, object);
    return true;
  case Currency::Stale:
    kill(guard, object);
    return false;
  case Currency::NotNow:
    return false;
  }
  __builtin_unreachable();
}

void CodeCache::publish(const CodeLock &guard, CodeObject *object) {
  forPages(*object, [&](uint64_t number) {
    std::vector<CodeObject *> &list = page(number).objects;
    if (list.empty() || list.back() != object)
      list.push_back(object);
  });
  object->state = CodeObject::State::Live;
  for (const CodeObject::Entry &entry : object->entries()) {
    CodePlace &place = places[entry.pc];
    auto &at = place.at[number(object->tier)];
    if (at.object && at.object != object && at.object->entries().size() == 1)
      kill(guard, *at.object); // nothing would find it again
    at.object = object;
    at.code.store(entry.code, std::memory_order_release);
    setSlots(place, object->tier, entry.code);
    refresh(place);
  }
  reclaimer.collect(guard, threads);
}

bool CodeCache::publishIfCurrent(const CodeLock &guard, CodeObject *object) {
  if (currency(guard, *object) != Currency::Current)
    return false;
  publish(guard, object);
  return true;
}

/// Lookups find \p object from now on.
void CodeCache::show(const CodeLock &, CodeObject &object) {
  object.state = CodeObject::State::Live;
  for (const CodeObject::Entry &entry : object.entries()) {
    CodePlace &place = *places.find(entry.pc);
    if (place.at[number(object.tier)].object != &object)
      continue; // newer code has the address
    setSlots(place, object.tier, entry.code);
    refresh(place);
  }
}

/// The opposite.
void CodeCache::hide(const CodeLock &, CodeObject &object) {
  object.state = CodeObject::State::Suspended;
  for (const CodeObject::Entry &entry : object.entries()) {
    CodePlace &place = *places.find(entry.pc);
    if (place.at[number(object.tier)].object != &object)
      continue;
    setSlots(place, object.tier, nullptr);
    refresh(place);
  }
}

/// Tells the interpreter's block at a place what there is besides it.
void CodeCache::refresh(CodePlace &place) {
  CodeObject *block = place.at[number(TierId::Interp)].object;
  if (!block)
    return;
  bool superseded = false;
  for (unsigned tier = number(TierId::Interp) + 1; tier < NumTiers; ++tier)
    superseded |= place.live(static_cast<TierId>(tier)) != nullptr;
  block->update(block->state == CodeObject::State::Live, superseded);
}

void CodeCache::setSlots(CodePlace &place, TierId tier, const void *code) {
  for (CodeSlot *slot = place.slots; slot; slot = slot->next)
    if (slot->tier == number(tier))
      slot->code.store(code ? code : slot->stub, std::memory_order_release);
}

void CodeCache::addSlot(const CodeLock &, CodeSlot &slot, TierId tier, uint64_t pc) {
  CodePlace &place = places[pc];
  slot.tier = static_cast<uint8_t>(tier);
  slot.next = place.slots;
  place.slots = &slot;
  slot.code.store(place.live(tier) ? place.at[number(tier)].code.load(std::memory_order_relaxed) : slot.stub,
                  std::memory_order_release);
}

void CodeCache::kill(const CodeLock &guard, CodeObject &object) {
  if (object.state == CodeObject::State::Live)
    hide(guard, object);
  object.state = CodeObject::State::Dead;
  for (const CodeObject::Entry &entry : object.entries()) {
    CodePlace &place = *places.find(entry.pc);
    auto &at = place.at[number(object.tier)];
    if (at.object != &object)
      continue;
    at.object = nullptr;
    at.code.store(nullptr, std::memory_order_release);
    refresh(place);
  }
  forPages(object, [&](uint64_t number) { std::erase(page(number).objects, &object); });
  object.died();
  reclaimer.retire(guard, &object);
  reclaimer.collect(guard, threads);
  if (reclaimer.numWaiting() % ManyWaiting == ManyWaiting - 1)
    interrupt(guard);
}

void CodeCache::killAll(const CodeLock &guard, TierId tier) {
  std::vector<CodeObject *> all;
  for (auto &[number, each] : pages)
    for (CodeObject *object : each.objects)
      if (object->tier == tier)
        all.push_back(object);
  // In two pages is what lies across their border.
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  for (CodeObject *object : all)
    kill(guard, *object);
  if (!all.empty())
    interrupt(guard);
}

std::vector<CodeObject *> CodeCache::objectsAt(const CodeLock &, uint64_t pc) {
  std::vector<CodeObject *> found;
  auto here = pages.find(pc >> CodePageShift);
  if (here == pages.end())
    return found;
  for (CodeObject *object : here->second.objects)
    for (const GuestSpan &span : object->spans())
      if (!span.lookedAt && span.overlaps(pc, pc + 1)) {
        found.push_back(object);
        break;
      }
  return found;
}

void CodeCache::interrupt(const CodeLock &) {
  for (CpuState *s : threads)
    setPending(*s, pending::Invalidated);
}

/// Stores to \p page are about to go unnoticed. Says whether threads may be inside its code.
bool CodeCache::suspendPage(const CodeLock &guard, CodePage &page) {
  bool inside = false;
  std::vector<CodeObject *> old;
  for (CodeObject *object : page.objects) {
    if (object->checksItself())
      continue;
    if (object->state == CodeObject::State::Live) {
      hide(guard, *object);
      inside |= runsUntilTold(*object);
    } else if (++object->missed > MaxMissed) {
      old.push_back(object);
    }
  }
  for (CodeObject *object : old)
    kill(guard, *object);
  page.tracked = false;
  return inside;
}

void CodeCache::change(uint64_t start, uint64_t size, bool gone) {
  LongestPause::Span span(pause);
  CodeLock guard(lock);
  numChanges.fetch_add(1, std::memory_order_release);
  const uint64_t end = start + size;
  bool inside = false;
  for (auto it = pages.lower_bound(start >> CodePageShift); it != pages.end() && it->first << CodePageShift < end;) {
    inside |= suspendPage(guard, it->second);
    // What checks its bytes does not look at whether they may still be executed.
    const std::vector<CodeObject *> objects = it->second.objects;
    for (CodeObject *object : objects)
      if (gone || object->checksItself())
        kill(guard, *object);
    it = gone ? pages.erase(it) : std::next(it);
  }
  lastPage = ~uint64_t(0);
  if (inside)
    interrupt(guard);
  memory.untrack(start, size);
}

bool CodeCache::onWriteFault(uint64_t address) {
  LongestPause::Span span(pause);
  CodeLock guard(lock);
  const std::vector<uint64_t> behind = memory.trackedBehind(address);
  if (behind.empty()) // another thread's fault may have been first
    return memory.isWritable(address);
  numChanges.fetch_add(1, std::memory_order_release);
  bool inside = false;
  for (uint64_t start : behind) {
    CodePage &written = page(start >> CodePageShift);
    written.noteWrite();
    inside |= suspendPage(guard, written);
  }
  if (inside)
    interrupt(guard);
  for (uint64_t start : behind)
    memory.untrack(start, CodePageSize);
  return true;
}

} // namespace dbt
