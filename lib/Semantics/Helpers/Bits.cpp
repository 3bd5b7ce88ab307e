//===- Bits.cpp - Bit gathering and scattering ----------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Semantics/Helpers.h"
#include "Semantics/Helpers/Operands.h"

namespace dbt::helpers {

Trap pdep(CpuState &s, const Insn &i) {
  uint64_t source = readOperand(s, i, 1), result = 0;
  for (uint64_t mask = readOperand(s, i, 2); mask; mask &= mask - 1, source >>= 1)
    if (source & 1)
      result |= mask & -mask;
  s.reg(i.reg[0]) = result;
  return Trap::None;
}

Trap pext(CpuState &s, const Insn &i) {
  uint64_t source = readOperand(s, i, 1), result = 0, bit = 1;
  for (uint64_t mask = readOperand(s, i, 2); mask; mask &= mask - 1, bit <<= 1)
    if (source & mask & -mask)
      result |= bit;
  s.reg(i.reg[0]) = result;
  return Trap::None;
}

} // namespace dbt::helpers
