//===- Vex.h - What a VEX prefix says ---------------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 2, 2.3. Capstone knows the instructions and their operands; what it
// does not say, or names in its own way, is read from the bytes here.
//===----------------------------------------------------------------------===//
#ifndef DBT_DECODE_VEX_H
#define DBT_DECODE_VEX_H

#include "Decode/Insn.h"

#include <cstddef>
#include <cstdint>

namespace dbt {

struct Vex {
  bool present = false;
  uint8_t map = 0; ///< 1: 0F, 2: 0F 38, 3: 0F 3A
  uint8_t opcode = 0;
  uint8_t pp = 0; ///< 0, 66, F3 or F2 as 0 to 3
  bool w = false;
  bool l = false; ///< 256 bits

  Vex() = default;
  /// The prefix at \p bytes, if there is one.
  Vex(const uint8_t *bytes, size_t available);

  /// VPGATHERDD and its like, whose index is a vector.
  bool isGather() const { return present && map == 2 && pp == 1 && opcode >= 0x90 && opcode <= 0x93; }
  /// VCMPPS and its like, whose predicate Capstone makes part of the name.
  bool isCompare() const { return present && map == 1 && opcode == 0xc2; }
  /// Whether VEX.W is set where the SDM has W0: Capstone takes it for ignored.
  bool hasUndefinedW() const;
  /// One that Capstone 4 does not know, or not with 256 bits: an index, or -1.
  int twin() const;
};

/// The instruction that Vex::twin() stands for, and the opcode of one that Capstone knows
/// and whose operands are the same.
struct VexTwin {
  uint8_t map, opcode, w; ///< w is 2 where VEX.W is ignored
  uint8_t known;
  const char *name;
};
inline constexpr VexTwin VexTwins[] = {
    {2, 0x5a, 0, 0x1a, "vbroadcasti128"}, {2, 0xdc, 2, 0x00, "vaesenc"},        {2, 0xdd, 2, 0x00, "vaesenclast"},
    {2, 0xde, 2, 0x00, "vaesdec"},        {2, 0xdf, 2, 0x00, "vaesdeclast"},    {2, 0xcf, 0, 0x00, "vgf2p8mulb"},
    {3, 0x44, 2, 0x0f, "vpclmulqdq"},     {3, 0xce, 1, 0x0f, "vgf2p8affineqb"}, {3, 0xcf, 1, 0x0f, "vgf2p8affineinvqb"},
};

/// Instructions with EVEX bear the names of AVX's, but no row is theirs: Insn::mnemonic is
/// this much greater.
inline constexpr uint16_t FirstEvex = 8192;

/// Adds what \p vex says to a decoded instruction.
void applyVex(const Vex &vex, Insn &insn);

} // namespace dbt

#endif
