//===- Pending.h - Asking a guest thread to leave its code ------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// CpuState::pending says why; CpuState::entryLimit repeats it as a host stack address
// that no stack pointer is above, so that a region's entry sees both in one comparison.
// Copied code is told by its table of branch targets, which then knows none, and by its
// budget of polls.
//
// Invariant: wherever its own thread enters compiled or copied code, entryLimit is that of
// the stack, and copyTable the thread's, exactly if nothing is pending (settleEntryLimit).
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_PENDING_H
#define DBT_GUEST_PENDING_H

#include "Guest/CpuState.h"

namespace dbt {

/// From any thread or signal handler. \p bits are pending::'s.
inline void setPending(CpuState &s, uint32_t bits) {
  __atomic_fetch_or(&s.pending, bits, __ATOMIC_SEQ_CST);
  __atomic_store_n(&s.entryLimit, ~uint64_t(0), __ATOMIC_SEQ_CST);
  __atomic_store_n(&s.copyTable, s.emptyCopyTable, __ATOMIC_SEQ_CST);
  __atomic_store_n(&s.copyBudget, 1, __ATOMIC_SEQ_CST);
}

/// By the thread itself, before it enters compiled code. Another thread may be between
/// the stores of setPending, or make them now: then this looks again.
inline void settleEntryLimit(CpuState &s) {
  if (__builtin_expect(__atomic_load_n(&s.entryLimit, __ATOMIC_RELAXED) == s.hostStackLimit, 1))
    return;
  while (__atomic_load_n(&s.pending, __ATOMIC_SEQ_CST) == 0) {
    __atomic_store_n(&s.entryLimit, s.hostStackLimit, __ATOMIC_SEQ_CST);
    __atomic_store_n(&s.copyTable, s.ownCopyTable, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&s.pending, __ATOMIC_SEQ_CST) == 0)
      return;
    __atomic_store_n(&s.entryLimit, ~uint64_t(0), __ATOMIC_SEQ_CST);
    __atomic_store_n(&s.copyTable, s.emptyCopyTable, __ATOMIC_SEQ_CST);
  }
}

} // namespace dbt

#endif
