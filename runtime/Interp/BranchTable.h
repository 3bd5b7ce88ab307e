//===- BranchTable.h - Indirect branch targets of a thread ------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_INTERP_BRANCHTABLE_H
#define DBT_INTERP_BRANCHTABLE_H

#include "Interp/Block.h"

#include <cstring>

namespace dbt {

/// Direct-mapped, one per thread (CpuState::branchTable), so that no lock is
/// needed. An entry may name a dead block, whose head leaves to the dispatcher;
/// it is cleared before blocks are freed.
struct BranchTable {
  static constexpr unsigned Size = 4096;
  struct Entry {
    uint64_t pc;
    Block *block;
  } entries[Size];

  Entry &slot(uint64_t pc) { return entries[(pc ^ pc >> 12) % Size]; }
  void clear() { std::memset(entries, 0, sizeof entries); }
};

} // namespace dbt

#endif
