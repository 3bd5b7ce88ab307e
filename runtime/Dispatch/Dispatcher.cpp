//===- Dispatcher.cpp - Where every guest thread runs ---------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Dispatch/Dispatcher.h"

#include "Abi/CpuBase.h"
#include "Abi/HostContext.h"
#include "Abi/ThreadContext.h"
#include "Dispatch/Unimplemented.h"
#include "Guest/Fxsave.h"
#include "Guest/Host/HostFp.h"
#include "Guest/Host/HostX87.h"
#include "Guest/Pending.h"
#include "Interp/Interp.h"

#include <csetjmp>

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
ExitReason reasonOf(const CpuState &s) { return static_cast<ExitReason>(s.exitReason); }
/// With an exception of floating point unmasked its instruction must be known when it is raised.
bool isExactFp(const Tier &tier) { return tier.id != TierId::Region; }
bool isPending(const CpuState &s) { return __atomic_load_n(&s.pending, __ATOMIC_RELAXED) != 0; }
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
    : os(os), guest(space), cache(guest), tierSet(cache, guest, this->os, options), watched(options.countSites || options.lockstep) {
  guest.listen(cache);
  if (options.countSites)
    exitSites = std::make_unique<ExitSites>();
}

Dispatcher::~Dispatcher() = default;

Stats Dispatcher::stats() {
  Stats stats;
  stats.tiers = tierSet.stats();
  if (lockstep)
    stats.check = lockstep->stats();
  if (exitSites) {
    for (unsigned i = 0; i < NumExitReasons; ++i)
      stats.exits[i] = exitSites->total(static_cast<ExitReason>(i));
    stats.tiers.push_back({"copy_entries", "entries into copies", exitSites->entries(TierId::Copy)});
    stats.tiers.push_back({"region_entries", "entries into compiled code", exitSites->entries(TierId::Region)});
    constexpr size_t Shown = 10;
    stats.exitSites = exitSites->top(Shown);
    for (InterpTier::Run run : tierSet.interpreter().mostRun(Shown))
      stats.interpreted.push_back({"block", run.pc, run.insns});
  }
  return stats;
}

void Dispatcher::startLockstep(std::function<std::string(const std::string &)> command) {
  LockstepHost host;
  host.enter = [this](CpuState &s, const void *entry) {
    settleEntryLimit(s);
    s.exitReason = static_cast<uint32_t>(ExitReason::Lookup);
    if (exitSites)
      exitSites->countEntry(TierId::Region);
    tierSet.regions().enter(s, entry);
  };
  host.regions = &tierSet.regions();
  host.everThreaded = os.everThreaded;
  host.exact = os.handlesFaults;
  host.invalidate = [this](uint64_t start, uint64_t size) { cache.change(start, size, false); };
  host.say = [](const std::string &text) { processLog().write(text); };
  host.command = std::move(command);
  host.chained = !tierSet.noChain();
  lockstep = std::make_unique<Lockstep>(cache, std::move(host));
}

void Dispatcher::run(CpuState &s) {
  tierSet.forEach([&](Tier &tier) { tier.openThread(s); });
  cache.openThread(s);
  setCpuBase(&s);
  s.exitReason = static_cast<uint32_t>(ExitReason::Lookup);
  s.hostStackLimit = reinterpret_cast<uint64_t>(__builtin_frame_address(0)) - s.thread->hostStackBytes;
  s.entryLimit = ~uint64_t(0); // settled where code is entered
  // Traps and host faults come back here, with exitReason set and our own floating-point state.
  sigjmp_buf recovery;
  s.thread->recovery = &recovery;
  sigsetjmp(recovery, 0);
  while (handleExit(s)) {
    const Next next = look(s);
    if (!next.tier) {
      if (!os.raiseFetchFault(s))
        break;
      continue;
    }
    if (lockstep && next.tier->id == TierId::Region) {
      lockstep->enter(s, next.code);
      continue;
    }
    hostfp::setMxcsr(s.mxcsr);
    enter(s, next);
    // Most exits need no more than what the thread's own tables know: neither the lock nor a
    // change of the floating-point state.
    for (Next again; (again = known(s)).tier;)
      enter(s, again);
    leaveGuestFp(s);
  }
  s.thread->recovery = nullptr;
  abandon(s);
}

/// What run() has for a thread is raw, since a vfork's child does not return from there. A thread
/// that has not run has none of it.
void Dispatcher::abandon(CpuState &s) {
  cache.closeThread(s);
  tierSet.forEach([&](Tier &tier) { tier.closeThread(s); });
}

void Dispatcher::beforeFork() { tierSet.beforeFork(); }

void Dispatcher::afterFork(bool inChild, CpuState &s) {
  if (inChild)
    cache.keepOnly(s);
  tierSet.afterFork(inChild);
}

bool Dispatcher::recover(const ucontext_t &context, CpuState &s) {
  const auto *at = reinterpret_cast<const void *>(hostPc(context));
  bool recovered = false;
  tierSet.forEach([&](Tier &tier) { recovered = recovered || (tier.owns(at) && tier.recover(context, s)); });
  return recovered;
}

