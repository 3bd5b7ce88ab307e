//===- CopyTable.h - Copied branch targets of a thread ----------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_COPYTABLE_H
#define DBT_GUEST_COPYTABLE_H

#include "Guest/CodeSlot.h"

#include <cstdint>
#include <new>
#include <sys/mman.h>

namespace dbt {

/// Indexed by an address's low 16 bits, the only hash that needs no flags; an address is
/// there or one further. Copied code probes it without leaving. Its memory is its own, and only
/// the pages in use cost anything. Only the thread itself reads and writes it: an entry names
/// the slot of an address, which stays true, and the slot tells whether there is code.
struct CopyTable {
  static constexpr unsigned Size = 1 << 16;
  struct Entry {
    uint64_t negatedPc; ///< so that a sum is 0 where it is the one
    CodeSlot *slot;
  } entries[Size + 1];

  static uint64_t index(uint64_t pc) { return pc & (Size - 1); }
  /// The copy at \p pc, or null.
  const void *find(uint64_t pc) const {
    const Entry *e = &entries[index(pc)];
    for (unsigned i = 0; i < 2; ++i, ++e)
      if (e->negatedPc == 0 - pc)
        return e->slot->find();
    return nullptr;
  }
  /// What was in the place moves on to the next.
  void set(uint64_t pc, CodeSlot *slot) {
    Entry &e = entries[index(pc)];
    if (e.slot && e.negatedPc != 0 - pc && index(0 - e.negatedPc) == index(pc))
      (&e)[1] = e;
    e = {0 - pc, slot};
  }

  /// One without entries; null if there is no memory.
  static CopyTable *create() {
    void *memory = mmap(nullptr, sizeof(CopyTable), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
      return nullptr;
    auto *table = new (memory) CopyTable;
    // Zeroes stand for address 0, which is looked for in the first two entries.
    table->entries[0].negatedPc = table->entries[1].negatedPc = ElsewherePc;
    return table;
  }
  static void destroy(CopyTable *table) {
    if (table)
      munmap(table, sizeof(CopyTable));
  }

private:
  /// Of an address that no lookup finds in the first two entries.
  static constexpr uint64_t ElsewherePc = Size / 2;
};

} // namespace dbt

#endif
