//===- Guard.h - Faults of the code under test ------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// While a machine runs, SIGSEGV and its like are results: they come back to the
// machine's recovery point. At any other time they are a crash of dbt's own, which ends
// the process (Worker.h).
//===----------------------------------------------------------------------===//
#ifndef DBT_TOOLS_DBT_FUZZ_GUARD_H
#define DBT_TOOLS_DBT_FUZZ_GUARD_H

#include "State.h"

#include <csetjmp>

namespace dbt {
class CopyTier;
}

namespace dbt::fuzz {

enum class Running : uint8_t { Nothing, Native, Interpreted, Copied, Compiled };

struct Guard {
  volatile Running running = Running::Nothing;
  sigjmp_buf recovery;
  Trap raised;              ///< by interpRaise, or None: a host fault
  State registers;          ///< the host's registers at a fault
  const void *hostPc;       ///< where that was
  CopyTier *copies = nullptr; ///< whose code may be running
  uint64_t hostFsBase = 0;  ///< FS's when no guest code runs
};
extern Guard guard;

void installGuard();
/// The signal that Linux sends for \p trap.
int signalOf(Trap trap);

} // namespace dbt::fuzz

#endif
