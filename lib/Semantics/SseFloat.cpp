//===- SseFloat.cpp - SSE floating-point arithmetic and comparison --------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, 10.4.1.2 to 10.4.1.4, 11.4.1.2 to 11.4.1.4, 12. Rounding, denormals
// and exceptions are MXCSR's.

#include "Semantics/SimdOperands.h"

using namespace dbt;

namespace {

template <FOp Op, unsigned L> constexpr auto packed = [](auto &m, auto w) {
  auto [a, b] = sources(m, w);
  m.writeVec(w, 0, m.fbin(Op, Bits<L>{}, a, b));
};
template <FOp Op, unsigned L> constexpr auto scalar = [](auto &m) {
  auto [a, b] = scalarSources(m, Bits<L>{});
  m.writeLow(Bits<L>{}, 0, m.fop(Op, a, b));
};
template <FUnary Op, unsigned L> constexpr auto packedUnary = [](auto &m, auto w) {
  m.writeVec(w, 0, m.funary(Op, Bits<L>{}, m.readVec(w, 1)));
};
template <FUnary Op, unsigned L> constexpr auto scalarUnary = [](auto &m) {
  m.writeLow(Bits<L>{}, 0, m.funary(Op, m.read(Bits<L>{}, lastOperand(m.instruction()))));
};
/// Of 8, or of 32 with VEX.
unsigned predicate(const Insn &insn) { return immediate(insn) & (insn.has(prefix::Vex) ? 31 : 7); }
template <unsigned L> constexpr auto comparePacked = [](auto &m, auto w) {
  auto [a, b] = sources(m, w);
  m.writeVec(w, 0, m.fcompare(predicate(m.instruction()), Bits<L>{}, a, b));
};
template <unsigned L> constexpr auto compareScalar = [](auto &m) {
  auto [a, b] = scalarSources(m, Bits<L>{});
  m.writeLow(Bits<L>{}, 0, m.fcompare(predicate(m.instruction()), a, b));
};

/// UCOMISS and COMISS: ZF, PF and CF all set for unordered; OF, SF and AF clear.
template <bool Signalling, unsigned L> constexpr auto compareToFlags = [](auto &m) {
  m.fcompareFlags(Signalling, m.read(Bits<L>{}, 0), m.read(Bits<L>{}, 1));
};

template <FOp Op, unsigned L> constexpr auto horizontal = [](auto &m, auto w) {
  constexpr Bits<L> l;
  constexpr AdjacentLanes<w.value, L> lanes;
  auto [a, b] = sources(m, w);
  m.writeVec(w, 0, m.fbin(Op, l, m.vshuffle(l, a, b, lanes.even), m.vshuffle(l, a, b, lanes.odd)));
};

template <unsigned L> constexpr auto addSub = [](auto &m, auto w) {
  auto [a, b] = sources(m, w);
  m.writeVec(w, 0, m.faddSub(Bits<L>{}, a, b));
};

template <unsigned L> constexpr auto roundPacked = [](auto &m, auto w) {
  m.writeVec(w, 0, m.vround(immediate(m.instruction()), Bits<L>{}, m.readVec(w, 1)));
};
template <unsigned L> constexpr auto roundScalar = [](auto &m) {
  m.writeLow(Bits<L>{}, 0, m.fround(immediate(m.instruction()), m.read(Bits<L>{}, lastOperand(m.instruction()))));
};

template <unsigned L> constexpr auto dotProduct = [](auto &m, auto w) {
  auto [a, b] = sources(m, w);
  m.writeVec(w, 0, m.fdot(immediate(m.instruction()), Bits<L>{}, a, b));
};

#define DBT_ARITHMETIC(name, op)                                                                   \
  simd("v" name "ps", Isa::Sse, (packed<op, 32>)), simd("v" name "pd", Isa::Sse2, (packed<op, 64>)), \
      simdFixed("v" name "ss", Isa::Sse, (scalar<op, 32>)), simdFixed("v" name "sd", Isa::Sse2, (scalar<op, 64>))

} // namespace

DBT_FAMILY(SseFloat,
  DBT_ARITHMETIC("add", FOp::Add), DBT_ARITHMETIC("sub", FOp::Sub), DBT_ARITHMETIC("mul", FOp::Mul),
  DBT_ARITHMETIC("div", FOp::Div), DBT_ARITHMETIC("min", FOp::Min), DBT_ARITHMETIC("max", FOp::Max),
  simd("vsqrtps", Isa::Sse, (packedUnary<FUnary::Sqrt, 32>)), simd("vsqrtpd", Isa::Sse2, (packedUnary<FUnary::Sqrt, 64>)),
  simdFixed("vsqrtss", Isa::Sse, (scalarUnary<FUnary::Sqrt, 32>)), simdFixed("vsqrtsd", Isa::Sse2, (scalarUnary<FUnary::Sqrt, 64>)),
  simd("vrcpps", Isa::Sse, (packedUnary<FUnary::Reciprocal, 32>)),
  simdFixed("vrcpss", Isa::Sse, (scalarUnary<FUnary::Reciprocal, 32>)),
  simd("vrsqrtps", Isa::Sse, (packedUnary<FUnary::ReciprocalSqrt, 32>)),
  simdFixed("vrsqrtss", Isa::Sse, (scalarUnary<FUnary::ReciprocalSqrt, 32>)),
  simd("vcmpps", Isa::Sse, comparePacked<32>), simd("vcmppd", Isa::Sse2, comparePacked<64>),
  simdFixed("vcmpss", Isa::Sse, compareScalar<32>), simdFixed("vcmpsd", Isa::Sse2, compareScalar<64>),
  simdFixed("vucomiss", Isa::Sse, (compareToFlags<false, 32>)), simdFixed("vucomisd", Isa::Sse2, (compareToFlags<false, 64>)),
  simdFixed("vcomiss", Isa::Sse, (compareToFlags<true, 32>)), simdFixed("vcomisd", Isa::Sse2, (compareToFlags<true, 64>)),
  simd("vhaddps", Isa::Sse3, (horizontal<FOp::Add, 32>)), simd("vhaddpd", Isa::Sse3, (horizontal<FOp::Add, 64>)),
  simd("vhsubps", Isa::Sse3, (horizontal<FOp::Sub, 32>)), simd("vhsubpd", Isa::Sse3, (horizontal<FOp::Sub, 64>)),
  simd("vaddsubps", Isa::Sse3, addSub<32>), simd("vaddsubpd", Isa::Sse3, addSub<64>),
  simd("vroundps", Isa::Sse41, roundPacked<32>), simd("vroundpd", Isa::Sse41, roundPacked<64>),
  simdFixed("vroundss", Isa::Sse41, roundScalar<32>), simdFixed("vroundsd", Isa::Sse41, roundScalar<64>),
  simd("vdpps", Isa::Sse41, dotProduct<32>), simd("vdppd", Isa::Sse41, dotProduct<64>))
