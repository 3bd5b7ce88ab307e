//===- LiftEntry.h - From a row to lifting functions ------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The machine header (Semantics/Family.h) of the lifter.
//===----------------------------------------------------------------------===//
#ifndef DBT_LIFT_LIFTENTRY_H
#define DBT_LIFT_LIFTENTRY_H

#include "Lift/Machine.h"
#include "Semantics/BodyTable.h"

#define DBT_MACHINE_NAME Lift

namespace dbt {

using LiftFn = BodyFn<lift::Machine>;
using LiftEntry = BodyEntry<lift::Machine>;
using MachineEntry = LiftEntry;

template <class R> constexpr LiftEntry makeEntry(const R &row) { return makeBodyEntry<lift::Machine>(row); }

} // namespace dbt

#endif
