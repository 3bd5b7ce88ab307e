//===- Effects.cpp - What an instruction reads and writes -----------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Effects/Effects.h"

#include "Effects/EffectsEntry.h"
#include "Semantics/RowTable.h"

namespace dbt {
#define FAMILY(name) extern const FamilyTable<EffectsEntry> family##name##Effects;
#include "Semantics/Families.def"
#undef FAMILY

std::optional<Effects> effectsOf(const Insn &insn) {
  static const FamilyTable<EffectsEntry> *const Families[] = {
#define FAMILY(name) &family##name##Effects,
#include "Semantics/Families.def"
#undef FAMILY
  };
  static const RowTable<EffectsEntry> table(Families);
  const EffectsEntry *row = table.find(insn);
  const BodyFn<effects::Machine> body = row ? row->byWidth[widthIndex(row->info.widthFrom, insn)] : nullptr;
  if (!body)
    return std::nullopt;
  effects::Machine machine(insn);
  body(machine);
  return machine.result();
}

} // namespace dbt