/// The code at rip that the thread's own tables lead to; none: the lock is needed, or something else
/// must be done first.
Dispatcher::Next Dispatcher::known(CpuState &s) {
  const ExitReason reason = reasonOf(s);
  if (watched || (reason != ExitReason::Lookup && reason != ExitReason::Compiled) || isPending(s))
    return {};
  if (!cache.epochs().hasRested(s)) {
    s.exitOp = nullptr;
    cache.epochs().rest(s);
  }
  const bool exactFp = unmasksFp(hostfp::mxcsr());
  Next next;
  tierSet.anyOf([&](auto &tier) {
    // The head of a block has left for a better tier.
    if ((reason == ExitReason::Compiled && tier.id == TierId::Interp) || (exactFp && !isExactFp(tier)))
      return false;
    const void *code = tier.known(s, s.rip);
    if (code)
      next = {&tier, code};
    return code != nullptr;
  });
  return next;
}

/// The code at rip, made if need be; none: rip cannot be executed.
Dispatcher::Next Dispatcher::look(CpuState &s) {
  const bool exactFp = unmasksFp(s.mxcsr);
  const bool interpretOnly = reasonOf(s) == ExitReason::Interpret;
  CodeLock guard(cache.mutex());
  for (unsigned i = NumTiers; i-- > 0;) {
    Tier *tier = tierSet.at(i);
    if (!tier || (interpretOnly && tier->id != TierId::Interp) || (exactFp && !isExactFp(*tier)))
      continue;
    CodeCache::Code found = tier->id == TierId::Interp ? CodeCache::Code{} : cache.find(guard, tier->id, s.rip);
    // Copies are made when code is hot, not when it is looked for.
    if (!found && tier->id != TierId::Copy)
      found = tier->make(guard, s.rip);
    if (!found)
      continue;
    if (tier->id != TierId::Interp) {
      s.exitOp = nullptr;
      tier->remember(guard, s, s.rip, *found.place);
      return {tier, found.code};
    }
    Block &block = static_cast<Block &>(*found.object);
    InterpTier::link(guard, s, &block);
    tier->remember(guard, s, s.rip, *found.place);
    return {tier, found.code, interpretOnly || (exactFp && block.superseded)};
  }
  s.exitOp = nullptr;
  return {};
}

/// Runs code. The guest's floating-point state is in the host's registers.
void Dispatcher::enter(CpuState &s, const Next &next) {
  s.exitReason = static_cast<uint32_t>(ExitReason::Lookup);
  if (exitSites)
    exitSites->countEntry(next.tier->id);
  switch (next.tier->id) {
  case TierId::Interp:
    if (s.x87InHost)
      host::x87Leave(s); // the interpreter's is in memory
    if (next.bodyOnly) {
      interpretBody(s, *static_cast<const Block *>(next.code));
      return;
    }
    break;
  case TierId::Copy:
    s.exitOp = nullptr;
    settleEntryLimit(s);
    if (s.leftRegion)
      tierSet.wanted(s.rip);
    s.leftRegion = 0;
    break;
  case TierId::Region:
    s.exitOp = nullptr;
    if (tierSet.copies() && RegionTier::isFleeting(s))
      tierSet.demote(s.rip);
    settleEntryLimit(s);
    s.leftRegion = 1;
    break;
  }
  next.tier->enter(s, next.code);
}

/// Does what the last exit asks for. False: the thread has ended.
bool Dispatcher::handleExit(CpuState &s) {
  const ExitReason reason = reasonOf(s);
  s.currentInsn = nullptr;
  if (exitSites)
    exitSites->count(reason, s.rip);
  switch (reason) {
  case ExitReason::Lookup:
  case ExitReason::Pending:
  case ExitReason::Compiled:
  case ExitReason::Interpret:
    break;
  case ExitReason::Syscall:
    s.exitOp = nullptr;
    cache.epochs().idle(s); // it may wait there for long
    if (!os.syscall(s))
      return false;
    break;
  case ExitReason::Trap:
    if (s.trap == Trap::Unimplemented)
      reportUnimplemented(s.rip, guest.executableBytes(s.rip));
    if (!os.raiseTrap(s, s.trap))
      return false;
    break;
  case ExitReason::Fault:
    if (!os.raiseFault(s))
      return false;
    break;
  case ExitReason::Dead: {
    CodeLock guard(cache.mutex());
    tierSet.interpreter().recheck(guard, s.rip);
    break;
  }
  case ExitReason::Hot:
    tierSet.hot(s.rip);
    break;
  case ExitReason::Sample:
    tierSet.sample(s);
    break;
  }
  if (__atomic_load_n(&s.pending, __ATOMIC_ACQUIRE) != 0) {
    __atomic_fetch_and(&s.pending, ~uint32_t(pending::Invalidated), __ATOMIC_ACQ_REL);
    s.exitOp = nullptr;
    if (!os.deliverPending(s))
      return false;
  }
  if (!cache.epochs().hasRested(s)) {
    s.exitOp = nullptr;
    cache.epochs().rest(s);
  }
  if (reason != ExitReason::Interpret)
    s.exitReason = static_cast<uint32_t>(ExitReason::Lookup);
  return true;
}

} // namespace dbt
