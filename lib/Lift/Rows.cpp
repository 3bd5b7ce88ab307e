//===- Rows.cpp - The lifter's instruction table --------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Lift/Rows.h"

namespace dbt {
#define FAMILY(name) extern const FamilyTable<LiftEntry> family##name##Lift;
#include "Semantics/Families.def"
#undef FAMILY
} // namespace dbt

namespace dbt::lift {

const RowTable<LiftEntry> &liftRows() {
  static const FamilyTable<LiftEntry> *const Families[] = {
#define FAMILY(name) &family##name##Lift,
#include "Semantics/Families.def"
#undef FAMILY
  };
  static const RowTable<LiftEntry> table(Families);
  return table;
}

LiftFn findLift(const Insn &insn, const char *&rowName) {
  const LiftEntry *row = liftRows().find(insn);
  if (!row)
    return nullptr;
  rowName = row->info.name;
  if (row->info.interpreted)
    return nullptr;
  return row->byWidth[widthIndex(row->info.widthFrom, insn)];
}

} // namespace dbt::lift
