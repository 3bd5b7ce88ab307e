//===- CopyTable.h - Copied branch targets of a thread ----------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_COPYTABLE_H
#define DBT_GUEST_COPYTABLE_H

#include <cstdint>
#include <new>
#include <sys/mman.h>

namespace dbt {

/// Indexed by an address's low 16 bits, the only hash that needs no flags; an address is
/// there or one further. Copied code probes it without leaving. In memory of its own, of which only the pages in use cost
/// anything. Written by its own thread, but for clear(), which any thread may call.
struct CopyTable {
  static constexpr unsigned Size = 1 << 16;
  struct Entry {
    uint64_t negatedPc; ///< so that a sum is 0 where it is the one
    const void *code;
  } entries[Size + 1];

  static uint64_t index(uint64_t pc) { return pc & (Size - 1); }
  const void *find(uint64_t pc) const {
    const Entry *e = &entries[index(pc)];
    for (unsigned i = 0; i < 2; ++i, ++e)
      if (__atomic_load_n(&e->negatedPc, __ATOMIC_ACQUIRE) == 0 - pc)
        return e->code;
    return nullptr;
  }
  /// What was in the place moves on to the next.
  void set(uint64_t pc, const void *code) {
    Entry &e = entries[index(pc)];
    const uint64_t before = __atomic_load_n(&e.negatedPc, __ATOMIC_RELAXED);
    if (before != Nowhere && before != 0 - pc && index(0 - before) == index(pc))
      put((&e)[1], before, e.code);
    put(e, 0 - pc, code);
  }
  void clear(uint64_t pc) {
    Entry *e = &entries[index(pc)];
    for (unsigned i = 0; i < 2; ++i, ++e) {
      uint64_t expected = 0 - pc;
      __atomic_compare_exchange_n(&e->negatedPc, &expected, Nowhere, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
    }
  }

  /// One without entries; null if there is no memory.
  static CopyTable *create() {
    void *memory = mmap(nullptr, sizeof(CopyTable), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
      return nullptr;
    auto *table = new (memory) CopyTable;
    // Zeroes stand for address 0, which is entry 0's or the next.
    table->entries[0].negatedPc = table->entries[1].negatedPc = Nowhere;
    return table;
  }
  static void destroy(CopyTable *table) {
    if (table)
      munmap(table, sizeof(CopyTable));
  }

private:
  static void put(Entry &e, uint64_t negatedPc, const void *code) {
    __atomic_store_n(&e.negatedPc, Nowhere, __ATOMIC_RELEASE);
    e.code = code;
    __atomic_store_n(&e.negatedPc, negatedPc, __ATOMIC_RELEASE);
  }
  /// No canonical address is its negative.
  static constexpr uint64_t Nowhere = uint64_t(1) << 62;
};

} // namespace dbt

#endif
