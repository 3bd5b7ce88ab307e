//===- RegionSource.h - The guest code that a region is made from -*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_JIT_REGIONSOURCE_H
#define DBT_JIT_REGIONSOURCE_H

#include "Decode/Cfg.h"
#include "Region/Compiler.h"
#include "Lift/RegionLifter.h"

#include <map>

namespace dbt {

/// Reads guest code for one region, and keeps what it has read: the guest may unmap or
/// change it at any time.
class RegionSource {
public:
  RegionSource(CompilerHost &host, const CompilerOptions &options, Decoder &decoder)
      : host(host), options(options), decoder(decoder) {}
  RegionSource(const RegionSource &) = delete;
  RegionSource &operator=(const RegionSource &) = delete;

  /// What to lift at \p pc; refers to this object. Without blocks: there is nothing.
  RegionRequest request(uint64_t pc);

  /// What the region relies on besides its own code.
  const std::vector<GuestSpan> &lookedAt() const { return others; }
  /// Appends the bytes of \p spans as they were read; false if some were not.
  bool readSpans(const std::vector<GuestSpan> &spans, std::vector<uint8_t> &bytes) const;

  /// The options with which dbt-lift prints the same IR.
  std::string liftOptions(const RegionRequest &request) const;
  std::string insnText(uint64_t pc);

private:
  CodeBytes readCode(uint64_t pc);
  std::vector<CfgBlock> findBlocks(uint64_t pc);
  bool wanted(uint64_t pc);
  std::vector<uint64_t> targets(const Insn &site, const std::vector<uint64_t> &line); ///< a TargetReader
  /// The pointer at \p slot, if it cannot change under a running region.
  std::optional<uint64_t> constantAt(uint64_t slot);
  /// flagsDeadAt(), of code that does not change under a running region.
  bool flagsDead(uint64_t pc);

  CompilerHost &host;
  const CompilerOptions &options;
  Decoder &decoder;
  struct Page {
    std::vector<uint8_t> bytes;
    bool guestWritable;
  };
  std::map<uint64_t, Page> pages;
  std::vector<GuestSpan> others;
  std::map<uint64_t, bool> flagsKnown;
  std::map<uint64_t, std::optional<uint64_t>> constants; ///< by where they are
};

} // namespace dbt

#endif
