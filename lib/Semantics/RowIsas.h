//===- RowIsas.h - The ISA sets of a row's forms ----------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_SEMANTICS_ROWISAS_H
#define DBT_SEMANTICS_ROWISAS_H

#include "Semantics/Row.h"

#include <vector>

namespace dbt {

/// Each once. Legacy and VEX rows are made of one (both()): only the one can have a form
/// with MMX registers, only the other one of 256 bits.
inline std::vector<Isa> isasOf(const RowInfo &row) {
  const bool vex = row.name[0] == 'v';
  std::vector<Isa> isas;
  for (Isa isa : {vex ? Isa::Count : row.mmxIsa, row.isa, vex ? row.wideIsa : Isa::Count})
    if (isa != Isa::Count && (isas.empty() || isas.back() != isa))
      isas.push_back(isa);
  return isas;
}

} // namespace dbt

#endif
