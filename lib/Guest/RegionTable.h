//===- RegionTable.h - Compiled branch targets of a thread ------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_REGIONTABLE_H
#define DBT_GUEST_REGIONTABLE_H

#include <cstdint>
#include <cstring>

namespace dbt {

/// Direct-mapped; compiled code probes it inline at indirect jumps and calls.
/// Written by its own thread, but for clearing: another thread may empty entries.
struct RegionTable {
  static constexpr unsigned Bits = 12, Size = 1 << Bits;
  struct Entry {
    uint64_t pc;
    void *code;
  } entries[Size];

  /// Functions are aligned, and what else is entered is seldom closer than that. The lifter
  /// emits the same.
  static constexpr unsigned Shift = 3;
  static unsigned index(uint64_t pc) { return pc >> Shift & (Size - 1); }
  const Entry &at(uint64_t pc) const { return entries[index(pc)]; }
  void set(uint64_t pc, void *code) { entries[index(pc)] = {pc, code}; }
  /// Every entry gets an address that belongs to another: none that a guest may jump to finds it,
  /// not even 0.
  void clear() {
    for (Entry &entry : entries)
      __atomic_store_n(&entry.pc, &entry == entries ? uint64_t(1) << Shift : 0, __ATOMIC_RELAXED);
  }
};

} // namespace dbt

#endif
