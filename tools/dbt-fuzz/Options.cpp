//===- Options.cpp - dbt-fuzz's command line ------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Options.h"

#include <algorithm>
#include <cctype>

namespace dbt::fuzz {

namespace {

auto flagTo(bool &target) {
  return [&target](std::string_view) -> Result<bool> { return target = true; };
}

auto numberTo(std::optional<uint64_t> &target) {
  return [&target](std::string_view v) -> Result<bool> {
    Result<uint64_t> value = parseNumber(v);
    if (!value)
      return value.error();
    target = *value;
    return true;
  };
}

auto switchTo(std::optional<bool> &target) {
  return [&target](std::string_view v) -> Result<bool> {
    if (v != "0" && v != "1")
      return Error{"'" + std::string(v) + "' is neither 0 nor 1"};
    target = v == "1";
    return true;
  };
}

Result<bool> parseLengths(std::string_view v, FuzzOptions &o) {
  constexpr unsigned Longest = MaxSequenceBytes / 15;
  const size_t dots = v.find("..");
  Result<uint64_t> from = parseNumber(v.substr(0, dots)), to = dots == v.npos ? from : parseNumber(v.substr(dots + 2));
  if (!from || !to || *from < 1 || *from > *to || *to > Longest)
    return Error{"'" + std::string(v) + "' is not a range within 1.." + std::to_string(Longest)};
  o.shortest = static_cast<unsigned>(*from);
  o.longest = static_cast<unsigned>(*to);
  return true;
}

Result<bool> parseHex(std::string_view v, std::vector<uint8_t> &bytes) {
  if (v.empty() || v.size() % 2 || v.size() / 2 > MaxSequenceBytes)
    return Error{"'" + std::string(v) + "' is not a list of hexadecimal bytes"};
  for (size_t i = 0; i < v.size(); i += 2) {
    Result<uint64_t> byte = parseNumber("0x" + std::string(v.substr(i, 2)));
    if (!byte)
      return Error{"'" + std::string(v) + "' is not a list of hexadecimal bytes"};
    bytes.push_back(static_cast<uint8_t>(*byte));
  }
  return true;
}

} // namespace

OptionTable fuzzOptionTable(FuzzOptions &o) {
  using Form = OptionRow;
  std::vector<OptionRow> rows = {
      {"seed", "N", "what the random numbers come from (default 1)", Form::Separate,
       [&o](std::string_view v) -> Result<bool> {
         Result<uint64_t> value = parseNumber(v);
         if (!value)
           return value.error();
         o.seed = *value;
         return true;
       }},
      {"count", "N", "instances to run, spread over the rows (default 100000; with --bytes 1)", Form::Separate, numberTo(o.count)},
      {"per-row", "N", "instances of each row, instead of --count", Form::Separate, numberTo(o.perRow)},
      {"states", "N", "runs of a sequence once made and compiled, each from another state (default: an eighth of a row's, 32 at most)", Form::Separate, numberTo(o.states)},
      {"insn", "NAMES", "only these rows of the instruction table, separated by commas (--list-insns of dbt-lift has them)", Form::Separate,
       [&o](std::string_view v) -> Result<bool> {
         for (size_t comma = 0; comma != v.npos; v = comma == v.npos ? v : v.substr(comma + 1)) {
           comma = v.find(',');
           std::string name(v.substr(0, comma));
           std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
           o.insns.push_back(name);
         }
         return true;
       }, true},
      {"sequence", "A..B", "instructions in a row: half of the sequences have A, the others up to B (default 1..20)", Form::Separate,
       [&o](std::string_view v) { return parseLengths(v, o); }},
      {"tier", "TIER", "what is compared with the processor: interp, copy, jit or all (default)", Form::Separate,
       [&o](std::string_view v) -> Result<bool> {
         const bool all = v == "all";
         o.tiers = {all || v == "interp", all || v == "copy", all || v == "jit"};
         if (!o.tiers.interp && !o.tiers.copy && !o.tiers.jit)
           return Error{"'" + std::string(v) + "' is none of interp, copy, jit, all"};
         return true;
       }, false, "DBT_FUZZ_TIER"},
      {"effects", nullptr, "compare what single instructions are said to read and write (--list-effects of dbt-lift) with what the processor does, not the tiers", Form::Separate,
       [&o](std::string_view) -> Result<bool> {
         o.tiers = {false, false, false, true};
         o.shortest = o.longest = 1;
         return true;
       }},
      {"O", "N", "optimisation level of compiled code, 0 to 2 (default: now this, now that)", Form::Sticky,
       [&o](std::string_view v) -> Result<bool> {
         Result<uint64_t> level = parseNumber(v);
         if (!level || *level > 2)
           return Error{"'" + std::string(v) + "' is not between 0 and 2"};
         o.level = static_cast<unsigned>(*level);
         return true;
       }, false, "DBT_FUZZ_O"},
      {"exact", "0|1", "compile as for a program that handles faults (default: mostly)", Form::Separate, switchTo(o.exact), false, "DBT_FUZZ_EXACT"},
      {"threads", "0|1", "compile as for a program with threads (default: now and then)", Form::Separate, switchTo(o.threads), false, "DBT_FUZZ_THREADS"},
      {"bytes", "HEX", "run just these instructions, from the state that the seed stands for", Form::Separate,
       [&o](std::string_view v) { return parseHex(v, o.bytes); }},
      {"slot", "N", "where --bytes lie: the slot's number", Form::Separate,
       [&o](std::string_view v) -> Result<bool> {
         Result<uint64_t> value = parseNumber(v);
         if (!value || *value >= NumSlots)
           return Error{"'" + std::string(v) + "' is not less than " + std::to_string(NumSlots)};
         o.slot = static_cast<unsigned>(*value);
         return true;
       }},
      {"simple", "MASK", "what of the state of --bytes is replaced by plain values (a reproducer says it)", Form::Separate,
       [&o](std::string_view v) -> Result<bool> {
         Result<uint64_t> value = parseNumber(v);
         if (!value)
           return value.error();
         o.simplified = *value;
         return true;
       }},
      {"list-insns", nullptr, "print docs/Instructions.md: each mnemonic, its ISA set, and how compiled code does it", Form::Separate, flagTo(o.listInsns)},
      {"rows", nullptr, "also list every row with its instances", Form::Separate, flagTo(o.listRows)},
      {"version", nullptr, "print the version", Form::Separate, flagTo(o.version)},
      {"help", nullptr, "print this", Form::Separate, flagTo(o.help)},
      {"h", nullptr, "print this", Form::Separate, flagTo(o.help)},
      {"help-markdown", nullptr, "print this as Markdown", Form::Separate, flagTo(o.helpMarkdown)},
  };
  return OptionTable("dbt-fuzz", "[OPTION]...", std::move(rows));
}

} // namespace dbt::fuzz
