//===- Dispatcher.cpp - Where every guest thread runs ---------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dispatch/Dispatcher.h"
#include "Guest/Host/HostFp.h"
#include "Guest/Host/HostX87.h"
#include "Abi/CpuBase.h"
#include "Abi/ThreadContext.h"
#include "Dispatch/Tiers.h"
#include "Dispatch/Unimplemented.h"
#include "Guest/Fxsave.h"
#include "Guest/Pending.h"
#include "Guest/RegionExit.h"
#include "Interp/Interp.h"
#include "Loader/AddressSpace.h"

#include <algorithm>

namespace dbt {

namespace {
/// The guest's MXCSR is in the host's register while guest code runs only: our own
/// code must not add to its sticky flags. Compiled code may have left its x87 state in
/// the host's unit, too.
void leaveGuestFp(CpuState &s) {
  if (s.x87InHost)
    host::x87Leave(s);
  s.mxcsr = hostfp::mxcsr();
  hostfp::setMxcsr(DefaultMxcsr);
}
bool isCompiled(const Block &block) {
  return block.head()->fn.load(std::memory_order_relaxed) == &interp::compiledHead;
}
} // namespace

/// The way out of a handler for a trap; the way out for a host fault is the same
/// recovery point, taken by the fault handler (Abi).
void interpRaise(CpuState *s, const IOp *op, Trap trap) {
  leaveGuestFp(*s);
  s->rip = op->insn.pc;
  s->trap = trap;
  s->exitReason = static_cast<uint32_t>(ExitReason::Trap);
  siglongjmp(*s->thread->recovery, 1);
}

Dispatcher::Dispatcher(AddressSpace &space, const GuestOs &os, const CompilerOptions &options)
    : os(os), noChain(options.noChain), codeTracker(space), blocks(codeTracker, options.policy.blockBudget()),
      tiers(std::make_unique<Tiers>(codeTracker, blocks, this->os, options)) {
  if (options.countSites)
    exitSites = std::make_unique<ExitSites>();
  codeTracker.invalidate = [this](uint64_t start, uint64_t size) {
    blocks.invalidate(start, size);
    if (tiers->invalidate(start, size))
      leaveRegions();
  };
}

void Dispatcher::changeMode() {
  LongestPause::Span span(codeTracker.pauses());
  if (tiers->dropRegions())
    leaveRegions();
}

void Dispatcher::leaveRegions() {
  forgetRegions();
  os.broadcastPending(pending::Invalidated);
}

Dispatcher::~Dispatcher() = default;

Stats Dispatcher::stats() {
  Stats stats;
  stats.blocks = blocks.size();
  stats.regionEntries = tiers->numEntries();
  std::copy(std::begin(exitCounts), std::end(exitCounts), stats.exits);
  stats.compiler = tiers->stats();
  stats.longestCopying = tiers->longestCopying();
  stats.longestPublication = tiers->longestPublication();
  stats.longestInvalidation = codeTracker.pauses().microseconds();
  if (CopyTier *copies = tiers->copies()) {
    stats.copies = copies->stats();
    stats.copyEntries = copyEntries;
  }
  if (lockstep)
    stats.check = lockstep->stats();
  if (exitSites) {
    constexpr size_t Shown = 10;
    stats.exitSites = exitSites->top(Shown);
    for (BlockCache::Run run : blocks.mostRun(Shown))
      stats.interpreted.push_back({"block", run.pc, run.insns});
  }
  return stats;
}

/// Lets the block that was left with CpuState::exitOp, if any, go on to \p block by itself.
void Dispatcher::link(CpuState &s, Block *block) {
  const IOp *from = static_cast<const IOp *>(s.exitOp);
  s.exitOp = nullptr; // is only valid for this exit
  if (!from || !block)
    return;
  Block *source = blockOf(from);
  source->link[s.rip != source->end()].store(block, std::memory_order_relaxed);
}

void Dispatcher::startLockstep(std::function<std::string(const std::string &)> command) {
  LockstepHost host;
  host.enter = [this](CpuState &s, void *entry) {
    settleEntryLimit(s);
    tiers->enter(s, entry);
  };
  host.regions = &tiers->regions();
  host.everThreaded = os.everThreaded;
  host.exact = os.handlesFaults;
  host.invalidate = codeTracker.invalidate;
  host.say = [](const std::string &text) { processLog().write(text); };
  host.command = std::move(command);
  host.chained = !noChain;
  lockstep = std::make_unique<Lockstep>(codeTracker, blocks, std::move(host));
}

/// The block at rip, which the thread is about to run; null if it cannot be
/// executed.
Block *Dispatcher::lookup(CpuState &s, BranchTable &table) {
  Block *block = blocks.get(s.rip);
  link(s, block);
  if (!block)
    return nullptr;
  table.slot(s.rip) = {s.rip, block};
  return block;
}

void Dispatcher::run(CpuState &s) {
  // Raw, since a vfork's child does not return from here: abandon() frees them.
  auto *table = new BranchTable;
  table->clear();
  s.branchTable = table;
  s.exitOp = nullptr;
  s.exitReason = static_cast<uint32_t>(ExitReason::Lookup);
  s.regionTable = new RegionTable;
  s.regionTable->clear();
  {
    std::lock_guard guard(tablesLock);
    regionTables.push_back(s.regionTable);
  }
  setCpuBase(&s);
  if (tiers->copies())
    tiers->copies()->openThread(s);
  s.hostStackLimit = reinterpret_cast<uint64_t>(__builtin_frame_address(0)) - s.thread->hostStackBytes;
  s.entryLimit = ~uint64_t(0); // settled where a region is entered
  // Traps and host faults come back here, with exitReason set.
  sigjmp_buf recovery;
  s.thread->recovery = &recovery;
  sigsetjmp(recovery, 0);
  while (step(s, *table)) {
  }
  s.thread->recovery = nullptr;
  abandon(s);
}

void Dispatcher::abandon(CpuState &s) {
  {
    std::lock_guard guard(tablesLock);
    std::erase(regionTables, s.regionTable);
  }
  if (tiers->copies())
    tiers->copies()->closeThread(s);
  delete s.regionTable;
  delete static_cast<BranchTable *>(s.branchTable);
  s.regionTable = nullptr;
  s.branchTable = nullptr;
}

void Dispatcher::beforeFork() {
  tiers->beforeFork();
  codeTracker.mutex().lock();
  tablesLock.lock();
}

void Dispatcher::afterFork(bool inChild) {
  tablesLock.unlock();
  codeTracker.mutex().unlock();
  tiers->afterFork(inChild);
}

/// Runs compiled code. The guest's floating-point state is in the host's registers.
void Dispatcher::enterRegion(CpuState &s, void *entry) {
  if (tiers->copies() && visits.isFleeting(s.rip) && tiers->demote(s.rip))
    forgetRegions();
  settleEntryLimit(s);
  tiers->enter(s, entry);
  s.leftRegion = 1;
  leftRegion(s);
}

/// Some have died.
void Dispatcher::forgetRegions() {
  std::lock_guard guard(tablesLock);
  for (RegionTable *regionTable : regionTables)
    regionTable->clear();
}

/// The same for copies.
void Dispatcher::enterCopy(CpuState &s, const void *code) {
  settleEntryLimit(s);
  ++copyEntries;
  if (s.leftRegion)
    tiers->wanted(s.rip);
  s.leftRegion = 0;
  tiers->copies()->enter(s, code);
}

void Dispatcher::leftRegion(CpuState &s) {
  auto reason = ExitReason::Lookup;
  if (s.regionExit == static_cast<uint64_t>(RegionExit::Syscall))
    reason = ExitReason::Syscall;
  else if (s.regionExit == static_cast<uint64_t>(RegionExit::Trap))
    reason = ExitReason::Trap;
  s.exitReason = static_cast<uint32_t>(reason);
}

/// Most exits need no more than the next region or block, which the thread's own tables
/// know: neither locks nor a change of the floating-point state. False: not this one.
bool Dispatcher::hop(CpuState &s, BranchTable &table) {
  const auto reason = static_cast<ExitReason>(s.exitReason);
  if ((reason != ExitReason::Lookup && reason != ExitReason::Compiled) || s.regionExit != 0 ||
      __atomic_load_n(&s.pending, __ATOMIC_RELAXED) != 0 || unmasksFp(s.mxcsr))
    return false;
  // The table may be cleared meanwhile. Then the region leaves at its next safepoint, as
  // others do that are running.
  const RegionTable::Entry &region = s.regionTable->at(s.rip);
  if (__atomic_load_n(&region.pc, __ATOMIC_RELAXED) == s.rip) {
    ++exitCounts[static_cast<unsigned>(reason)];
    s.exitOp = nullptr;
    enterRegion(s, region.code);
    return true;
  }
  if (s.ownCopyTable)
    if (const void *code = s.ownCopyTable->find(s.rip)) {
      ++exitCounts[static_cast<unsigned>(reason)];
      s.exitOp = nullptr;
      enterCopy(s, code);
      return true;
    }
  const BranchTable::Entry &target = table.slot(s.rip);
  if (reason != ExitReason::Lookup || target.pc != s.rip || !target.block || !tiers->interpretsFirst())
    return false;
  ++exitCounts[static_cast<unsigned>(reason)];
  link(s, target.block);
  if (s.x87InHost)
    host::x87Leave(s); // the interpreter's is in memory
  interpret(s, *target.block);
  return true;
}

/// Handles the last exit and runs on to the next one.
bool Dispatcher::step(CpuState &s, BranchTable &table) {
  auto reason = static_cast<ExitReason>(s.exitReason);
  s.exitReason = static_cast<uint32_t>(ExitReason::Lookup);
  s.currentInsn = nullptr;
  ++exitCounts[static_cast<unsigned>(reason)];
  if (exitSites)
    exitSites->count(reason, s.regionExit == static_cast<uint64_t>(RegionExit::Interpret), s.rip);
  switch (reason) {
  case ExitReason::Lookup:
    break;
  case ExitReason::Syscall:
    if (!os.syscall(s))
      return false;
    break;
  case ExitReason::Trap:
    if (s.trap == Trap::Unimplemented)
      reportUnimplemented(s.rip, codeTracker.executableBytes(s.rip));
    if (!os.raiseTrap(s, s.trap))
      return false;
    break;
  case ExitReason::Fault:
    if (!os.raiseFault(s))
      return false;
    break;
  case ExitReason::Dead:
    if (Block *block = blocks.find(s.rip); block && block->isVolatile)
      blocks.kill(block);
    break;
  case ExitReason::Hot:
    tiers->hot(s.rip);
    break;
  case ExitReason::Compiled:
    // Its region may have died with code that the block does not share.
    if (!tiers->entry(s.rip) && !(s.ownCopyTable && tiers->copies()->find(s.rip)))
      blocks.setCompiled(s.rip, false);
    break;
  case ExitReason::Sample:
    tiers->sample(s);
    break;
  case ExitReason::Pending:
    break;
  }
  if (__atomic_load_n(&s.pending, __ATOMIC_ACQUIRE) != 0) {
    __atomic_fetch_and(&s.pending, ~uint32_t(pending::Invalidated), __ATOMIC_ACQ_REL);
    s.exitOp = nullptr;
    if (!os.deliverPending(s))
      return false;
  }
  if (os.threadCount() == 1 && blocks.hasGarbage()) {
    LongestPause::Span span(codeTracker.pauses());
    blocks.collect();
    s.exitOp = nullptr;
    table.clear();
  }
  const bool interpretOnly = s.regionExit == static_cast<uint64_t>(RegionExit::Interpret);
  const bool exactFp = unmasksFp(s.mxcsr);
  s.regionExit = 0;
  void *entry = interpretOnly || exactFp ? nullptr : tiers->entry(s.rip);
  const void *copy = !entry && s.ownCopyTable && !interpretOnly && !exactFp ? tiers->copies()->find(s.rip) : nullptr;
  Block *block = entry || copy ? nullptr : lookup(s, table);
  if (!entry && !copy && !block)
    return os.raiseFetchFault(s);
  if (entry) {
    s.exitOp = nullptr;
    if (!noChain)
      s.regionTable->set(s.rip, entry);
  }
  if (entry && lockstep) {
    if (!lockstep->enter(s, entry))
      leftRegion(s);
    return true;
  }
  if (copy) {
    s.exitOp = nullptr;
    s.ownCopyTable->set(s.rip, copy);
  }
  hostfp::setMxcsr(s.mxcsr);
  if (entry) {
    enterRegion(s, entry);
  } else if (copy) {
    enterCopy(s, copy);
  } else if (interpretOnly || (exactFp && isCompiled(*block))) {
    interpretBody(s, *block);
  } else {
    interpret(s, *block);
  }
  if (!exitSites && !lockstep)
    while (hop(s, table)) {
    }
  leaveGuestFp(s);
  return true;
}

} // namespace dbt
