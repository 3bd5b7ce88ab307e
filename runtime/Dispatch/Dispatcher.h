//===- Dispatcher.h - Where every guest thread runs -------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The loop that takes a thread from tier to tier and to system calls. It is the
// only place that runs guest code, and the bottom of the host stack that guest
// calls build up: whatever code cannot go on with returns here.
//===----------------------------------------------------------------------===//
#ifndef DBT_DISPATCH_DISPATCHER_H
#define DBT_DISPATCH_DISPATCHER_H

#include "Code/GuestCode.h"
#include "Dispatch/GuestOs.h"
#include "Dispatch/Lockstep/Lockstep.h"
#include "Dispatch/Sites.h"
#include "Dispatch/Stats.h"
#include "Dispatch/Tiers.h"

namespace dbt {

class AddressSpace;

class Dispatcher {
public:
  Dispatcher(AddressSpace &space, const GuestOs &os, const CompilerOptions &options);
  ~Dispatcher();

  /// Runs guest code from \p s on until its thread ends. s.thread is set.
  void run(CpuState &s);
  /// Frees what run() holds for a thread that ended inside it (a vfork's child).
  void abandon(CpuState &s);
  /// Around fork: no other thread is in a lock of ours or of the tiers. \p s is the calling
  /// thread's.
  void beforeFork();
  void afterFork(bool inChild, CpuState &s);

  /// What the guest does makes other demands on compiled code from now on.
  void changeMode() { tierSet.changeMode(); }

  /// If a signal has interrupted code that has the guest's registers in the host's: all of them
  /// into \p s.
  bool recover(const ucontext_t &context, CpuState &s);

  CodeCache &code() { return cache; }
  Tiers &tiers() { return tierSet; }
  /// All but the executed instructions, which the threads count.
  Stats stats();
  /// --check: compares all that compiled code does from now on with the interpreter
  /// (Lockstep.h). \p command is LockstepHost's.
  void startLockstep(std::function<std::string(const std::string &)> command);

private:
  /// Code to be run next.
  struct Next {
    Tier *tier = nullptr;
    const void *code = nullptr;
    bool bodyOnly = false; ///< the interpreter's block without its head
  };
  Next known(CpuState &s);
  Next look(CpuState &s);
  bool handleExit(CpuState &s);
  void enter(CpuState &s, const Next &next);

  const GuestOs os;
  GuestCode guest;
  CodeCache cache;
  Tiers tierSet;
  const bool watched; ///< every exit is to be seen: for --stats or --check
  std::unique_ptr<ExitSites> exitSites; ///< null: not asked for
  std::unique_ptr<Lockstep> lockstep;   ///< null: not asked for
};

} // namespace dbt

#endif
