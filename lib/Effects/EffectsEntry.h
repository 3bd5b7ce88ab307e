//===- EffectsEntry.h - From a row to effects functions ---------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The machine header (Semantics/Family.h) of the effects machine.
//===----------------------------------------------------------------------===//
#ifndef DBT_EFFECTS_EFFECTSENTRY_H
#define DBT_EFFECTS_EFFECTSENTRY_H

#include "Effects/Machine.h"
#include "Semantics/BodyTable.h"

#define DBT_MACHINE_NAME Effects

namespace dbt {

using EffectsEntry = BodyEntry<effects::Machine>;
using MachineEntry = EffectsEntry;

template <class R> constexpr EffectsEntry makeEntry(const R &row) { return makeBodyEntry<effects::Machine>(row); }

} // namespace dbt

#endif
