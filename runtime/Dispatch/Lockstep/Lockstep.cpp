//===- Lockstep.cpp - --check: compiled code against the interpreter ------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Dispatch/Lockstep/Lockstep.h"

#include "Abi/ThreadContext.h"
#include "Guest/Host/HostFp.h"
#include "Guest/ExitReason.h"
#include "Guest/Host/HostX87.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>

namespace dbt {

namespace {
/// Instructions after which compiled code leaves at its next safepoint, and those
/// after which the interpreter does not wait for one.
constexpr uint64_t StepInsns = 1000, MostInsns = 8000;
/// Memory that a step may save before a repeated string instruction ends it.
constexpr uint64_t MostBytes = 1 << 24;
/// Comparisons of one step, if memory is changed by others meanwhile.
constexpr unsigned Attempts = 3;

ExitReason exitReason(const CpuState &s) { return static_cast<ExitReason>(s.exitReason); }
} // namespace

Lockstep::Lockstep(CodeCache &cache, LockstepHost host) : cache(cache), stepper(cache), host(std::move(host)) {}

/// Runs \p f as guest code: with the guest's MXCSR, and back here after a trap or a
/// fault. KeepMask: a fault's closed signal mask is opened again, as nobody will
/// deliver it.
template <bool KeepMask, class F> Lockstep::Left Lockstep::guarded(CpuState &s, F f) {
  ThreadContext &thread = *s.thread;
  sigjmp_buf here, *const outer = thread.recovery;
  thread.recovery = &here;
  thread.takeAllFaults = true;
  volatile bool faulted = true;
  if (sigsetjmp(here, KeepMask) == 0) {
    hostfp::setMxcsr(s.mxcsr);
    f();
    if (s.x87InHost)
      dbt::host::x87Leave(s);
    s.mxcsr = hostfp::mxcsr();
    hostfp::setMxcsr(DefaultMxcsr);
    faulted = false;
  }
  thread.takeAllFaults = false;
  thread.recovery = outer;
  s.currentInsn = nullptr;
  s.exitOp = nullptr;
  return faulted ? Left::Faulted : Left::Returned;
}

const std::vector<GuestSpan> &Lockstep::spans(uint64_t pc, const void *entry) {
  if (const uint64_t now = cache.changes(); now != spansChanges) {
    knownSpans.clear();
    spansChanges = now;
  }
  auto [it, isNew] = knownSpans.try_emplace({pc, entry});
  if (isNew) {
    it->second = host.regions->spansOf(pc, entry);
    std::sort(it->second.begin(), it->second.end(), [](const GuestSpan &a, const GuestSpan &b) { return a.start < b.start; });
  }
  return it->second;
}

/// False: it cannot be told what the instruction will store to.
bool Lockstep::saveStores(CpuState &s, const Step &step) {
  if (step.rule == StoreRule::None)
    return true;
  const StoreRange range = storeRange(s, step.insn(), step.rule);
  if (range.size == 0)
    return true;
  if (range.size > MostBytes)
    return false;
  s.currentInsn = &step.op();
  logging = true;
  log.save(range.start, range.size);
  logging = false;
  return true;
}

void Lockstep::steps(CpuState &s, uint64_t atMost, bool exactly) {
  auto contains = [](const GuestSpan &span, uint64_t pc) { return pc >= span.start && pc < span.start + span.size; };
  for (here = {}; run.insns < (exactly ? atMost : MostInsns);) {
    const uint64_t pc = s.rip;
    if (!host.chained && !exactly && !contains(here, pc)) {
      auto next = std::upper_bound(region->begin(), region->end(), pc,
                                   [](uint64_t at, const GuestSpan &span) { return at < span.start; });
      if (next == region->begin() || !contains(*--next, pc)) {
        run.stop = Stop::Outside;
        return;
      }
      here = *next;
    }
    const Step *step = stepper.at(s);
    if (!step || !step->isRepeatable) {
      run.stop = Stop::Special;
      return;
    }
    if (!saveStores(s, *step)) {
      run.stop = Stop::Unknown;
      return;
    }
    path.push_back(pc);
    stepper.run(s, *step);
    ++run.insns;
    if (step->isSyscall) {
      run.stop = exactly && run.insns == atMost ? Stop::Limit : Stop::Special;
      return;
    }
    // Compiled code leaves where it goes back to a block's beginning.
    if (!exactly && !host.chained && run.insns >= atMost && s.rip <= here.start)
      break;
  }
  run.stop = Stop::Limit;
}

/// Runs the interpreter from s.rip: \p exactly so many instructions, or as far as the
/// region goes and, after \p atMost, to where it will leave. Memory is as the run has
/// left it.
void Lockstep::interpret(CpuState &s, uint64_t atMost, bool exactly) {
  run.insns = 0;
  run.trap = Trap::None;
  log.clear();
  path.clear();
  const uint64_t counted = s.interpretedInsns;
  void *const table = s.branchTable;
  logging = false;
  if (guarded<true>(s, [&] { steps(s, atMost, exactly); }) == Left::Faulted) {
    run.stop = logging ? Stop::Unknown : Stop::Raised;
    if (exitReason(s) == ExitReason::Trap)
      run.trap = s.trap;
  }
  s.branchTable = table;
  s.interpretedInsns = counted;
  run.after = RegisterImage::of(s);
}

/// The step is the interpreter's alone.
void Lockstep::interpretForReal(CpuState &s) {
  void *const table = s.branchTable;
  run.insns = 0;
  s.exitReason = static_cast<uint32_t>(ExitReason::Lookup);
  auto one = [&] {
    for (const Step *step; run.insns < StepInsns && (step = stepper.at(s)) && step->isRepeatable && !step->isSyscall;
         ++run.insns)
      stepper.run(s, *step);
  };
  const bool raised = guarded<false>(s, one) == Left::Faulted;
  s.branchTable = table;
  s.interpretedInsns += run.insns;
  if (!raised) {
    // What ended it, if it was the first one, is done by the block interpreter.
    s.exitReason = static_cast<uint32_t>(ExitReason::Interpret);
  }
}

/// Both have faulted: the interpreter's fault, which is exact, is the guest's.
Lockstep::Verdict Lockstep::compareFault(CpuState &s, uint64_t insns) {
  char line[160];
  if (run.stop != Stop::Raised || run.trap != Trap::None) {
    std::snprintf(line, sizeof line, "  compiled code faults, accessing 0x%" PRIx64 "; the interpreter does not\n",
                  s.thread->fault.address);
    problem = line;
    return Verdict::Differ;
  }
  if (!host.exact())
    return Verdict::BothFault; // it ends the process, and nobody will see registers
  problem = registerDifferences(RegisterImage::of(s), run.after);
  if (insns - 1 != run.insns)
    problem += "  the fault is not at the same instruction\n";
  return problem.empty() ? Verdict::BothFault : Verdict::Differ;
}

/// Compiled code has left with a trap: so must the interpreter have.
bool Lockstep::sameTrap(const CpuState &s) {
  if (leftBecause != static_cast<uint32_t>(ExitReason::Trap) ||
      (run.stop == Stop::Raised && run.trap == s.trap && compiledInsns == run.insns))
    return true;
  char line[128];
  std::snprintf(line, sizeof line, "  compiled code raises exception %u after %" PRIu64 " instructions, the interpreter %s\n",
                static_cast<unsigned>(s.trap), compiledInsns, run.stop == Stop::Raised ? "another one" : "none");
  problem = line;
  return false;
}

Lockstep::Verdict Lockstep::compare(CpuState &s, const void *entry) {
  const uint64_t changes = cache.changes();
  interpret(s, StepInsns, false);
  run.stop == Stop::Unknown ? run.memory.clear() : log.capture(run.memory);
  log.undo();
  start.restore(s);
  if (cache.changes() != changes) {
    // The guest has changed code, which somebody may have read before it was undone.
    log.forEach(host.invalidate);
    return Verdict::Uncomparable;
  }
  if (run.stop == Stop::Unknown)
    return Verdict::Uncomparable;

  const uint64_t before = s.compiledInsns;
  s.insnLimit = before + StepInsns;
  const Left left = guarded<false>(s, [&] { host.enter(s, entry); });
  compiledInsns = s.compiledInsns - before;
  leftBecause = s.exitReason;
  if (left == Left::Faulted) {
    const Verdict verdict = compareFault(s, compiledInsns);
    log.undo();
    start.restore(s);
    return verdict;
  }
  const RegisterImage compiled = RegisterImage::of(s);
  std::vector<uint8_t> memory;
  log.capture(memory);
  if (compiledInsns > run.insns && run.stop == Stop::Limit)
    return Verdict::Unseen;
  if (!sameTrap(s))
    return Verdict::Differ;
  if (compiledInsns > run.insns) {
    char line[160];
    std::snprintf(line, sizeof line, "  compiled code runs %" PRIu64 " instructions, the interpreter stops after %" PRIu64 "%s\n",
                  compiledInsns, run.insns, run.stop == Stop::Raised ? " with an exception" : "");
    problem = line;
    return Verdict::Differ;
  }
  if (compiledInsns != run.insns) {
    const UndoLog all = log;
    log.undo();
    start.restore(s);
    interpret(s, compiledInsns, true);
    if (run.stop != Stop::Limit) // it has been there before
      return Verdict::Uncomparable;
    all.capture(run.memory);
    log = all;
    compiled.restore(s);
  }
  problem = registerDifferences(compiled, run.after) + log.differences(memory, run.memory);
  return problem.empty() ? Verdict::Agree : Verdict::Differ;
}

void Lockstep::enterUnchecked(CpuState &s, const void *entry) {
  if (!saidThreads.exchange(true))
    host.say("dbt-run: check: the program has started a thread: from here on nothing is compared\n");
  ++counts.uncompared;
  s.insnLimit = ~uint64_t(0);
  hostfp::setMxcsr(s.mxcsr);
  host.enter(s, entry);
  if (s.x87InHost)
    dbt::host::x87Leave(s);
  s.mxcsr = hostfp::mxcsr();
  hostfp::setMxcsr(DefaultMxcsr);
}

void Lockstep::enter(CpuState &s, const void *entry) {
  if (host.everThreaded())
    return enterUnchecked(s, entry);
  start = RegisterImage::of(s);
  region = &spans(s.rip, entry);
  for (unsigned attempt = 1;; ++attempt) {
    const Verdict verdict = compare(s, entry);
    if (verdict != Verdict::Differ)
      s.exitReason = leftBecause; // the interpreter's runs had others
    switch (verdict) {
    case Verdict::Agree:
      ++counts.steps;
      counts.insns += run.insns;
      counts.repeated += attempt > 1;
      return;
    case Verdict::BothFault:
      ++counts.steps;
      return interpretForReal(s);
    case Verdict::Unseen:
      ++counts.uncompared;
      return;
    case Verdict::Uncomparable:
      ++counts.uncompared;
      return interpretForReal(s);
    case Verdict::Differ:
      if (attempt == Attempts)
        report();
      log.undo();
      start.restore(s);
      continue;
    }
  }
}

void Lockstep::report() {
  char line[256];
  std::snprintf(line, sizeof line,
                "dbt-run: check: compiled code differs from the interpreter\n"
                "  entered at 0x%" PRIx64 ", left at 0x%" PRIx64 " after %" PRIu64 " instructions\n",
                start.rip, run.after.rip, compiledInsns);
  std::string text = line + problem + "guest code:\n";
  constexpr size_t Shown = 64;
  for (size_t i = path.size() > Shown ? path.size() - Shown : 0; i < path.size(); ++i) {
    std::snprintf(line, sizeof line, "  %" PRIx64 ":\t", path[i]);
    text += line + stepper.text(path[i]) + "\n";
  }
  std::snprintf(line, sizeof line, "-d in_asm,ir_opt,out_asm -dfilter 0x%" PRIx64 "+1", start.rip);
  text += "to see the region: " + host.command(line) + "\n";
  host.say(text);
  std::abort();
}

} // namespace dbt
