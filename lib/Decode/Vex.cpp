//===- Vex.cpp - What a VEX prefix says -----------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decode/Vex.h"

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
