//===- Rows.h - The lifter's instruction table ------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_LIFT_ROWS_H
#define DBT_LIFT_ROWS_H

#include "Lift/LiftEntry.h"
#include "Semantics/RowTable.h"

namespace dbt::lift {

/// The lifting function of an instruction and its row's name, or null. Used by one
/// thread at a time.
LiftFn findLift(const Insn &insn, const char *&rowName);
const RowTable<LiftEntry> &liftRows();

} // namespace dbt::lift

#endif
