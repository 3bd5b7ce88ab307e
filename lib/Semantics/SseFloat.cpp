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
template <unsigned L> constexpr auto comparePacked = [](auto &m, auto w) {
  auto [a, b] = sources(m, w);
  m.writeVec(w, 0, m.fcompare(immediate(m.instruction()) & 7, Bits<L>{}, a, b));
};
template <unsigned L> constexpr auto compareScalar = [](auto &m) {
  auto [a, b] = scalarSources(m, Bits<L>{});
  m.writeLow(Bits<L>{}, 0, m.fcompare(immediate(m.instruction()) & 7, a, b));
};

/// UCOMISS and COMISS: ZF, PF and CF all set for unordered; OF, SF and AF clear.
template <bool Signalling, unsigned L> constexpr auto compareToFlags = [](auto &m) {
  m.fcompareFlags(Signalling, m.read(Bits<L>{}, 0), m.read(Bits<L>{}, 1));
};

/// HADDPS and its like: pairs of adjacent lanes of a, then of b, per 128 bits.
template <FOp Op, unsigned L> constexpr auto horizontal = [](auto &m, auto w) {
  auto [a, b] = sources(m, w);
  constexpr int n = w.value / L, per = 128 / L;
  std::array<int, n> even, odd;
  for (int i = 0; i < n; ++i) {
    int at = i % per, base = i - at + at % (per / 2) * 2 + (at >= per / 2 ? n : 0);
    even[i] = base;
    odd[i] = base + 1;
  }
  m.writeVec(w, 0, m.fbin(Op, Bits<L>{}, m.vshuffle(Bits<L>{}, a, b, even), m.vshuffle(Bits<L>{}, a, b, odd)));
};

/// ADDSUBPS: even lanes subtract, odd ones add.
template <unsigned L> constexpr auto addSub = [](auto &m, auto w) {
  auto [a, b] = sources(m, w);
  // Each lane once only: an exception of the discarded half would be wrong, so
  // the other operand's sign is changed instead of computing both.
  constexpr int n = w.value / L;
  std::array<int, n> indices;
  auto negated = m.vbin(VOp::Xor, Bits<L>{}, b, m.vsplat(w, m.constant(Bits<L>{}, uint64_t(1) << (L - 1))));
  for (int i = 0; i < n; ++i)
    indices[i] = i % 2 ? i : n + i;
  m.writeVec(w, 0, m.fbinKeepingNan(Bits<L>{}, a, m.vshuffle(Bits<L>{}, b, negated, indices), b));
};

template <unsigned L> constexpr auto roundPacked = [](auto &m, auto w) {
  auto v = m.readVec(w, 1);
  const unsigned mode = immediate(m.instruction());
  auto r = v;
  for (unsigned i = 0; i < w.value / L; ++i)
    r = m.vinsert(Bits<L>{}, r, i, m.fround(mode, m.vextract(Bits<L>{}, v, i)));
  m.writeVec(w, 0, r);
};
template <unsigned L> constexpr auto roundScalar = [](auto &m) {
  m.writeLow(Bits<L>{}, 0, m.fround(immediate(m.instruction()), m.read(Bits<L>{}, lastOperand(m.instruction()))));
};

template <unsigned L> constexpr auto dotProduct = [](auto &m, auto w) {
  auto [a, b] = sources(m, w);
  m.writeVec(w, 0, m.fdot(immediate(m.instruction()), Bits<L>{}, a, b));
};

#define DBT_ARITHMETIC(name, op)                                                                   \
  simd(name "ps", Isa::Sse, (packed<op, 32>)), simd(name "pd", Isa::Sse2, (packed<op, 64>)),       \
      fixed(name "ss", Isa::Sse, (scalar<op, 32>)), fixed(name "sd", Isa::Sse2, (scalar<op, 64>))

} // namespace

DBT_FAMILY(SseFloat,
  DBT_ARITHMETIC("add", FOp::Add), DBT_ARITHMETIC("sub", FOp::Sub), DBT_ARITHMETIC("mul", FOp::Mul),
  DBT_ARITHMETIC("div", FOp::Div), DBT_ARITHMETIC("min", FOp::Min), DBT_ARITHMETIC("max", FOp::Max),
  simd("sqrtps", Isa::Sse, (packedUnary<FUnary::Sqrt, 32>)), simd("sqrtpd", Isa::Sse2, (packedUnary<FUnary::Sqrt, 64>)),
  fixed("sqrtss", Isa::Sse, (scalarUnary<FUnary::Sqrt, 32>)), fixed("sqrtsd", Isa::Sse2, (scalarUnary<FUnary::Sqrt, 64>)),
  simd("rcpps", Isa::Sse, (packedUnary<FUnary::Reciprocal, 32>)),
  fixed("rcpss", Isa::Sse, (scalarUnary<FUnary::Reciprocal, 32>)),
  simd("rsqrtps", Isa::Sse, (packedUnary<FUnary::ReciprocalSqrt, 32>)),
  fixed("rsqrtss", Isa::Sse, (scalarUnary<FUnary::ReciprocalSqrt, 32>)),
  simd("cmpps", Isa::Sse, comparePacked<32>), simd("cmppd", Isa::Sse2, comparePacked<64>),
  fixed("cmpss", Isa::Sse, compareScalar<32>), fixed("cmpsd", Isa::Sse2, compareScalar<64>),
  fixed("ucomiss", Isa::Sse, (compareToFlags<false, 32>)), fixed("ucomisd", Isa::Sse2, (compareToFlags<false, 64>)),
  fixed("comiss", Isa::Sse, (compareToFlags<true, 32>)), fixed("comisd", Isa::Sse2, (compareToFlags<true, 64>)),
  simd("haddps", Isa::Sse3, (horizontal<FOp::Add, 32>)), simd("haddpd", Isa::Sse3, (horizontal<FOp::Add, 64>)),
  simd("hsubps", Isa::Sse3, (horizontal<FOp::Sub, 32>)), simd("hsubpd", Isa::Sse3, (horizontal<FOp::Sub, 64>)),
  simd("addsubps", Isa::Sse3, addSub<32>), simd("addsubpd", Isa::Sse3, addSub<64>),
  simd("roundps", Isa::Sse41, roundPacked<32>), simd("roundpd", Isa::Sse41, roundPacked<64>),
  fixed("roundss", Isa::Sse41, roundScalar<32>), fixed("roundsd", Isa::Sse41, roundScalar<64>),
  simd("dpps", Isa::Sse41, dotProduct<32>), simd("dppd", Isa::Sse41, dotProduct<64>))
