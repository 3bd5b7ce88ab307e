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
#include "Guest/Pending.h"

#include <algorithm>
#include <sys/mman.h>
#include <utility>

namespace dbt {

namespace {
constexpr unsigned PageShift = 12;
constexpr size_t ArenaBytes = size_t(128) << 20;
constexpr size_t SlotBytes = size_t(8) << 20, ColdBytes = size_t(24) << 20;
/// What a unit may hold. It only takes blocks that have run.
constexpr unsigned MaxInsns = 256, MaxBlocks = 48;
} // namespace

/// Host memory: slots, then what is rarely run, then stubs and code. Slots are data that
/// is written often, so no code that is run often is near them.
struct CopyTier::Arena {
  uint8_t *const base;
  CopySlot *nextSlot;
  copy::Assembler cold, out;
  copy::Stubs stubs;
  AddressMap<CopySlot *> slots;
  std::vector<std::unique_ptr<CopyUnit>> units; ///< by host address

  explicit Arena(void *memory)
      : base(static_cast<uint8_t *>(memory)), nextSlot(static_cast<CopySlot *>(memory)), cold(base + SlotBytes), out(codeBegin()),
        stubs(copy::emitStubs(out)) {}
  ~Arena() { munmap(base, ArenaBytes); }

  /// At \p address if that is free, or anywhere for 0; null: there is no memory.
  static std::unique_ptr<Arena> create(uint64_t address) {
    void *memory = mmap(reinterpret_cast<void *>(address), ArenaBytes, PROT_READ | PROT_WRITE | PROT_EXEC,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | (address ? MAP_FIXED_NOREPLACE : 0), -1, 0);
    return memory == MAP_FAILED ? nullptr : std::make_unique<Arena>(memory);
  }

  uint8_t *codeBegin() const { return base + SlotBytes + ColdBytes; }
  /// Whether a unit of so many blocks and instructions has room.
  bool fits(size_t insns, size_t blocks) const {
    const size_t slots = 2 * blocks; // a block has two successors at most
    return copy::UnitEmitter::maxBytes(insns, blocks) < static_cast<size_t>(base + ArenaBytes - out.here()) &&
           copy::UnitEmitter::maxColdBytes(blocks) + slots * copy::MaxSlotStubBytes < static_cast<size_t>(codeBegin() - cold.here()) &&
           (slots + 1) * sizeof(CopySlot) < static_cast<size_t>(base + SlotBytes - reinterpret_cast<uint8_t *>(nextSlot));
  }
  /// Whether all of it can address data around \p pc relative to RIP.
  bool isNear(uint64_t pc) const {
    constexpr int64_t Reach = int64_t(15) << 27; // leaves an image some space
    const int64_t distance = static_cast<int64_t>(pc) - reinterpret_cast<int64_t>(base);
    return distance < Reach && distance > -Reach;
  }
};

std::unique_ptr<CopyTier> CopyTier::create(BlockCache &blocks, CopyOptions options) {
  std::unique_ptr<Arena> first = Arena::create(0);
  CopyTable *empty = CopyTable::create();
  if (!first || !empty)
    return nullptr;
  std::unique_ptr<CopyTier> tier(new CopyTier(blocks, std::move(options)));
  tier->empty = empty;
  tier->arenas[tier->numArenas++] = std::move(first);
  return tier;
}

CopyTier::CopyTier(BlockCache &blocks, CopyOptions options) : blocks(blocks), options(std::move(options)) {}

CopyTier::~CopyTier() { CopyTable::destroy(empty); }

/// The arena for copies of code at \p pc: a near one, if there is or can be one.
CopyTier::Arena *CopyTier::arenaFor(uint64_t pc) {
  const unsigned known = numArenas.load(std::memory_order_relaxed);
  for (unsigned i = 0; i < known; ++i)
    if (arenas[i]->isNear(pc))
      return arenas[i].get();
  // Below an image, since its heap grows behind it.
  constexpr uint64_t Gap = uint64_t(1) << 28, Tries = 4;
  for (uint64_t i = 1; known < MaxArenas && i <= Tries && pc > (i + 1) * Gap; ++i)
    if (std::unique_ptr<Arena> made = Arena::create((pc & ~(Gap - 1)) - i * Gap)) {
      arenas[known] = std::move(made);
      numArenas.store(known + 1, std::memory_order_release);
      return arenas[known].get();
    }
  return arenas[0].get();
}

CopyTier::Arena *CopyTier::arenaOf(const void *hostPc) const {
  const auto *at = static_cast<const uint8_t *>(hostPc);
  for (unsigned i = 0; i < numArenas.load(std::memory_order_acquire); ++i)
    if (at >= arenas[i]->codeBegin() && at < arenas[i]->base + ArenaBytes)
      return arenas[i].get();
  return nullptr;
}

bool CopyTier::openThread(CpuState &s) {
  CopyTable *table = CopyTable::create();
  if (!table)
    return false;
  s.ownCopyTable = table;
  s.copyTable = s.emptyCopyTable = empty;
  s.copyBudget = s.copyGranted = options.period;
  std::lock_guard guard(lock);
  tables.push_back(table);
  return true;
}

void CopyTier::closeThread(CpuState &s) {
  {
    std::lock_guard guard(lock);
    std::erase(tables, s.ownCopyTable);
  }
  CopyTable::destroy(s.ownCopyTable);
  s.ownCopyTable = s.copyTable = s.emptyCopyTable = nullptr;
}

const void *CopyTier::findLocked(uint64_t pc) const {
  const uint8_t *const *known = entries.find(pc);
  return known ? *known : nullptr;
}

const void *CopyTier::find(uint64_t pc) {
  std::lock_guard guard(lock);
  return findLocked(pc);
}

/// The block at \p pc, if it has run and a copy can be made of it; with \p again another one.
Block *CopyTier::candidate(uint64_t pc, bool again) {
  if ((!again && findLocked(pc)) || options.isCompiled(pc))
    return nullptr;
  Block *block = blocks.find(pc);
  return block && isCopyable(*block) ? block : nullptr;
}

/// Blocks reached from \p first without leaving what has run, in an order in which most
/// fall through to the next.
std::vector<const Block *> CopyTier::plan(Block *first, bool again) {
  // Where the guest can write its code, every branch must see that it has.
  if (first->endsAtStores)
    return {first};
  std::vector<const Block *> order;
  std::unordered_set<uint64_t> placed;
  std::vector<uint64_t> waiting;
  unsigned insns = 0;
  Block *block = first;
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
        block = candidate(at, again);
      if (block && block->endsAtStores)
        block = nullptr;
    }
  }
  return order;
}

