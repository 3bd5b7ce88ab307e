//===- Stats.cpp - --stats: what ran where --------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dispatch/Stats.h"

#include <cinttypes>
#include <cstdio>

namespace dbt {

std::string statsText(const Stats &s, bool json) {
  std::vector<StatRow> rows = {
      {"interpreted_insns", "guest instructions interpreted", s.interpretedInsns},
      {"copied_insns", "guest instructions run in copies", s.copiedInsns},
      {"compiled_insns", "guest instructions run in compiled code", s.compiledInsns},
  };
  rows.insert(rows.end(), s.tiers.begin(), s.tiers.end());
  static constexpr struct {
    const char *key, *label;
  } Exits[NumExitReasons] = {
      {"exits_lookup", "exits: unknown block"},
      {"exits_syscall", "exits: system call"},
      {"exits_pending", "exits: signal or invalidation"},
      {"exits_hot", "exits: hot block"},
      {"exits_compiled", "exits: into compiled code"},
      {"exits_dead", "exits: invalidated block"},
      {"exits_trap", "exits: trap"},
      {"exits_fault", "exits: memory fault"},
      {"exits_sample", "exits: sample of copies"},
      {"exits_interpret", "exits: instruction for the interpreter"},
  };
  for (unsigned i = 0; i < NumExitReasons; ++i)
    rows.push_back({Exits[i].key, Exits[i].label, s.exits[i]});
  rows.push_back({"checked_entries", "entries into compiled code compared with the interpreter", s.check.steps});
  rows.push_back({"checked_insns", "guest instructions compared", s.check.insns});
  rows.push_back({"unchecked_entries", "entries that could not be compared", s.check.uncompared});
  rows.push_back({"rechecked_entries", "entries compared again, as memory changed meanwhile", s.check.repeated});
  std::string text = json ? "{" : "";
  for (size_t i = 0; i < rows.size(); ++i) {
    char line[128];
    if (json)
      std::snprintf(line, sizeof line, "%s\"%s\": %" PRIu64, i ? ", " : "", rows[i].key, rows[i].value);
    else
      std::snprintf(line, sizeof line, "dbt-run: %14" PRIu64 " %s\n", rows[i].value, rows[i].label);
    text += line;
  }
  auto list = [&](const char *key, const char *label, const std::vector<Site> &sites) {
    text += json ? std::string(", \"") + key + "\": [" : "";
    for (const Site &site : sites) {
      char line[128];
      if (json)
        std::snprintf(line, sizeof line, "%s{\"what\": \"%s\", \"pc\": %" PRIu64 ", \"count\": %" PRIu64 "}",
                      &site != sites.data() ? ", " : "", site.what, site.pc, site.count);
      else
        std::snprintf(line, sizeof line, "dbt-run: %14" PRIu64 " %s %s at %" PRIx64 "\n", site.count, label, site.what,
                      site.pc);
      text += line;
    }
    text += json ? "]" : "";
  };
  list("exit_sites", "exits:", s.exitSites);
  list("interpreted_blocks", "guest instructions interpreted:", s.interpreted);
  return json ? text + "}\n" : text;
}

} // namespace dbt
