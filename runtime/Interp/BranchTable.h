//===- BranchTable.h - Indirect branch targets of a thread ------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_INTERP_BRANCHTABLE_H
#define DBT_INTERP_BRANCHTABLE_H

#include "Code/CodePlace.h"
#include "Interp/Block.h"

#include <cstring>

namespace dbt {

/// Direct-mapped, one per thread (CpuState::branchTable), which alone reads and writes it. An
/// entry names the place of an address, which stays true, and the place the block.
struct BranchTable {
  static constexpr unsigned Size = 4096;
  struct Entry {
    uint64_t pc;
    const CodePlace *place; ///< null: none
  } entries[Size];

  Entry &slot(uint64_t pc) { return entries[(pc ^ pc >> 12) % Size]; }
  /// The block at \p pc, or null. Its head leaves to the dispatcher if it is not live.
  Block *find(uint64_t pc) {
    const Entry &entry = slot(pc);
    if (entry.pc != pc || !entry.place)
      return nullptr;
    const void *block = entry.place->at[number(TierId::Interp)].code.load(std::memory_order_acquire);
    return static_cast<Block *>(const_cast<void *>(block));
  }
  void clear() { std::memset(entries, 0, sizeof entries); }
};

} // namespace dbt

#endif