CopySlot *CopyTier::slot(Arena &arena, uint64_t pc) {
  CopySlot *&known = arena.slots[pc];
  if (!known) {
    known = arena.nextSlot++;
    known->stub = nullptr; // written with the unit
    known->code.store(findLocked(pc), std::memory_order_relaxed);
  }
  return known;
}

/// All slots of \p pc to \p code, or to their stubs.
void CopyTier::setSlots(uint64_t pc, const void *code) {
  for (unsigned i = 0; i < numArenas.load(std::memory_order_relaxed); ++i)
    if (CopySlot **slot = arenas[i]->slots.find(pc))
      (*slot)->code.store(code ? code : (*slot)->stub, std::memory_order_release);
}

const void *CopyTier::copy(uint64_t pc) {
  std::lock_guard guard(lock);
  const void *known = findLocked(pc);
  return known ? known : copyLocked(pc, false);
}

bool CopyTier::canCopy(uint64_t pc) {
  std::lock_guard guard(lock);
  Block *block = blocks.find(pc);
  return block && isCopyable(*block);
}

void CopyTier::reform(uint64_t pc) {
  std::lock_guard guard(lock);
  copyLocked(pc, true);
}

const void *CopyTier::copyLocked(uint64_t pc, bool again) {
  Block *first = candidate(pc, again);
  if (!first)
    return nullptr;
  const std::vector<const Block *> order = plan(first, again);
  size_t insns = 0;
  for (const Block *block : order)
    insns += block->numInsns;
  Arena &arena = *arenaFor(pc);
  if (!arena.fits(insns, order.size()))
    return nullptr;
  std::vector<std::pair<CopySlot *, uint64_t>> fresh;
  copy::UnitEmitter emitter(arena.out.here(), arena.cold.here(), arena.stubs, [&](uint64_t target) {
    CopySlot *s = slot(arena, target);
    if (!s->stub)
      fresh.emplace_back(s, target);
    return s;
  }, options.countInsns);
  auto unit = std::make_unique<CopyUnit>(emitter.emit(order));
  arena.out = copy::Assembler(emitter.end());
  arena.cold = copy::Assembler(emitter.coldEnd());
  for (auto [s, target] : fresh) {
    s->stub = arena.cold.here();
    copy::emitSlotStub(arena.cold, arena.stubs, target);
    if (!s->code.load(std::memory_order_relaxed))
      s->code.store(s->stub, std::memory_order_relaxed);
  }
  CopyUnit *raw = unit.get();
  arena.units.push_back(std::move(unit));
  publish(raw);
  return findLocked(pc);
}

void CopyTier::publish(CopyUnit *unit) {
  ++counts.units;
  counts.guestInsns += unit->insns;
  counts.hostBytes += unit->bytes;
  for (auto [start, end] : unit->spans)
    for (uint64_t page = start >> PageShift; page <= (end - 1) >> PageShift; ++page) {
      std::vector<CopyUnit *> &list = byPage[page];
      if (list.empty() || list.back() != unit)
        list.push_back(unit);
    }
  for (auto [pc, code] : unit->entries) {
    // Where there was one, both units have the block: they die together.
    const bool known = std::exchange(entries[pc], code) != nullptr;
    setSlots(pc, code);
    if (known)
      for (CopyTable *table : tables)
        table->clear(pc);
    else
      blocks.setCompiled(pc, true);
  }
}

