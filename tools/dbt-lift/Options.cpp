//===- Options.cpp - dbt-lift's command line ------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Options.h"

namespace dbt {

namespace {

auto flagTo(bool &target) {
  return [&target](std::string_view) -> Result<bool> { return target = true; };
}

/// A guest address: hexadecimal, with or without 0x, as objdump prints it.
Result<uint64_t> parseAddress(std::string_view text) {
  std::string digits(text);
  if (!digits.starts_with("0x"))
    digits = "0x" + digits;
  Result<uint64_t> value = parseNumber(digits);
  if (!value)
    return Error{"'" + std::string(text) + "' is not an address"};
  return value;
}

/// Two addresses with a colon between.
Result<std::pair<uint64_t, uint64_t>> parsePair(std::string_view text) {
  const size_t colon = text.find(':');
  Result<uint64_t> first = parseAddress(text.substr(0, colon));
  Result<uint64_t> second = parseAddress(colon == text.npos ? "" : text.substr(colon + 1));
  if (!first || !second)
    return Error{"'" + std::string(text) + "' is not a pair of addresses"};
  return std::pair(*first, *second);
}

Result<bool> parseBytes(std::string_view text, std::vector<uint8_t> &bytes) {
  std::string digits;
  for (char c : text)
    if (c != ' ')
      digits += c;
  if (digits.empty() || digits.size() % 2)
    return Error{"'" + std::string(text) + "' is not a list of hexadecimal bytes"};
  for (size_t i = 0; i < digits.size(); i += 2) {
    // Not parseAddress, for which 0x would be a prefix.
    Result<uint64_t> value = parseNumber("0x" + digits.substr(i, 2));
    if (!value)
      return Error{"'" + std::string(text) + "' is not a list of hexadecimal bytes"};
    bytes.push_back(static_cast<uint8_t>(*value));
  }
  return true;
}

} // namespace

OptionTable liftOptionTable(LiftOptions &o) {
  using Form = OptionRow;
  std::vector<OptionRow> rows = {
      {"o", "FILE", "write to FILE; - (default) is stdout", Form::Separate,
       [&o](std::string_view v) -> Result<bool> {
         o.output = v;
         return true;
       }, false, "DBT_OUTPUT"},
      {"emit", "KIND", "ll (default), bc, asm or obj", Form::Separate,
       [&o](std::string_view v) -> Result<bool> {
         using Emit = LiftOptions::Emit;
         for (auto [name, emit] : {std::pair("ll", Emit::Ll), {"bc", Emit::Bc}, {"asm", Emit::Asm}, {"obj", Emit::Obj}})
           if (v == name) {
             o.emit = emit;
             return true;
           }
         return Error{"'" + std::string(v) + "' is none of ll, bc, asm, obj"};
       }},
      {"stage", "STAGE", "lift: as lifted, each guest instruction above its IR; opt (default): after the passes", Form::Separate,
       [&o](std::string_view v) -> Result<bool> {
         if (v != "lift" && v != "opt")
           return Error{"'" + std::string(v) + "' is none of lift, opt"};
         o.stage = v == "lift" ? LiftOptions::Stage::Lift : LiftOptions::Stage::Opt;
         return true;
       }},
      {"function", "NAMES", "lift these functions, separated by commas", Form::Separate,
       [&o](std::string_view v) -> Result<bool> {
         if (v.empty())
           return Error{"a name is missing"};
         while (!v.empty()) {
           size_t comma = v.find(',');
           o.functions.emplace_back(v.substr(0, comma));
           v = comma == v.npos ? "" : v.substr(comma + 1);
         }
         return true;
       }, true},
      {"range", "START-END", "lift the functions that begin in [START, END), or the region at START if none does", Form::Separate,
       [&o](std::string_view v) -> Result<bool> {
         size_t dash = v.find('-');
         if (dash == v.npos)
           return Error{"'" + std::string(v) + "' is not of the form START-END"};
         Result<uint64_t> start = parseAddress(v.substr(0, dash)), end = parseAddress(v.substr(dash + 1));
         if (!start || !end || *start >= *end)
           return Error{"'" + std::string(v) + "' is not of the form START-END"};
         o.range = {*start, *end};
         return true;
       }},
      {"entry", "ADDRESS", "lift the region at ADDRESS", Form::Separate,
       [&o](std::string_view v) -> Result<bool> {
         Result<uint64_t> address = parseAddress(v);
         if (!address)
           return address.error();
         o.entries.push_back(*address);
         return true;
       }, true},
      {"blocks", "ADDRESSES", "only these blocks, separated by commas; '-d ir' of dbt-run says which a region has", Form::Separate,
       [&o](std::string_view v) -> Result<bool> {
         for (size_t comma = 0; comma != v.npos; v = comma == v.npos ? v : v.substr(comma + 1)) {
           comma = v.find(',');
           Result<uint64_t> address = parseAddress(v.substr(0, comma));
           if (!address)
             return address.error();
           o.blocks.insert(*address);
         }
         return true;
       }, true},
      {"target", "SITE:ADDRESS", "the call or indirect jump at SITE goes to the function at ADDRESS, which becomes part of the region if it is small and calls nothing", Form::Separate,
       [&o](std::string_view v) -> Result<bool> {
         Result<std::pair<uint64_t, uint64_t>> pair = parsePair(v);
         if (!pair)
           return Error{"'" + std::string(v) + "' is not of the form SITE:ADDRESS"};
         o.targets[pair->first].push_back(pair->second);
         return true;
       }, true},
      {"constant", "SLOT:ADDRESS", "the pointer at SLOT is ADDRESS and stays so: jumps and calls through it are direct", Form::Separate,
       [&o](std::string_view v) -> Result<bool> {
         Result<std::pair<uint64_t, uint64_t>> pair = parsePair(v);
         if (!pair)
           return Error{"'" + std::string(v) + "' is not of the form SLOT:ADDRESS"};
         o.constants[pair->first] = pair->second;
         return true;
       }, true},
      {"call-entries", nullptr, "the region can also be entered where its calls return to", Form::Separate, flagTo(o.callEntries)},
      {"max-insns", "N", "instructions that a region may have", Form::Separate,
       [&o](std::string_view v) -> Result<bool> {
         Result<uint64_t> count = parseNumber(v);
         if (!count || *count == 0 || *count > 100000)
           return Error{"'" + std::string(v) + "' is not between 1 and 100000"};
         o.limits.maxInsns = static_cast<unsigned>(*count);
         return true;
       }},
      {"bytes", "HEX", "lift these bytes instead of a file's", Form::Separate,
       [&o](std::string_view v) { return parseBytes(v, o.bytes); }},
      {"address", "ADDRESS", "where --bytes lie (default 401000)", Form::Separate,
       [&o](std::string_view v) -> Result<bool> {
         Result<uint64_t> address = parseAddress(v);
         if (!address)
           return address.error();
         o.address = *address;
         return true;
       }},
      {"O", "N", "optimisation level, 0 to 3 (default 1, as dbt-run's)", Form::Sticky,
       [&o](std::string_view v) -> Result<bool> {
         Result<uint64_t> level = parseNumber(v);
         if (!level || *level > 3)
           return Error{"'" + std::string(v) + "' is not between 0 and 3"};
         o.level = static_cast<unsigned>(*level);
         return true;
       }},
      {"exact", nullptr, "as for a program that handles faults: registers are in CpuState wherever one may happen", Form::Separate, flagTo(o.exact)},
      {"threads", nullptr, "as for a program with threads: memory order is kept", Form::Separate, flagTo(o.threads)},
      {"count-insns", nullptr, "count the guest instructions run, as dbt-run's --stats does", Form::Separate, flagTo(o.countInsns)},
      {"lockstep", nullptr, "as for dbt-run's --check", Form::Separate, flagTo(o.lockstep)},
      {"print-regions", "dot", "instead of code: each region as a graph for graphviz, its blocks and ways out", Form::Separate,
       [&o](std::string_view value) -> Result<bool> {
         if (value != "dot")
           return Error{"'" + std::string(value) + "' is not dot"};
         return o.printDot = true;
       }},
      {"list-unsupported", nullptr, "count the file's instructions that the lifter lacks", Form::Separate, flagTo(o.listUnsupported)},
      {"list-costs", nullptr, "count the IR instructions that each guest instruction becomes, by mnemonic", Form::Separate, flagTo(o.listCosts)},
      {"list-effects", nullptr, "print what each instruction reads and writes, and whether the flags before it are dead", Form::Separate, flagTo(o.listEffects)},
      {"list-insns", nullptr, "list every instruction of the table with its ISA set, and count them", Form::Separate, flagTo(o.listInsns)},
      {"version", nullptr, "print the version", Form::Separate, flagTo(o.version)},
      {"help", nullptr, "print this", Form::Separate, flagTo(o.help)},
      {"h", nullptr, "print this", Form::Separate, flagTo(o.help)},
      {"help-markdown", nullptr, "print this as Markdown", Form::Separate, flagTo(o.helpMarkdown)},
  };
  return OptionTable("dbt-lift", "[OPTION]... [FILE]", std::move(rows), OptionTable::Place::Anywhere);
}

} // namespace dbt
