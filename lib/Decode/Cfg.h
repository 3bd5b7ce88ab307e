//===- Cfg.h - A region's control-flow graph --------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_DECODE_CFG_H
#define DBT_DECODE_CFG_H

#include "Decode/CfgLimits.h"
#include "Decode/Decoder.h"
#include "Decode/JumpTable.h"

#include <functional>
#include <optional>
#include <vector>

namespace dbt {

struct CfgBlock {
  uint64_t pc;
  std::vector<Insn> insns; ///< not empty
  bool guestWritable;
  JumpTable table; ///< of the indirect jump that it ends with
  /// The called function whose block it is, by its entry; 0: the region's own.
  uint64_t callee = 0;
  /// Blocks of the region that the call at its end may go to, or, in a called function,
  /// the indirect jump.
  std::vector<uint64_t> targets;
  uint64_t end() const { return insns.back().nextPc(); }
};

/// Where the call or indirect jump \p site may go to, as far as it has been seen; a guess
/// that compiled code makes sure of. \p line: the addresses of the instructions that run
/// one after the other up to the site.
using TargetReader = std::function<std::vector<uint64_t>(const Insn &site, const std::vector<uint64_t> &line)>;

/// The pointer in memory at \p slot, if the guest cannot change it where it is.
using ConstantReader = std::function<std::optional<uint64_t>(uint64_t slot)>;

/// What findCfg is told of the guest.
struct CfgSource {
  CodeReader code;
  DataReader data;
  std::function<bool(uint64_t pc)> wanted; ///< whether a block is to be part of the region
  TargetReader targets{};                  ///< may be empty
  ConstantReader constants{};              ///< may be empty
};

/// A jump or call through a constant pointer as the direct one that it amounts to (a PLT's
/// stub whose GOT is read-only); another instruction as it is.
Insn bound(const Insn &insn, const ConstantReader &constants);

/// The blocks reachable from \p entry by direct control flow (a call falls through
/// to its return address) and by jump tables, as far as CfgSource::wanted says and the limits
/// allow; sorted by address, but for the entry, which comes first. Then those of the
/// functions that CfgSource::targets says are called, if they are small, call nothing and
/// share no instruction with the rest. Empty if there is no instruction at the entry.
std::vector<CfgBlock> findCfg(Decoder &decoder, uint64_t entry, const CfgSource &source, const CfgLimits &limits);

} // namespace dbt

#endif
