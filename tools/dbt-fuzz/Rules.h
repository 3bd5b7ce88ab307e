//===- Rules.h - What the SDM leaves open -----------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_TOOLS_DBT_FUZZ_RULES_H
#define DBT_TOOLS_DBT_FUZZ_RULES_H

#include "State.h"

#include "Decode/Insn.h"

#include <string_view>

namespace dbt::fuzz {

enum class Use : uint8_t {
  Anywhere,
  Alone, ///< not together with others
  Never, ///< not run at all
};

/// An exception: why a row is not run, or not compared in full.
struct Rule {
  const char *rows; ///< names of rows, separated by blanks
  const char *why;
  Use use = Use::Anywhere;
  uint32_t undefinedFlags = 0;
  /// Undefined too, but dbt has them as AMD's processors do; compared on those.
  uint32_t amdFlags = 0;
};

/// The rule of a row, or null.
const Rule *findRule(std::string_view row);

/// Flags that are not to be compared behind \p insn, and that nothing may read; without
/// \p before, for whatever state it may start from.
uint32_t undefinedFlags(std::string_view row, const Insn &insn, const State *before);

/// Whether \p insn sets all six flags whatever its operands are.
bool definesFlags(std::string_view row);

/// Whether results of \p insn are undefined, or not those of every processor, for
/// some states that prepare() cannot rule out: in a sequence, for what precedes.
bool isOpen(std::string_view row, const Insn &insn, bool alone);

} // namespace dbt::fuzz

#endif
