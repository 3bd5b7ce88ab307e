//===- Family.h - What a family file includes -------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A family file holds the bodies and rows of one chapter of instructions:
//
//   #include "Semantics/Family.h"
//   using namespace dbt;
//   DBT_FAMILY(Arith,
//     gpr("add", Isa::Base, [](auto &m, auto w) { ... }).hot(),
//     ...)
//
// It is compiled once for each machine, in the library that owns the machine.
// DBT_MACHINE_HEADER defines `MachineEntry` (a struct that begins with RowInfo
// info), `makeEntry(row)` (consteval: instantiates the row's body) and
// DBT_MACHINE_NAME, which goes into the table's symbol name.
//===----------------------------------------------------------------------===//
#ifndef DBT_SEMANTICS_FAMILY_H
#define DBT_SEMANTICS_FAMILY_H

#include "Guest/CpuState.h"
#include "Guest/Vendor.h"
#include "Semantics/Algebra.h"
#include "Semantics/Row.h"

#include DBT_MACHINE_HEADER

#define DBT_FAMILY_SYMBOL2(name, machine) family##name##machine
#define DBT_FAMILY_SYMBOL1(name, machine) DBT_FAMILY_SYMBOL2(name, machine)
#define DBT_FAMILY_SYMBOL(name) DBT_FAMILY_SYMBOL1(name, DBT_MACHINE_NAME)

namespace dbt {
template <class R> inline constexpr unsigned NumEntries = 1;
template <class R> inline constexpr unsigned NumEntries<WithLegacy<R>> = 2;

/// Not constant, so that a row that ought to have a reason (RowInfo::why) does not compile.
inline void rowNeedsAReason() {}

template <class... Rows> struct FamilyRows {
  MachineEntry entries[(NumEntries<Rows> + ...)] = {};
  constexpr explicit FamilyRows(const Rows &...rows) {
    MachineEntry *at = entries;
    (add(at, rows), ...);
  }

private:
  template <class R> static constexpr void add(MachineEntry *&at, const R &row) {
    if ((row.info.helper || row.info.interpreted) && (!row.info.why || !*row.info.why))
      rowNeedsAReason();
    *at++ = makeEntry(row);
  }
  template <class R> static constexpr void add(MachineEntry *&at, const WithLegacy<R> &rows) {
    add(at, rows.legacyRow());
    add(at, rows.row);
  }
};
} // namespace dbt

#define DBT_FAMILY(NAME, ...)                                                                      \
  static constexpr dbt::FamilyRows Rows##NAME{__VA_ARGS__};                                        \
  namespace dbt {                                                                                  \
  extern const FamilyTable<MachineEntry> DBT_FAMILY_SYMBOL(NAME);                                  \
  constexpr FamilyTable<MachineEntry> DBT_FAMILY_SYMBOL(NAME) = {                                  \
      #NAME, Rows##NAME.entries, sizeof(Rows##NAME.entries) / sizeof(MachineEntry)};               \
  }

#endif
