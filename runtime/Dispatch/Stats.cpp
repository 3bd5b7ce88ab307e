//===- Stats.cpp - --stats: what ran where --------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dispatch/Stats.h"

#include <cinttypes>
#include <cstdio>
#include <iterator>

namespace dbt {

std::string statsText(const Stats &s, bool json) {
  const struct {
    const char *key, *label;
    uint64_t value;
  } rows[] = {
      {"interpreted_insns", "guest instructions interpreted", s.interpretedInsns},
      {"copied_insns", "guest instructions run in copies", s.copiedInsns},
      {"compiled_insns", "guest instructions run in compiled code", s.compiledInsns},
      {"blocks", "blocks decoded and alive", s.blocks},
      {"region_entries", "entries into compiled code", s.regionEntries},
      {"exits_lookup", "exits: unknown block", s.exits[0]},
      {"exits_syscall", "exits: system call", s.exits[1]},
      {"exits_pending", "exits: signal or invalidation", s.exits[2]},
      {"exits_hot", "exits: hot block", s.exits[3]},
      {"exits_compiled", "exits: into compiled code", s.exits[4]},
      {"exits_dead", "exits: invalidated block", s.exits[5]},
      {"exits_trap", "exits: trap", s.exits[6]},
      {"exits_fault", "exits: memory fault", s.exits[7]},
      {"exits_sample", "exits: sample of copies", s.exits[8]},
      {"copy_entries", "entries into copies", s.copyEntries},
      {"copy_units", "pieces of code copied", s.copies.units},
      {"copy_unit_insns", "guest instructions copied", s.copies.guestInsns},
      {"copy_bytes", "bytes of copies", s.copies.hostBytes},
      {"regions", "regions compiled", s.compiler.regions},
      {"region_insns", "guest instructions compiled", s.compiler.guestInsns},
      {"ir_insns", "IR instructions after the passes", s.compiler.irInsns},
      {"host_bytes", "bytes of object code", s.compiler.hostBytes},
      {"failed_regions", "regions not compiled", s.compiler.failed},
      {"lift_us", "us lifting", s.compiler.liftNs / 1000},
      {"pass_us", "us in passes", s.compiler.passNs / 1000},
      {"codegen_us", "us generating code", s.compiler.codegenNs / 1000},
      {"link_us", "us linking", s.compiler.linkNs / 1000},
      {"longest_copying_us", "us that it took at most to copy a piece of code", s.longestCopying},
      {"longest_publication_us", "us that a publication took at most", s.longestPublication},
      {"longest_invalidation_us", "us that an invalidation took at most", s.longestInvalidation},
      {"checked_entries", "entries into compiled code compared with the interpreter", s.check.steps},
      {"checked_insns", "guest instructions compared", s.check.insns},
      {"unchecked_entries", "entries that could not be compared", s.check.uncompared},
      {"rechecked_entries", "entries compared again, as memory changed meanwhile", s.check.repeated},
  };
  std::string text = json ? "{" : "";
  for (size_t i = 0; i < std::size(rows); ++i) {
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
