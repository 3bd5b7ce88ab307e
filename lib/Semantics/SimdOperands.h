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

/// The source as 128 bits, of which memory holds only \p Low bits.
template <unsigned Low, class M> auto lowSource(M &m, int i) {
  if constexpr (Low < 128) {
    if (m.instruction().kind[i] == OpKind::Mem)
      return m.vinsert(Bits<Low>{}, m.vzero(w128), 0, m.read(Bits<Low>{}, i));
  }
  return m.readVec(w128, i);
}

/// The scalar sources: \p b is the low lane or an operand of memory of that size.
template <class M, class L> auto scalarSources(M &m, L l) {
  int last = lastOperand(m.instruction());
  auto b = m.read(l, last);
  return Sources<decltype(b)>{m.read(l, last - 1), b};
}

/// MASKMOVQ and MASKMOVDQU: the bytes of operand 0 whose operand 1 has its top bit set, to DS:RDI.
template <class M, class W> void maskStoreBytes(M &m, W w) {
  const Insn &insn = m.instruction();
  auto at = insn.addrSize == 4 ? m.zext(w64, m.reg(w32, Reg::Rdi)) : m.reg(w64, Reg::Rdi);
  if (insn.segment != Reg::None)
    at = m.add(at, m.segmentBase(insn.segment));
  m.maskStore(w8, at, m.readVec(w, 1), m.readVec(w, 0));
}

/// The bits within which instructions shuffle: 128, or 64 of MMX.
inline constexpr int blockBits(int width) { return width < 128 ? width : 128; }

/// The lanes of two sources that HADDPS and its like combine: pairs of adjacent ones
/// of a, then of b, per 128 bits (MMX: 64).
template <unsigned N, unsigned L> struct AdjacentLanes {
  std::array<int, N / L> even, odd;
  constexpr AdjacentLanes() {
    constexpr int n = N / L, per = blockBits(N) / L;
    for (int i = 0; i < n; ++i) {
      int at = i % per, base = i - at + at % (per / 2) * 2 + (at >= per / 2 ? n : 0);
      even[i] = base;
      odd[i] = base + 1;
    }
  }
};

/// A vector instruction of the VEX encoding only, at the widths \p Ns.
template <unsigned... Ns, class Body> constexpr auto vex(const char *name, Isa isa, Body) {
  using Ws = std::conditional_t<sizeof...(Ns) == 0, Widths<128, 256>, Widths<Ns...>>;
  return Row<Body, WidthFrom::Vector, Heat::Cold, Ws>{{name, isa, WidthFrom::Vector, nullptr, nullptr}};
}

/// An MMX instruction without an SSE form.
template <class Body> constexpr auto mmxOnly(const char *name, Isa isa, Body) {
  return Row<Body, WidthFrom::Fixed, Heat::Cold, Widths<>>{{name, isa, WidthFrom::Fixed, nullptr, nullptr}}.mmx(isa);
}

/// "vaddps": ADDPS of \p isa, VADDPS at 128 bits and, of AVX, at 256.
template <class Body> constexpr auto simd(const char *name, Isa isa, Body body) { return both(vex(name, isa, body)); }
/// The same, at 256 bits of AVX2.
template <class Body> constexpr auto simdInt(const char *name, Isa isa, Body body) {
  return both(vex(name, isa, body), Isa::Avx2);
}
/// "vaddss": a scalar or other instruction of one width, with and without VEX.
template <class Body> constexpr auto simdFixed(const char *name, Isa isa, Body body) {
  return both(fixed(name, isa, body));
}

inline bool usesXmm(const Insn &insn) { return isXmm(insn.reg[0]) || isXmm(insn.reg[1]); }
inline bool isStore(const Insn &insn) { return insn.kind[0] == OpKind::Mem; }
inline bool isLoad(const Insn &insn) { return insn.kind[1] == OpKind::Mem; }
inline bool isRegToReg(const Insn &insn) { return insn.kind[0] == OpKind::Reg && insn.kind[1] == OpKind::Reg; }

} // namespace dbt

#endif
