//===- Lockstep.h - --check: compiled code against the interpreter -*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// docs/Check.md says what is compared and how. In short, for each entry into
// compiled code: the interpreter runs from the same state, one instruction at a time,
// about as far as the region will; its stores are undone; the region runs; and if it
// left after another number of instructions, the interpreter runs once more, as many.
// Then registers and all memory that the interpreter stored to must agree.
//===----------------------------------------------------------------------===//
#ifndef DBT_DISPATCH_LOCKSTEP_LOCKSTEP_H
#define DBT_DISPATCH_LOCKSTEP_LOCKSTEP_H

#include "Dispatch/Lockstep/RegisterImage.h"
#include "Dispatch/Lockstep/Stepper.h"
#include "Dispatch/Lockstep/UndoLog.h"
#include "Region/RegionTier.h"

#include <atomic>
#include <functional>
#include <map>

namespace dbt {

struct ThreadContext;

/// What the checker needs of the dispatcher and of the tool.
struct LockstepHost {
  std::function<void(CpuState &, const void *entry)> enter;
  RegionTier *regions;
  bool (*everThreaded)();
  /// Faults leave CpuState exact (CompilerHost::exact).
  bool (*exact)();
  /// Drops what was decoded of a range.
  std::function<void(uint64_t start, uint64_t size)> invalidate;
  std::function<void(const std::string &)> say;
  /// The command line with \p options added, for the reproducer.
  std::function<std::string(const std::string &options)> command;
  /// Regions call each other, so that one step may run through many.
  bool chained = false;
};

/// For --stats.
struct LockstepStats {
  uint64_t steps = 0;      ///< entries into compiled code that were compared
  uint64_t insns = 0;      ///< guest instructions in them
  uint64_t uncompared = 0; ///< entries that were not
  uint64_t repeated = 0;   ///< compared again since memory changed meanwhile
};

class Lockstep {
public:
  Lockstep(CodeCache &cache, LockstepHost host);

  /// Enters compiled code at s.rip and compares. Where it ends and why is in \p s, as after
  /// an entry without checks.
  void enter(CpuState &s, const void *entry);
  const LockstepStats &stats() const { return counts; }

private:
  /// Why the interpreter stopped.
  enum class Stop : uint8_t {
    Limit,   ///< it has run far enough
    Outside, ///< the region does not go on here
    Special, ///< behind a system call; before an instruction that cannot be run twice, or none
    Raised,  ///< a trap or a fault
    Unknown, ///< where an instruction stores cannot be told or read
  };
  struct Run {
    Stop stop;
    uint64_t insns;
    RegisterImage after;
    Trap trap;       ///< with Raised; None: a fault
    std::vector<uint8_t> memory; ///< what the places stored to hold
  };
  enum class Left : uint8_t { Returned, Faulted };
  enum class Verdict : uint8_t {
    Agree,
    BothFault,    ///< alike; the state is again what it was before
    Differ,
    Unseen,       ///< compiled code went further than the interpreter
    Uncomparable, ///< compiled code has not run
  };

  const std::vector<GuestSpan> &spans(uint64_t pc, const void *entry);
  void interpret(CpuState &s, uint64_t atMost, bool exactly);
  template <bool KeepMask, class F> Left guarded(CpuState &s, F f);
  void steps(CpuState &s, uint64_t atMost, bool exactly);
  bool saveStores(CpuState &s, const Step &step);
  Verdict compare(CpuState &s, const void *entry);
  Verdict compareFault(CpuState &s, uint64_t insns);
  bool sameTrap(const CpuState &s);
  void interpretForReal(CpuState &s);
  void enterUnchecked(CpuState &s, const void *entry);
  [[noreturn]] void report();

  CodeCache &cache;
  Stepper stepper;
  const LockstepHost host;
  LockstepStats counts;
  std::atomic<bool> saidThreads{false};

  // The step under way.
  RegisterImage start;
  UndoLog log;
  Run run;
  std::vector<uint64_t> path; ///< addresses of the instructions interpreted
  const std::vector<GuestSpan> *region = nullptr;
  GuestSpan here = {}; ///< the span of the instruction at hand
  bool logging = false; ///< a fault is that of looking, not the guest's
  std::string problem; ///< what differs
  uint64_t compiledInsns = 0;
  uint32_t leftBecause = 0; ///< the exitReason with which compiled code has left

  std::map<std::pair<uint64_t, const void *>, std::vector<GuestSpan>> knownSpans;
  uint64_t spansChanges = 0; ///< CodeCache::changes() when they were read
};

} // namespace dbt

#endif
