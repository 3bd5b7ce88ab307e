//===- CopyTier.cpp - The first tier of code on a host of the guest's kind ===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Copy/CopyTier.h"

#include "Abi/HostContext.h"
#include "Copy/Copyable.h"
#include "Copy/x86_64/UnitEmitter.h"
#include "Guest/FlagsWord.h"

#include <algorithm>
#include <unordered_set>

namespace dbt {

namespace {
/// What a unit may hold. It only takes blocks that have run.
constexpr unsigned MaxInsns = 256, MaxBlocks = 48;
} // namespace

CopyUnit::~CopyUnit() {
  if (arena)
    arena->free(*this);
}

std::unique_ptr<CopyTier> CopyTier::create(CodeCache &cache, InterpTier &interp, CopyOptions options) {
  std::unique_ptr<CopyArena> first = CopyArena::create(0);
  CopyTable *empty = CopyTable::create();
  if (!first || !empty)
    return nullptr;
  std::unique_ptr<CopyTier> tier(new CopyTier(cache, interp, options));
  tier->empty = empty;
  tier->arenas[tier->numArenas++] = std::move(first);
  return tier;
}

CopyTier::CopyTier(CodeCache &cache, InterpTier &interp, CopyOptions options)
    : Tier(TierId::Copy, cache), interp(interp), options(options) {}

CopyTier::~CopyTier() { CopyTable::destroy(empty); }

/// The arena for copies of code at \p pc: a near one, if there is or can be one.
CopyArena *CopyTier::arenaFor(uint64_t pc) {
  const unsigned known = numArenas.load(std::memory_order_relaxed);
  for (unsigned i = 0; i < known; ++i)
    if (arenas[i]->isNear(pc))
      return arenas[i].get();
  // Below an image, since its heap grows behind it.
  constexpr uint64_t Gap = uint64_t(1) << 28, Tries = 4;
  for (uint64_t i = 1; known < MaxArenas && i <= Tries && pc > (i + 1) * Gap; ++i)
    if (std::unique_ptr<CopyArena> made = CopyArena::create((pc & ~(Gap - 1)) - i * Gap)) {
      arenas[known] = std::move(made);
      numArenas.store(known + 1, std::memory_order_release);
      return arenas[known].get();
    }
  return arenas[0].get();
}

CopyArena *CopyTier::arenaOf(const void *hostPc) const {
  for (unsigned i = 0; i < numArenas.load(std::memory_order_acquire); ++i)
    if (arenas[i]->owns(hostPc))
      return arenas[i].get();
  return nullptr;
}

bool CopyTier::openThread(CpuState &s) {
  CopyTable *table = CopyTable::create();
  s.ownCopyTable = table;
  s.copyTable = s.emptyCopyTable = empty;
  s.copyBudget = s.copyGranted = options.period;
  return table != nullptr;
}

void CopyTier::closeThread(CpuState &s) {
  CopyTable::destroy(s.ownCopyTable);
  s.ownCopyTable = s.copyTable = s.emptyCopyTable = nullptr;
}

void CopyTier::remember(const CodeLock &guard, CpuState &s, uint64_t pc, CodePlace &place) {
  CodeSlot *known = place.slot(id);
  if (!known && (known = arenas[0]->makeSlot(pc)))
    cache.addSlot(guard, *known, id, pc);
  if (known && s.ownCopyTable)
    s.ownCopyTable->set(pc, known);
}

/// The block at \p pc, if it has run and a copy can be made of it; with \p again another one.
const Block *CopyTier::candidate(const CodeLock &guard, uint64_t pc, bool again) {
  CodePlace *place = cache.known(guard, pc);
  if (!place || (!again && cache.find(guard, id, pc)) || place->live(TierId::Region))
    return nullptr;
  const Block *block = interp.find(guard, pc);
  return block && isCopyable(*block) ? block : nullptr;
}

/// Blocks reached from \p first without leaving what has run, in an order in which most
/// fall through to the next.
std::vector<const Block *> CopyTier::plan(const CodeLock &guard, const Block *first, bool again) {
  std::vector<const Block *> order;
  std::unordered_set<uint64_t> placed;
  std::vector<uint64_t> waiting;
  unsigned insns = 0;
  const Block *block = first;
  while (block) {
    order.push_back(block);
    placed.insert(block->pc);
    insns += block->numInsns;
    const Insn &last = block->ops[block->numInsns].insn;
    const auto target = static_cast<uint64_t>(last.imm);
    uint64_t next = 0;
    switch (last.flow) {
    case Flow::Next:
      next = block->end();
      break;
    case Flow::CondJump:
      next = block->end();
      waiting.push_back(target);
      break;
    case Flow::Jump:
      next = target;
      break;
    case Flow::Call:
    case Flow::IndirectCall:
    case Flow::Syscall:
      waiting.push_back(block->end());
      break;
    case Flow::IndirectJump:
    case Flow::Ret:
    case Flow::Trap:
      break;
    }
    block = nullptr;
    if (insns >= MaxInsns || order.size() >= MaxBlocks)
      break;
    waiting.push_back(next);
    while (!block && !waiting.empty()) {
      const uint64_t at = waiting.back();
      waiting.pop_back();
      if (at != 0 && !placed.contains(at))
        block = candidate(guard, at, again);
    }
  }
  return order;
}

/// The slot by which code in \p arena goes to \p pc.
CodeSlot *CopyTier::slot(const CodeLock &guard, CopyArena &arena, uint64_t pc) {
  for (CodeSlot *known = cache.place(guard, pc).slots; known; known = known->next)
    if (known->tier == number(id) && arena.owns(known->stub))
      return known;
  CodeSlot *made = arena.makeSlot(pc);
  if (made)
    cache.addSlot(guard, *made, id, pc);
  return made;
}

CodeCache::Code CopyTier::make(CodeLock &guard, uint64_t pc) {
  if (CodeCache::Code known = cache.find(guard, id, pc))
    return known;
  return copy(guard, pc, false) ? cache.find(guard, id, pc) : CodeCache::Code{};
}

bool CopyTier::canCopy(const CodeLock &guard, uint64_t pc) {
  const Block *block = interp.find(guard, pc);
  return block && isCopyable(*block);
}

void CopyTier::reform(const CodeLock &guard, uint64_t pc) { copy(guard, pc, true); }

bool CopyTier::copy(const CodeLock &guard, uint64_t pc, bool again) {
  const Block *first = candidate(guard, pc, again);
  if (!first)
    return false;
  const std::vector<const Block *> order = plan(guard, first, again);
  size_t insns = 0;
  for (const Block *block : order)
    insns += block->numInsns;
  CopyArena &arena = *arenaFor(pc);
  CopyArena::Room room{copy::Assembler(nullptr), copy::Assembler(nullptr), 0};
  if (!arena.hasSlots(2 * order.size())) // a block has two successors at most
    return false;
  if (!arena.room(copy::UnitEmitter::maxBytes(insns, order.size()), copy::UnitEmitter::maxColdBytes(order.size()), room)) {
    // Their memory comes back when no thread can be inside.
    for (CopyUnit *unit : arena.oldest())
      if (unit->state != CodeObject::State::Dead)
        cache.kill(guard, *unit);
    cache.interrupt(guard);
    return false;
  }
  copy::UnitEmitter emitter(room.out.here(), room.cold.here(), arena.stubs(),
                            [&](uint64_t target) { return slot(guard, arena, target); }, options.countInsns);
  std::unique_ptr<CopyUnit> unit = emitter.emit(order);
  room.out = copy::Assembler(emitter.end());
  room.cold = copy::Assembler(emitter.coldEnd());
  unit->arena = &arena;
  arena.keep(*unit, room);
  ++numUnits;
  numInsns += unit->insns;
  numBytes += unit->bytes;
  cache.publish(guard, unit.release());
  return true;
}

void CopyTier::retire(const CodeLock &guard, uint64_t pc) {
  for (CodeObject *object : cache.objectsAt(guard, pc))
    if (object->tier == id && object->state != CodeObject::State::Dead)
      for (const GuestSpan &span : object->spans())
        if (span.start == pc) {
          cache.kill(guard, *object);
          break;
        }
}

void CopyTier::enter(CpuState &s, const void *code) {
  uint64_t uppers = 0;
  for (const Vec128 &v : s.ymmHigh)
    uppers |= v.lo | v.hi;
  constexpr uint64_t AlwaysSet = 2;
  const uint64_t flags = AlwaysSet | statusFlags(s.flags) | (s.df ? flag::DF : 0);
  arenas[0]->stubs().enter(code, flags, uppers != 0);
  s.flags = {flagOp(FlagKind::Literal, 64), s.copyFlags & flag::Status, 0};
  s.df = (s.copyFlags & flag::DF) != 0;
}

uint64_t CopyTier::sample(const CodeLock &, CpuState &s, uint64_t target) {
  constexpr int32_t Often = 16;
  // Less than what was granted, where something was pending; that is not told apart.
  const uint64_t sum = polls[target] += static_cast<uint64_t>(s.copyGranted);
  s.copyGranted = sum < static_cast<uint64_t>(options.period * Often) ? options.period : options.period * Often;
  s.copyBudget = s.copyGranted;
  return sum;
}

bool CopyTier::isNumeric(const CodeLock &guard, uint64_t pc) {
  const auto *unit = static_cast<const CopyUnit *>(cache.find(guard, id, pc).object);
  return unit && unit->floats * 8 >= unit->insns;
}

uint64_t CopyTier::heat(const CodeLock &, uint64_t pc) {
  constexpr uint64_t InsnsPerPoll = 4;
  auto it = polls.find(pc);
  return it == polls.end() ? 0 : it->second * InsnsPerPoll;
}

bool CopyTier::recover(const ucontext_t &context, CpuState &s) {
  // The thread that was interrupted does not hold the lock.
  CodeLock guard(cache.mutex());
  const auto *at = reinterpret_cast<const uint8_t *>(hostPc(context));
  const CopyArena *arena = arenaOf(at);
  const CopyUnit *in = arena ? arena->unitAt(at) : nullptr;
  if (!in)
    return false;
  auto after = std::upper_bound(in->lines.begin(), in->lines.end(), static_cast<uint32_t>(at - in->code),
                                [](uint32_t offset, const CopyLine &l) { return offset < l.offset; });
  const CopyLine &line = *std::prev(after);
  for (unsigned i = 0; i < 16; ++i)
    s.gpr[i] = hostGpr(context, i);
  for (unsigned i = 0; i < line.borrowed.size(); ++i)
    if (line.borrowed[i] != Reg::None)
      s.reg(line.borrowed[i]) = s.copyScratch[i];
  s.rip = line.pc;
  const uint64_t flags = hostFlags(context);
  s.flags = {flagOp(FlagKind::Literal, 64), flags & flag::Status, 0};
  s.df = (flags & flag::DF) != 0;
  hostVectors(context, s.xmm, s.ymmHigh);
  return true;
}

void CopyTier::addStats(std::vector<StatRow> &rows) {
  CodeLock guard(cache.mutex());
  rows.push_back({"copy_units", "pieces of code copied", numUnits});
  rows.push_back({"copy_unit_insns", "guest instructions copied", numInsns});
  rows.push_back({"copy_bytes", "bytes of copies", numBytes});
}

} // namespace dbt
