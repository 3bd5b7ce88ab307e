//===- Vex.cpp - What a VEX prefix says -----------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decode/Vex.h"

#include "Decode/OpcodeSet.h"

#include <iterator>

namespace dbt {

Vex::Vex(const uint8_t *bytes, size_t available) {
  if (available < 3 || (bytes[0] != 0xc4 && bytes[0] != 0xc5))
    return;
  const bool longForm = bytes[0] == 0xc4;
  if (longForm && available < 4)
    return;
  const uint8_t last = bytes[longForm ? 2 : 1];
  present = true;
  map = longForm ? bytes[1] & 31 : 1;
  opcode = bytes[longForm ? 3 : 2];
  pp = last & 3;
  l = last & 4;
  w = longForm && (last & 0x80);
}

/// Opcodes of 66 0F 38 and 66 0F 3A with VEX.W0 (SDM Vol. 2, the instructions' pages).
static constexpr OpcodeSet W0[] = {
    OpcodeSet(0x13, 0x16, 0x36, 0x46, 0x58, 0x59, 0x5a, 0x78, 0x79, 0xcf).with(0x0c, 0x0f).with(0x18, 0x1a).with(0x2c, 0x2f),
    OpcodeSet(0x02, 0x18, 0x19, 0x1d, 0x38, 0x39, 0x46).with(0x04, 0x06).with(0x4a, 0x4c)};

bool Vex::hasUndefinedW() const { return present && w && pp == 1 && (map == 2 || map == 3) && W0[map - 2].has(opcode); }

int Vex::twin() const {
  if (present && pp == 1)
    for (size_t i = 0; i < std::size(VexTwins); ++i)
      if (VexTwins[i].map == map && VexTwins[i].opcode == opcode && (VexTwins[i].w == 2 || VexTwins[i].w == w))
        return static_cast<int>(i);
  return -1;
}

void applyVex(const Vex &vex, Insn &insn) {
  if (!vex.present)
    return;
  insn.prefixes |= prefix::Vex;
  if (vex.l)
    insn.prefixes |= prefix::VexL;
  if (vex.w)
    insn.prefixes |= prefix::RexW;
}

} // namespace dbt
