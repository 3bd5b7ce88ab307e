//===- Options.h - dbt-fuzz's command line ----------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_TOOLS_DBT_FUZZ_OPTIONS_H
#define DBT_TOOLS_DBT_FUZZ_OPTIONS_H

#include "Check.h"

#include "Support/Options.h"

#include <optional>

namespace dbt::fuzz {

struct FuzzOptions {
  uint64_t seed = 1;
  std::optional<uint64_t> count; ///< instances in all
  std::optional<uint64_t> perRow, states;
  std::vector<std::string> insns; ///< rows, in lower case; all if empty
  unsigned shortest = 1, longest = 20;
  Tiers tiers;
  std::optional<unsigned> level;
  std::optional<bool> exact, threads;
  std::vector<uint8_t> bytes; ///< run just these
  unsigned slot = 0;
  uint64_t simplified = 0;
  bool listInsns = false, listRows = false, help = false, helpMarkdown = false, version = false;
};

OptionTable fuzzOptionTable(FuzzOptions &o);

} // namespace dbt::fuzz

#endif