void CopyTier::unlink(CopyUnit *unit) {
  unit->dead = true;
  for (auto [pc, code] : unit->entries) {
    if (findLocked(pc) != code)
      continue;
    entries.erase(pc);
    setSlots(pc, nullptr);
    for (CopyTable *table : tables)
      table->clear(pc);
  }
  for (auto [start, end] : unit->spans)
    for (uint64_t page = start >> PageShift; page <= (end - 1) >> PageShift; ++page)
      if (auto it = byPage.find(page); it != byPage.end()) {
        std::erase(it->second, unit);
        if (it->second.empty())
          byPage.erase(it);
      }
}

bool CopyTier::invalidate(uint64_t start, uint64_t size) {
  std::lock_guard guard(lock);
  const uint64_t end = start + size;
  std::vector<CopyUnit *> hit;
  auto look = [&](const std::vector<CopyUnit *> &list) {
    for (CopyUnit *unit : list)
      for (auto [from, to] : unit->spans)
        if (from < end && to > start) {
          hit.push_back(unit);
          break;
        }
  };
  const uint64_t firstPage = start >> PageShift, lastPage = (end - 1) >> PageShift;
  if (lastPage - firstPage > byPage.size()) {
    for (auto &[page, list] : byPage)
      if (page >= firstPage && page <= lastPage)
        look(list);
  } else {
    for (uint64_t page = firstPage; page <= lastPage; ++page)
      if (auto it = byPage.find(page); it != byPage.end())
        look(it->second);
  }
  for (CopyUnit *unit : hit)
    if (!unit->dead)
      unlink(unit);
  return !hit.empty();
}

void CopyTier::retire(uint64_t pc) {
  std::lock_guard guard(lock);
  auto it = byPage.find(pc >> PageShift);
  if (it == byPage.end())
    return;
  const std::vector<CopyUnit *> list = it->second;
  for (CopyUnit *unit : list)
    for (auto [start, end] : unit->spans)
      if (start == pc) {
        unlink(unit);
        break;
      }
}

void CopyTier::enter(CpuState &s, const void *code) {
  uint64_t uppers = 0;
  for (const Vec128 &v : s.ymmHigh)
    uppers |= v.lo | v.hi;
  constexpr uint64_t AlwaysSet = 2;
  const uint64_t flags = AlwaysSet | statusFlags(s.flags) | (s.df ? flag::DF : 0);
  s.regionExit = 0;
  arenas[0]->stubs.enter(code, flags, uppers != 0);
  s.flags = {flagOp(FlagKind::Literal, 64), s.copyFlags & flag::Status, 0};
  s.df = (s.copyFlags & flag::DF) != 0;
}

uint64_t CopyTier::sample(CpuState &s, uint64_t target) {
  constexpr int32_t Often = 16;
  std::lock_guard guard(lock);
  // Less than what was granted, where something was pending; that is not told apart.
  const uint64_t sum = polls[target] += static_cast<uint64_t>(s.copyGranted);
  s.copyGranted = sum < static_cast<uint64_t>(options.period * Often) ? options.period : options.period * Often;
  s.copyBudget = s.copyGranted;
  return sum;
}

bool CopyTier::isNumeric(uint64_t pc) {
  std::lock_guard guard(lock);
  auto it = byPage.find(pc >> PageShift);
  const uint8_t *code = static_cast<const uint8_t *>(findLocked(pc));
  if (it == byPage.end() || !code)
    return false;
  for (const CopyUnit *unit : it->second)
    if (code >= unit->code && code < unit->code + unit->bytes)
      return unit->floats * 8 >= unit->insns;
  return false;
}

uint64_t CopyTier::heat(uint64_t pc) {
  constexpr uint64_t InsnsPerPoll = 4;
  std::lock_guard guard(lock);
  auto it = polls.find(pc);
  return it == polls.end() ? 0 : it->second * InsnsPerPoll;
}

void CopyTier::cool(uint64_t pc) {
  std::lock_guard guard(lock);
  polls.erase(pc);
}

void CopyTier::recover(const ucontext_t &context, CpuState &s) {
  // No lock is held by the thread that was interrupted.
  std::lock_guard guard(lock);
  const auto *at = reinterpret_cast<const uint8_t *>(hostPc(context));
  const std::vector<std::unique_ptr<CopyUnit>> &units = arenaOf(at)->units;
  auto unit = std::upper_bound(units.begin(), units.end(), at, [](const uint8_t *p, const auto &u) { return p < u->code; });
  const CopyUnit &in = **std::prev(unit);
  auto after = std::upper_bound(in.lines.begin(), in.lines.end(), static_cast<uint32_t>(at - in.code),
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
}

CopyStats CopyTier::stats() {
  std::lock_guard guard(lock);
  return counts;
}

} // namespace dbt
