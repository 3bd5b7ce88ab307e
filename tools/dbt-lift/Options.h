//===- Options.h - dbt-lift's command line ----------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_TOOLS_DBT_LIFT_OPTIONS_H
#define DBT_TOOLS_DBT_LIFT_OPTIONS_H

#include "Region/TierPolicy.h"
#include "Support/Options.h"

#include <optional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace dbt {

struct LiftOptions {
  enum class Emit { Ll, Bc, Asm, Obj } emit = Emit::Ll;
  enum class Stage { Lift, Opt } stage = Stage::Opt;
  std::string output = "-";
  std::vector<std::string> functions;
  std::optional<std::pair<uint64_t, uint64_t>> range;
  std::vector<uint64_t> entries;
  std::set<uint64_t> blocks; ///< empty: all that are reached
  std::map<uint64_t, std::vector<uint64_t>> targets; ///< of calls and indirect jumps
  std::map<uint64_t, uint64_t> constants; ///< pointers by where they are
  CfgLimits limits = TierPolicy().regionLimits();
  std::vector<uint8_t> bytes;
  uint64_t address = 0x401000;
  unsigned level = 1;
  bool exact = false, threads = false, callEntries = false, countInsns = false, lockstep = false;
  bool listUnsupported = false, listCosts = false, listEffects = false;
  bool listInsns = false, printDot = false, help = false, helpMarkdown = false, version = false;
};

OptionTable liftOptionTable(LiftOptions &options);

} // namespace dbt

#endif
