//===- Log.h - -d: what dbt-run says of its work ----------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Log lines go to one descriptor (-D, else stderr), whole records by one write
// each, so that threads and processes do not mix within a record.
//===----------------------------------------------------------------------===//
#ifndef DBT_SUPPORT_LOG_H
#define DBT_SUPPORT_LOG_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dbt {

/// The items of -d, one bit each.
namespace log {
enum : uint32_t {
  InAsm = 1,   ///< guest code of each region that is compiled
  Ir = 2,      ///< its IR as lifted
  IrOpt = 4,   ///< its IR after the passes
  OutAsm = 8,  ///< its host code
  Exec = 16,   ///< each block that is interpreted
  Unimp = 32,  ///< instructions that dbt lacks
  Strace = 64, ///< system calls
  Dot = 256,   ///< each region's graph (--print-regions)
  Tier = 128,  ///< what becomes hot, is compiled, is published, dies
};
}

struct LogItem {
  const char *name;
  uint32_t bit;
  const char *help;
};
/// All items, for -d help and the option's check.
extern const LogItem LogItems[8];

/// The process's log. Set up before the first thread starts, then only read.
class Log {
public:
  uint32_t items = 0;
  int fd = 2;
  bool onStderr = true; ///< fd is stderr, or a copy of it
  /// -dfilter: [start, end) ranges of guest addresses; empty: all.
  std::vector<std::pair<uint64_t, uint64_t>> filter;

  bool wants(uint32_t item) const { return (items & item) != 0; }
  bool wants(uint32_t item, uint64_t pc) const {
    if (!wants(item))
      return false;
    if (filter.empty())
      return true;
    for (auto [start, end] : filter)
      if (pc >= start && pc < end)
        return true;
    return false;
  }
  /// Writes \p record, which ends in a newline.
  void write(std::string_view record) const;
};

Log &processLog();

/// The bits of a list as -d takes it ("in_asm,ir"); 0 and the offending item in
/// \p bad if one is unknown.
uint32_t parseLogItems(std::string_view list, std::string &bad);
/// Ranges as -dfilter takes them: start..end, start+size, start-size, comma-separated,
/// hexadecimal with or without 0x. False if malformed.
bool parseLogFilter(std::string_view list, std::vector<std::pair<uint64_t, uint64_t>> &ranges);

} // namespace dbt

#endif
