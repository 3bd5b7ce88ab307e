//===- Dispatcher.h - Where every guest thread runs -------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The loop that takes a thread from block to region to system call. It is the
// only place that runs guest code, and the bottom of the host stack that guest
// calls build up: whatever compiled code cannot go on with returns here.
//===----------------------------------------------------------------------===//
#ifndef DBT_DISPATCH_DISPATCHER_H
#define DBT_DISPATCH_DISPATCHER_H

#include "Dispatch/CodeTracker.h"
#include "Dispatch/Lockstep/Lockstep.h"
#include "Dispatch/RegionVisits.h"
#include "Dispatch/Stats.h"
#include "Guest/RegionTable.h"
#include "Dispatch/Compiler.h"
#include "Interp/BlockCache.h"
#include "Interp/BranchTable.h"
#include "Interp/Exit.h"

#include <atomic>

namespace dbt {

class Tiers;

/// The guest's operating system, as the dispatcher needs it; runtime/Linux
/// supplies it. A function that returns false has ended the thread.
struct GuestOs {
  /// Executes SYSCALL; rip is behind it.
  bool (*syscall)(CpuState &);
  /// Delivers what CpuState::pending announces, and clears those bits.
  bool (*deliverPending)(CpuState &);
  /// The instruction at rip raised \p trap.
  bool (*raiseTrap)(CpuState &, Trap trap);
  /// A host fault in guest code, recorded in the thread's context; rip is the
  /// faulting instruction's.
  bool (*raiseFault)(CpuState &);
  /// rip cannot be executed: SIGSEGV.
  bool (*raiseFetchFault)(CpuState &);
  /// The number of threads of the process.
  unsigned (*threadCount)();
  /// Whether there has been more than one.
  bool (*everThreaded)();
  /// Whether the guest handles a signal that faults raise.
  bool (*handlesFaults)();
  /// Sets pending bits in every thread.
  void (*broadcastPending)(uint32_t bits);
};

class Dispatcher {
public:
  Dispatcher(AddressSpace &space, const GuestOs &os, const CompilerOptions &options);
  ~Dispatcher();

  /// Runs guest code from \p s on until its thread ends. s.thread is set.
  void run(CpuState &s);
  /// Frees what run() holds for a thread that ended inside it (a vfork's child).
  void abandon(CpuState &s);
  /// Around fork: no other thread is in a lock of ours or of the tiers.
  void beforeFork();
  void afterFork(bool inChild);

  /// What the guest does makes other demands on compiled code from now on
  /// (CompilerHost::exact() and multiThreaded()).
  void changeMode();

  CodeTracker &tracker() { return codeTracker; }
  BlockCache &blockCache() { return blocks; }
  /// All but the interpreted instructions, which the threads count.
  Stats stats();
  Tiers &tierControl() { return *tiers; }
  /// --check: compares all that compiled code does from now on with the interpreter
  /// (Lockstep.h). \p command is LockstepHost's.
  void startLockstep(std::function<std::string(const std::string &)> command);

private:
  bool step(CpuState &s, BranchTable &table);
  bool hop(CpuState &s, BranchTable &table);
  static void link(CpuState &s, Block *block);
  void enterRegion(CpuState &s, void *entry);
  /// Says by exitReason why compiled code has returned.
  void leftRegion(CpuState &s);
  void forgetRegions();
  void leaveRegions();
  void enterCopy(CpuState &s, const void *code);
  Block *lookup(CpuState &s, BranchTable &table);

  const GuestOs os;
  const bool noChain;
  CodeTracker codeTracker;
  BlockCache blocks;
  std::unique_ptr<Tiers> tiers;
  std::mutex tablesLock;
  std::vector<RegionTable *> regionTables; ///< of all threads, to be cleared when regions die
  uint64_t exitCounts[NumExitReasons] = {}; ///< for --stats; threads may lose counts
  uint64_t copyEntries = 0;
  RegionVisits visits;
  std::unique_ptr<ExitSites> exitSites; ///< null: not asked for
  std::unique_ptr<Lockstep> lockstep;   ///< null: not asked for
};

} // namespace dbt

#endif
