//===- CodeSlot.h - Where code goes for a guest address ---------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_CODESLOT_H
#define DBT_GUEST_CODESLOT_H

#include <atomic>
#include <cstdint>

namespace dbt {

/// Translated code of one tier goes through a slot to a guest address that another piece of
/// code has: to that code, or to a stub that leaves to the dispatcher. Publication and
/// invalidation are one store here, for all threads at once. Generated code reads \c code,
/// which comes first. Slots live as long as the process: generated code and the threads' tables
/// hold their addresses.
struct CodeSlot {
  std::atomic<const void *> code;
  const void *stub;         ///< what \c code is where there is no code
  CodeSlot *next = nullptr; ///< of the same guest address
  uint8_t tier = 0;         ///< a TierId

  /// Null: there is no code.
  const void *find() const {
    const void *now = code.load(std::memory_order_acquire);
    return now == stub ? nullptr : now;
  }
};
static_assert(std::atomic<const void *>::is_always_lock_free);

} // namespace dbt

#endif
