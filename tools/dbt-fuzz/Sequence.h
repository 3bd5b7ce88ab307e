//===- Sequence.h - Instructions in a row -----------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_TOOLS_DBT_FUZZ_SEQUENCE_H
#define DBT_TOOLS_DBT_FUZZ_SEQUENCE_H

#include "State.h"

#include "Decode/Decoder.h"

#include <string>
#include <vector>

namespace dbt::fuzz {

struct Sequence {
  struct Item {
    Insn insn;
    const char *row;
  };
  std::vector<uint8_t> bytes;
  std::vector<Item> items;
  unsigned slot;

  uint64_t start() const { return codeAt(slot); }
  uint64_t end() const { return start() + bytes.size(); }
  /// Flags that a run which ends at \p state leaves undefined.
  uint32_t undefinedAt(const State &before, uint64_t rip) const;
  /// Whether the instruction at \p rip is one of MMX's.
  bool isMmxAt(uint64_t rip) const;
};

/// The sequence that \p bytes are in \p slot; false if they cannot be run: no row, control
/// flow in their midst, results that are undefined or depend on undefined flags.
bool analyse(Decoder &decoder, const std::vector<uint8_t> &bytes, unsigned slot, Sequence &out);

/// "48 01 c8 ..."
std::string hexOf(const std::vector<uint8_t> &bytes);

/// What a state may be made simpler by, one bit each: a failure's state is that of its
/// seed with these replaced by plain values.
namespace simple {
inline constexpr unsigned Gpr0 = 0, Flags = 16, X87 = 17, Mxcsr = 18, Memory = 19, Bases = 20, Xmm0 = 32, Count = 48;
}

/// The state, and the contents of guest memory, that \p seed stands for: any values, but such
/// that \p sequence's operands are mostly where something is.
void prepare(const Sequence &sequence, uint64_t seed, uint64_t simplified, State &state);

} // namespace dbt::fuzz

#endif
