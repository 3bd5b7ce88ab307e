//===- Cfg.h - A region's control-flow graph --------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_DECODE_CFG_H
#define DBT_DECODE_CFG_H

#include "Decode/Decoder.h"

#include <functional>
#include <vector>

namespace dbt {

/// Guest code as bytes: what may be executed at \p pc, up to the end of the
/// readable stretch; size 0 if nothing.
struct CodeBytes {
  const uint8_t *data;
  uint64_t size;
  bool guestWritable; ///< the guest can store there
};
using CodeReader = std::function<CodeBytes(uint64_t pc)>;

struct CfgBlock {
  uint64_t pc;
  std::vector<Insn> insns; ///< not empty
  bool guestWritable;
  uint64_t end() const { return insns.back().nextPc(); }
};

struct CfgLimits {
  unsigned maxBlocks = 128;
  unsigned maxInsns = 1500;
};

/// The blocks reachable from \p entry by direct control flow (a call falls through
/// to its return address), as far as \p wanted says and the limits allow; sorted by
/// address, but for the entry, which comes first. Empty if there is no instruction at the entry.
std::vector<CfgBlock> findCfg(Decoder &decoder, uint64_t entry, const CodeReader &read,
                              const std::function<bool(uint64_t pc)> &wanted, const CfgLimits &limits);

} // namespace dbt

#endif
