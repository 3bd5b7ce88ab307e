//===- RegionTable.h - Compiled branch targets of a thread ------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_REGIONTABLE_H
#define DBT_GUEST_REGIONTABLE_H

#include "Guest/CodeSlot.h"

#include <cstdint>

namespace dbt {

/// Direct-mapped; compiled code probes it inline at indirect jumps and calls. Only the thread
/// itself reads and writes it: an entry names the slot of an address, which stays true, and the
/// slot tells whether there is code.
struct RegionTable {
  static constexpr unsigned Bits = 12, Size = 1 << Bits;
  struct Entry {
    uint64_t pc;
    CodeSlot *slot;
  } entries[Size];

  /// Functions are aligned, and what else is entered is seldom closer than that. The lifter
  /// emits the same.
  static constexpr unsigned Shift = 3;
  static unsigned index(uint64_t pc) { return pc >> Shift & (Size - 1); }
  /// The region's entry for \p pc, or null.
  const void *find(uint64_t pc) const {
    const Entry &e = entries[index(pc)];
    return e.pc == pc ? e.slot->find() : nullptr;
  }
  void set(uint64_t pc, CodeSlot *slot) { entries[index(pc)] = {pc, slot}; }
  /// Every entry gets an address that belongs to another: none that a guest may jump to finds it,
  /// not even 0.
  void clear() {
    for (Entry &entry : entries)
      entry = {&entry == entries ? ElsewherePc : 0, nullptr};
  }
  /// Of an address whose entry is not the first.
  static constexpr uint64_t ElsewherePc = uint64_t(1) << Shift;
};

} // namespace dbt

#endif
