//===- Cfg.h - A region's control-flow graph --------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_DECODE_CFG_H
#define DBT_DECODE_CFG_H

#include "Decode/Decoder.h"
#include "Decode/JumpTable.h"

#include <functional>
#include <vector>

namespace dbt {

struct CfgBlock {
  uint64_t pc;
  std::vector<Insn> insns; ///< not empty
  bool guestWritable;
  JumpTable table; ///< of the indirect jump that it ends with
  uint64_t end() const { return insns.back().nextPc(); }
};

struct CfgLimits {
  unsigned maxBlocks = 128;
  unsigned maxInsns = 1500;
};

/// The blocks reachable from \p entry by direct control flow (a call falls through
/// to its return address) and by jump tables, as far as \p wanted says and the limits
/// allow; sorted by address, but for the entry, which comes first. Empty if there is no
/// instruction at the entry.
std::vector<CfgBlock> findCfg(Decoder &decoder, uint64_t entry, const CodeReader &read, const DataReader &readData,
                              const std::function<bool(uint64_t pc)> &wanted, const CfgLimits &limits);

} // namespace dbt

#endif
