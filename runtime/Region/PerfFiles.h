//===- PerfFiles.h - -perfmap, -jitdump: what perf reads --------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Two files that tell Linux's perf what compiled code is called: /tmp/perf-PID.map
// (tools/perf/Documentation/jit-interface.txt of the kernel), a line for each region;
// and jit-PID.dump (jitdump-specification.txt there), which holds the code, too, and
// where its instructions come from: the guest's ELF file as the source file, and
// the address in it as the line.
//
// Written here and not by ORC's perf plug-in: that one knows neither the guest's
// symbols nor fork, and wants debug information of a whole compile unit.
//===----------------------------------------------------------------------===//
#ifndef DBT_REGION_PERFFILES_H
#define DBT_REGION_PERFFILES_H

#include "Region/GuestSymbols.h"
#include "Region/Compiler.h"

#include <mutex>
#include <string>
#include <sys/types.h>
#include <vector>

namespace dbt {

class PerfFiles {
public:
  /// \p dumpDirectory: where jit-PID.dump goes; empty: nowhere.
  PerfFiles(bool map, std::string dumpDirectory) : wantsMap(map), dumpDirectory(std::move(dumpDirectory)) {}

  /// A region has been compiled. In a fork's child this begins files of its own.
  void add(const Region &region);
  /// It has died: files that are begun later do not have it.
  void forget(const Region &region);

private:
  void open();
  void write(const Region &region);
  void writeDump(const Region &region, const GuestPlace &place);

  const bool wantsMap;
  const std::string dumpDirectory;
  GuestSymbols symbols;
  std::mutex lock;
  std::vector<const Region *> known;
  pid_t pid = 0; ///< whose files are open
  int mapFd = -1, dumpFd = -1;
  uint64_t written = 0; ///< regions in the dump
};

} // namespace dbt

#endif
