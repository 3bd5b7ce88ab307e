//===- SimdOperands.h - Operands of vector instructions ---------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_SEMANTICS_SIMDOPERANDS_H
#define DBT_SEMANTICS_SIMDOPERANDS_H

#include "Semantics/Family.h"

#include <array>

namespace dbt {

/// The last operand that is no immediate.
inline int lastOperand(const Insn &insn) {
  return insn.numOps - 1 - (insn.kind[insn.numOps - 1] == OpKind::Imm);
}
inline uint8_t immediate(const Insn &insn) { return static_cast<uint8_t>(insn.imm); }

template <class V> struct Sources {
  V a, b;
};

/// Both sources: operands 0 and 1 of a legacy instruction, 1 and 2 of a VEX one.
template <class M, class W> auto sources(M &m, W w) {
  int last = lastOperand(m.instruction());
  auto b = m.readVec(w, last);
  return Sources<decltype(b)>{m.readVec(w, last - 1), b};
}

/// The scalar sources: \p b is the low lane or an operand of memory of that size.
template <class M, class L> auto scalarSources(M &m, L l) {
  int last = lastOperand(m.instruction());
  auto b = m.read(l, last);
  return Sources<decltype(b)>{m.read(l, last - 1), b};
}

/// A vector row: at 128 bits (operand 0's size).
template <class Body> constexpr auto simd(const char *name, Isa isa, Body) {
  return Row<Body, WidthFrom::Op0, Heat::Cold, Widths<128>>{{name, isa, WidthFrom::Op0, nullptr, nullptr}};
}

/// An MMX instruction without an SSE form.
template <class Body> constexpr auto mmxOnly(const char *name, Isa isa, Body) {
  return Row<Body, WidthFrom::Fixed, Heat::Cold, Widths<>>{{name, isa, WidthFrom::Fixed, nullptr, nullptr}}.mmx(isa);
}

/// The bits within which instructions shuffle: 128, or 64 of MMX.
inline constexpr int blockBits(int width) { return width < 128 ? width : 128; }

inline bool usesXmm(const Insn &insn) { return isXmm(insn.reg[0]) || isXmm(insn.reg[1]); }
inline bool isStore(const Insn &insn) { return insn.kind[0] == OpKind::Mem; }
inline bool isLoad(const Insn &insn) { return insn.kind[1] == OpKind::Mem; }
inline bool isRegToReg(const Insn &insn) { return insn.kind[0] == OpKind::Reg && insn.kind[1] == OpKind::Reg; }

} // namespace dbt

#endif
