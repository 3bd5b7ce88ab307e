//===- Tier.h - What every way of running guest code has --------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_CODE_TIER_H
#define DBT_CODE_TIER_H

#include "Code/CodeCache.h"
#include "Guest/CpuState.h"

#include <cstdint>
#include <ucontext.h>
#include <vector>

namespace dbt {

/// A line of --stats: the key of its JSON form, its text, and the number.
struct StatRow {
  const char *key, *label;
  uint64_t value;
};

class Tier {
public:
  Tier(TierId id, CodeCache &cache) : id(id), cache(cache) {}
  virtual ~Tier() = default;
  Tier(const Tier &) = delete;
  Tier &operator=(const Tier &) = delete;

  /// Makes code for \p pc, which has none that is live. Null: it cannot, or not now. The lock
  /// may be released meanwhile.
  virtual CodeCache::Code make(CodeLock &, uint64_t pc) = 0;
  /// Runs from \p code on, which find() or known() has given, until it leaves, which
  /// CpuState::exitReason tells. The guest's MXCSR is in the host's register.
  virtual void enter(CpuState &s, const void *code) = 0;

  /// \name A thread's own table of branch targets: no lock is needed to look there.
  /// @{
  /// False: there is no memory, and the thread does without this tier.
  virtual bool openThread(CpuState &) { return true; }
  virtual void closeThread(CpuState &) {}
  /// Null: look in the code cache. By the thread of \p s itself.
  virtual const void *known(const CpuState &s, uint64_t pc) = 0;
  /// Has known() find the code at \p pc, whose place is \p place.
  virtual void remember(const CodeLock &, CpuState &s, uint64_t pc, CodePlace &place) = 0;
  /// @}

  /// Whether a host address lies in the tier's code.
  virtual bool owns(const void * /*hostPc*/) { return false; }
  /// If a signal has interrupted the tier's code, which owns() it, and the guest's registers are in
  /// the host's: all of them into \p s.
  virtual bool recover(const ucontext_t &, CpuState & /*s*/) { return false; }

  virtual void addStats(std::vector<StatRow> &) {}

  const TierId id;

protected:
  CodeCache &cache;
};

} // namespace dbt

#endif
