//===- Options.cpp - dbt-run's command line -------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Options.h"

#include "Guest/CpuModel.h"
#include "Support/Log.h"

#include <filesystem>

namespace dbt {

namespace {

auto flagTo(bool &target) {
  return [&target](std::string_view) -> Result<bool> { return target = true; };
}

auto stringTo(std::string &target) {
  return [&target](std::string_view value) -> Result<bool> {
    target = value;
    return true;
  };
}

template <class T> auto numberTo(T &target, uint64_t least, uint64_t most) {
  return [&target, least, most](std::string_view value) -> Result<bool> {
    Result<uint64_t> number = parseNumber(value);
    if (!number)
      return number.error();
    if (*number < least || *number > most)
      return Error{"'" + std::string(value) + "' is not between " + std::to_string(least) + " and " + std::to_string(most)};
    target = static_cast<T>(*number);
    return true;
  };
}

} // namespace

OptionTable runOptionTable(RunOptions &o) {
  using Form = OptionRow;
  std::vector<OptionRow> rows = {
      {"L", "DIR", "look for the ELF interpreter below DIR first", Form::Separate, stringTo(o.prefix)},
      {"E", "VAR=VAL", "set a variable of the program's environment", Form::Separate,
       [&o](std::string_view value) -> Result<bool> {
         size_t equals = value.find('=');
         if (equals == value.npos || equals == 0)
           return Error{"'" + std::string(value) + "' is not of the form VAR=VAL"};
         o.environment.emplace_back(value.substr(0, equals), std::string(value.substr(equals + 1)));
         return true;
       }, true},
      {"U", "VAR", "remove a variable from the program's environment", Form::Separate,
       [&o](std::string_view value) -> Result<bool> {
         o.environment.emplace_back(value, std::nullopt);
         return true;
       }, true},
      {"0", "ARGV0", "the program's argv[0]", Form::Separate,
       [&o](std::string_view value) -> Result<bool> {
         o.argv0 = value;
         return true;
       }},
      {"s", "SIZE", "size of the program's stack in bytes (default: ulimit -s)", Form::Separate,
       numberTo(o.stackSize, 64 << 10, uint64_t(1) << 40)},
      {"r", "RELEASE", "kernel release that uname reports", Form::Separate, stringTo(o.release)},
      {"mdwe", nullptr, "the program begins as after prctl(PR_SET_MDWE): what it may not execute it cannot make executable",
       Form::Separate, flagTo(o.mdwe)},
      {"cpu", "MODEL", "the processor to be, MODEL[,vendor=intel|amd][,+FEATURE][,-FEATURE]...; '-cpu help' lists them (default: max)",
       Form::Separate,
       [&o](std::string_view value) -> Result<bool> {
         if (value == "help")
           return o.cpuHelp = true;
         if (value == "help-markdown")
           return o.cpuMarkdown = true;
         Result<CpuModel> model = parseCpuModel(value);
         if (!model)
           return model.error();
         setGuestVendor(model->vendor);
         setGuestFeatures(model->features);
         return true;
       }},
      {"strace", "FILE", "print system calls as strace does, to the end of FILE or to stderr", Form::Joined,
       [&o](std::string_view value) -> Result<bool> {
         o.strace = true;
         o.straceFile = value;
         return true;
       }},
      {"d", "ITEMS", "log these, separated by commas; '-d help' lists them", Form::Separate,
       [&o](std::string_view value) -> Result<bool> {
         if (value == "help")
           return o.logHelp = true;
         std::string bad;
         uint32_t items = parseLogItems(value, bad);
         if (!bad.empty())
           return Error{"unknown item '" + bad + "'; '-d help' lists them"};
         o.logItems |= items;
         return true;
       }, false, "DBT_LOG"},
      {"dfilter", "RANGES", "log only guest addresses in START..END, START+SIZE or END-SIZE, in hexadecimal", Form::Separate,
       [&o](std::string_view value) -> Result<bool> {
         if (!parseLogFilter(value, o.logFilter))
           return Error{"'" + std::string(value) + "' is not a list of ranges"};
         return true;
       }},
      {"D", "FILE", "append the log to FILE instead of stderr; %d becomes the process id", Form::Separate,
       stringTo(o.logFile), false, "DBT_LOG_FILENAME"},
      {"tier", "TIER", "interp: interpret only; copy: let the processor execute copies, never compile; jit: compile before the first run; auto (default): by heat, in the background",
       Form::Separate,
       [&o](std::string_view value) -> Result<bool> {
         if (value == "interp")
           o.tier.mode = TierMode::Interp;
         else if (value == "copy")
           o.tier.mode = TierMode::Copy;
         else if (value == "jit")
           o.tier.mode = TierMode::Jit;
         else if (value == "auto")
           o.tier.mode = TierMode::Auto;
         else
           return Error{"'" + std::string(value) + "' is none of interp, copy, jit, auto"};
         return true;
       }},
      {"tier-threshold", "N", "runs of a block in the interpreter before it is compiled", Form::Separate,
       numberTo(o.tier.threshold, 1, 1 << 30)},
      {"no-copy", nullptr, "compile what is hot in the interpreter, as on a host that cannot execute copies", Form::Separate,
       [&o](std::string_view) -> Result<bool> {
         o.tier.copy = false;
         return true;
       }},
      {"one-insn-per-region", nullptr, "compile every guest instruction by itself", Form::Separate,
       flagTo(o.tier.oneInsnPerRegion)},
      {"O", "N", "optimisation level of compiled code, 0 to 3", Form::Sticky, numberTo(o.tier.optLevel, 0, 3)},
      {"check", "chain", "compare all that compiled code does with the interpreter; with 'chain' over calls between regions, too",
       Form::Joined,
       [&o](std::string_view value) -> Result<bool> {
         o.check = true;
         o.checkChained = value == "chain";
         if (!value.empty() && !o.checkChained)
           return Error{"'" + std::string(value) + "' is not chain"};
         return true;
       }},
      {"print-regions", "dot", "log each region that is compiled as a graph for graphviz, its blocks and ways out", Form::Separate,
       [&o](std::string_view value) -> Result<bool> {
         if (value != "dot")
           return Error{"'" + std::string(value) + "' is not dot"};
         o.logItems |= log::Dot;
         return true;
       }},
      {"perfmap", nullptr, "write /tmp/perf-PID.map, from which perf has compiled code's names", Form::Separate,
       flagTo(o.perfMap)},
      {"jitdump", nullptr, "write jit-PID.dump in the current directory, for 'perf record -k mono' and 'perf inject --jit'",
       Form::Separate,
       [&o](std::string_view) -> Result<bool> {
         std::error_code error;
         o.dumpDirectory = std::filesystem::current_path(error).string();
         if (error)
           return Error{"there is no current directory: " + error.message()};
         return true;
       }},
      {"stats", "json", "say at the end what ran where", Form::Joined,
       [&o](std::string_view value) -> Result<bool> {
         o.stats = true;
         o.statsJson = value == "json";
         if (!value.empty() && !o.statsJson)
           return Error{"'" + std::string(value) + "' is not json"};
         return true;
       }},
      {"version", nullptr, "print the version", Form::Separate, flagTo(o.version)},
      {"help", nullptr, "print this", Form::Separate, flagTo(o.help)},
      {"h", nullptr, "print this", Form::Separate, flagTo(o.help)},
      {"help-markdown", nullptr, "print this as Markdown", Form::Separate, flagTo(o.helpMarkdown)},
  };
  return OptionTable("dbt-run", "[OPTION]... PROGRAM [ARG]...", std::move(rows));
}

} // namespace dbt
