//===- RegionTier.cpp - Code compiled by LLVM as a tier -------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Region/RegionTier.h"

#include "Guest/Pending.h"
#include "Region/RegionVisits.h"

#include <new>

namespace dbt {

namespace {

/// What a thread has of this tier once it has entered a region; CpuState::regionTable points to
/// the first.
struct ThreadPart {
  RegionTable table;
  RegionVisits visits;
};

/// The table of threads that have not, most of a short program's.
RegionTable emptyTable = {};

ThreadPart *partOf(const CpuState &s) { return reinterpret_cast<ThreadPart *>(s.regionTable); }

} // namespace

/// A region in the code cache.
class RegionTier::Object final : public CodeObject {
public:
  Object(RegionTier &tier, Region *region) : CodeObject(TierId::Region), tier(tier), region(region) {
    kind = region->guestWritable ? PageKind::Writable : PageKind::Stable;
  }
  ~Object() override {
    if (region)
      tier.compiler.get()->release(region);
  }
  std::span<const Entry> entries() const override { return region->entries; }
  std::span<const GuestSpan> spans() const override { return region->spans; }
  const uint8_t *guestBytes() const override { return region->bytes.data(); }
  void died() override {
    for (size_t i = 0; i < region->numOwn; ++i)
      if (--tier.covered[region->spans[i].start] == 0)
        tier.covered.erase(region->spans[i].start);
    if (tier.perf)
      tier.perf->forget(*region);
  }

  RegionTier &tier;
  Region *region; ///< null: it is not the object's after all
};

RegionTier::RegionTier(CodeCache &cache, CompilerLoader &compiler, const CompilerOptions &options)
    : Tier(TierId::Region, cache), compiler(compiler), options(options) {
  emptyTable.entries[0].pc = RegionTable::ElsewherePc;
  if (options.describeCode())
    perf = std::make_unique<PerfFiles>(options.perfMap, options.dumpDirectory);
}

void RegionTier::start(void *stub, void *slotMemory, size_t slotBytes) {
  exitStub = stub;
  nextSlot = static_cast<CodeSlot *>(slotMemory);
  slotsEnd = nextSlot + slotBytes / sizeof(CodeSlot);
  unlinked = new (nextSlot++) CodeSlot{exitStub, exitStub};
  open.store(true, std::memory_order_relaxed);
}

CodeSlot *RegionTier::slot(const CodeLock &guard, uint64_t pc) {
  if (CodeSlot *known = cache.place(guard, pc).slot(id))
    return known;
  if (nextSlot == slotsEnd)
    return nullptr;
  auto *made = new (nextSlot++) CodeSlot{exitStub, exitStub};
  cache.addSlot(guard, *made, id, pc);
  return made;
}

std::vector<GuestSpan> RegionTier::spansOf(uint64_t pc, const void *code) {
  CodeLock guard(cache.mutex());
  const CodeCache::Code known = cache.find(guard, id, pc);
  if (!known || known.code != code)
    return {};
  const Region &region = *static_cast<const Object *>(known.object)->region;
  return {region.spans.begin(), region.spans.begin() + static_cast<ptrdiff_t>(region.numCode)};
}

bool RegionTier::publish(const CodeLock &guard, Region *region) {
  for (const CodeObject::Entry &entry : region->entries)
    if (!slot(guard, entry.pc))
      return false;
  auto object = std::make_unique<Object>(*this, region);
  if (!cache.publishIfCurrent(guard, object.get())) {
    object->region = nullptr;
    return false;
  }
  object.release(); // the cache's
  for (size_t i = 0; i < region->numOwn; ++i)
    ++covered[region->spans[i].start];
  if (perf)
    perf->add(*region);
  return true;
}

void RegionTier::drop(const CodeLock &guard, uint64_t pc) {
  if (CodeCache::Code known = cache.find(guard, id, pc)) {
    cache.kill(guard, *known.object);
    cache.interrupt(guard);
  }
}

CodeCache::Code RegionTier::make(CodeLock &guard, uint64_t pc) {
  if (options.policy.mode != TierMode::Jit || cache.track(guard, pc) == PageKind::Volatile)
    return {};
  if (const uint64_t *failed = notCompiled.find(pc); failed && *failed == cache.changes())
    return {};
  const uint64_t since = cache.changes();
  bool compiled = false;
  guard.without([&] {
    Compiler *c = compiler.wait();
    compiled = c && c->compileNow(pc);
  });
  if (!compiled)
    notCompiled[pc] = since;
  return compiled ? cache.find(guard, id, pc) : CodeCache::Code{};
}

bool RegionTier::isFleeting(CpuState &s) { return partOf(s)->visits.isFleeting(s.rip); }

void RegionTier::enter(CpuState &s, const void *code) {
  compiler.get()->enter(s, const_cast<void *>(code));
}

bool RegionTier::openThread(CpuState &s) {
  s.regionTable = &emptyTable;
  return true;
}

void RegionTier::closeThread(CpuState &s) {
  if (s.regionTable != &emptyTable)
    delete partOf(s);
  s.regionTable = nullptr;
}

void RegionTier::remember(const CodeLock &, CpuState &s, uint64_t pc, CodePlace &place) {
  if (s.regionTable == &emptyTable) {
    s.regionTable = &(new ThreadPart)->table;
    s.regionTable->clear();
  }
  if (!options.noChain)
    s.regionTable->set(pc, place.slot(id)); // publish() has made it
}

bool RegionTier::owns(const void *hostPc) {
  Compiler *c = compiler.get();
  return c && c->owns(hostPc);
}

void RegionTier::addStats(std::vector<StatRow> &rows) {
  Compiler *c = compiler.get();
  const CompilerStats s = c ? c->stats() : CompilerStats();
  rows.push_back({"regions", "regions compiled", s.regions});
  rows.push_back({"region_insns", "guest instructions compiled", s.guestInsns});
  rows.push_back({"ir_insns", "IR instructions after the passes", s.irInsns});
  rows.push_back({"host_bytes", "bytes of object code", s.hostBytes});
  rows.push_back({"failed_regions", "regions not compiled", s.failed});
  rows.push_back({"lift_us", "us lifting", s.liftNs / 1000});
  rows.push_back({"pass_us", "us in passes", s.passNs / 1000});
  rows.push_back({"codegen_us", "us generating code", s.codegenNs / 1000});
  rows.push_back({"link_us", "us linking", s.linkNs / 1000});
}

} // namespace dbt
