//===- Options.h - dbt-run's command line -----------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_TOOLS_DBT_RUN_OPTIONS_H
#define DBT_TOOLS_DBT_RUN_OPTIONS_H

#include "Region/TierPolicy.h"
#include "Support/Options.h"

#include <optional>
#include <string>
#include <vector>

namespace dbt {

struct RunOptions {
  std::string prefix, release, logFile, straceFile, dumpDirectory;
  std::vector<std::pair<std::string, std::optional<std::string>>> environment; ///< -E and -U in order
  std::optional<std::string> argv0;
  uint64_t stackSize = 0;
  uint32_t logItems = 0;
  std::vector<std::pair<uint64_t, uint64_t>> logFilter;
  TierPolicy tier;
  bool strace = false, perfMap = false, stats = false, statsJson = false, check = false, checkChained = false;
  bool mdwe = false;
  bool help = false, helpMarkdown = false, version = false, logHelp = false;
  bool cpuHelp = false, cpuMarkdown = false;
};

/// The table; parsing it fills \p options.
OptionTable runOptionTable(RunOptions &options);

} // namespace dbt

#endif
