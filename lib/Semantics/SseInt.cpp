//===- SseInt.cpp - SSE2 to SSE4.2 integer arithmetic ---------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, 11.4.2, 12.

#include "Semantics/SimdOperands.h"

using namespace dbt;

namespace {

template <VOp Op, unsigned L> constexpr auto lanewise = [](auto &m, auto w) {
  auto [a, b] = sources(m, w);
  m.writeVec(w, 0, m.vbin(Op, Bits<L>{}, a, b));
};

/// The count is an immediate, or the low 64 bits of a register or of 16 bytes of memory
/// (MMX: of 8).
template <Shift How, unsigned L> constexpr auto shift = [](auto &m, auto w) {
  const Insn &insn = m.instruction();
  int last = insn.numOps - 1;
  auto count = insn.kind[last] == OpKind::Imm ? m.constant(w64, immediate(insn)) : m.vlow64(m.readVec(Bits<blockBits(w.value)>{}, last));
  int source = last == 1 ? 0 : 1;
  m.writeVec(w, 0, m.vshift(How, Bits<L>{}, m.readVec(w, source), count));
};

/// PSLLDQ and PSRLDQ: bytes within each 128 bits.
template <bool Left> constexpr auto shiftBytes = [](auto &m, auto w) {
  const Insn &insn = m.instruction();
  const int count = immediate(insn) > 15 ? 16 : immediate(insn);
  std::array<int, w.value / 8> indices;
  for (int i = 0; i < int(w.value / 8); ++i) {
    int from = (i & 15) + (Left ? -count : count);
    indices[i] = from < 0 || from > 15 ? int(w.value / 8) : (i & ~15) + from;
  }
  m.writeVec(w, 0, m.vshuffle(w8, m.readVec(w, insn.numOps - 2), m.vzero(w), indices));
};

template <bool Signed, unsigned To, unsigned From> constexpr auto widen = [](auto &m) {
  // In memory the source is only as long as its lanes.
  constexpr unsigned Bytes = 128 / To * From;
  auto wide = [&](auto v) { m.writeVec(w128, 0, m.template vwiden<To, From, 128>(Signed, Bits<To>{}, Bits<From>{}, v)); };
  if (isLoad(m.instruction()))
    wide(m.vinsert(Bits<Bytes>{}, m.vzero(w128), 0, m.read(Bits<Bytes>{}, 1)));
  else
    wide(m.readVec(w128, 1));
};

/// Pairs of adjacent lanes of a, then of b.
template <VOp Op, unsigned L> constexpr auto horizontal = [](auto &m, auto w) {
  auto [a, b] = sources(m, w);
  constexpr int n = w.value / L;
  std::array<int, n> even, odd;
  for (int i = 0; i < n; ++i) {
    even[i] = 2 * i;
    odd[i] = 2 * i + 1;
  }
  m.writeVec(w, 0, m.vbin(Op, Bits<L>{}, m.vshuffle(Bits<L>{}, a, b, even), m.vshuffle(Bits<L>{}, a, b, odd)));
};

template <unsigned L> constexpr auto absolute = [](auto &m, auto w) {
  m.writeVec(w, 0, m.vabs(Bits<L>{}, m.readVec(w, 1)));
};

template <VOp Op, unsigned L> constexpr auto op(const char *name, Isa isa = Isa::Sse2) {
  return simd(name, isa, lanewise<Op, L>);
}
template <VOp Op, unsigned L> constexpr auto mmxOp(const char *name, Isa mmx = Isa::Mmx) {
  return op<Op, L>(name, mmx == Isa::Ssse3 ? mmx : Isa::Sse2).mmx(mmx);
}
template <Shift How, unsigned L> constexpr auto shiftRow(const char *name) {
  return simd(name, Isa::Sse2, shift<How, L>).mmx();
}

} // namespace

DBT_FAMILY(SseInt,
  (mmxOp<VOp::Add, 8>("paddb")), (mmxOp<VOp::Add, 16>("paddw")), (mmxOp<VOp::Add, 32>("paddd")), (mmxOp<VOp::Add, 64>("paddq", Isa::Sse2)),
  (mmxOp<VOp::Sub, 8>("psubb")), (mmxOp<VOp::Sub, 16>("psubw")), (mmxOp<VOp::Sub, 32>("psubd")), (mmxOp<VOp::Sub, 64>("psubq", Isa::Sse2)),
  (mmxOp<VOp::AddSatS, 8>("paddsb")), (mmxOp<VOp::AddSatS, 16>("paddsw")),
  (mmxOp<VOp::AddSatU, 8>("paddusb")), (mmxOp<VOp::AddSatU, 16>("paddusw")),
  (mmxOp<VOp::SubSatS, 8>("psubsb")), (mmxOp<VOp::SubSatS, 16>("psubsw")),
  (mmxOp<VOp::SubSatU, 8>("psubusb")), (mmxOp<VOp::SubSatU, 16>("psubusw")),
  (mmxOp<VOp::Mul, 16>("pmullw")), (op<VOp::Mul, 32>("pmulld", Isa::Sse41)),
  (mmxOp<VOp::MulHiS, 16>("pmulhw")), (mmxOp<VOp::MulHiU, 16>("pmulhuw", Isa::Sse)), (mmxOp<VOp::MulHrS, 16>("pmulhrsw", Isa::Ssse3)),
  (mmxOp<VOp::MulLowU, 64>("pmuludq", Isa::Sse2)), (op<VOp::MulLowS, 64>("pmuldq", Isa::Sse41)),
  (mmxOp<VOp::And, 64>("pand")), (mmxOp<VOp::AndNot, 64>("pandn")), (mmxOp<VOp::Or, 64>("por")), (mmxOp<VOp::Xor, 64>("pxor")),
  (op<VOp::And, 64>("andps", Isa::Sse)), (op<VOp::AndNot, 64>("andnps", Isa::Sse)),
  (op<VOp::Or, 64>("orps", Isa::Sse)), (op<VOp::Xor, 64>("xorps", Isa::Sse)),
  (op<VOp::And, 64>("andpd")), (op<VOp::AndNot, 64>("andnpd")), (op<VOp::Or, 64>("orpd")), (op<VOp::Xor, 64>("xorpd")),
  (mmxOp<VOp::Eq, 8>("pcmpeqb")), (mmxOp<VOp::Eq, 16>("pcmpeqw")), (mmxOp<VOp::Eq, 32>("pcmpeqd")), (op<VOp::Eq, 64>("pcmpeqq", Isa::Sse41)),
  (mmxOp<VOp::GtS, 8>("pcmpgtb")), (mmxOp<VOp::GtS, 16>("pcmpgtw")), (mmxOp<VOp::GtS, 32>("pcmpgtd")), (op<VOp::GtS, 64>("pcmpgtq", Isa::Sse42)),
  (mmxOp<VOp::MinU, 8>("pminub", Isa::Sse)), (mmxOp<VOp::MaxU, 8>("pmaxub", Isa::Sse)), (mmxOp<VOp::MinS, 16>("pminsw", Isa::Sse)), (mmxOp<VOp::MaxS, 16>("pmaxsw", Isa::Sse)),
  (op<VOp::MinS, 8>("pminsb", Isa::Sse41)), (op<VOp::MaxS, 8>("pmaxsb", Isa::Sse41)),
  (op<VOp::MinU, 16>("pminuw", Isa::Sse41)), (op<VOp::MaxU, 16>("pmaxuw", Isa::Sse41)),
  (op<VOp::MinS, 32>("pminsd", Isa::Sse41)), (op<VOp::MaxS, 32>("pmaxsd", Isa::Sse41)),
  (op<VOp::MinU, 32>("pminud", Isa::Sse41)), (op<VOp::MaxU, 32>("pmaxud", Isa::Sse41)),
  (mmxOp<VOp::AvgU, 8>("pavgb", Isa::Sse)), (mmxOp<VOp::AvgU, 16>("pavgw", Isa::Sse)),
  (mmxOp<VOp::Sign, 8>("psignb", Isa::Ssse3)), (mmxOp<VOp::Sign, 16>("psignw", Isa::Ssse3)), (mmxOp<VOp::Sign, 32>("psignd", Isa::Ssse3)),
  simd("pabsb", Isa::Ssse3, absolute<8>).mmx(Isa::Ssse3),
  simd("pabsw", Isa::Ssse3, absolute<16>).mmx(Isa::Ssse3),
  simd("pabsd", Isa::Ssse3, absolute<32>).mmx(Isa::Ssse3),
  (shiftRow<Shift::Shl, 16>("psllw")), (shiftRow<Shift::Shl, 32>("pslld")), (shiftRow<Shift::Shl, 64>("psllq")),
  (shiftRow<Shift::Shr, 16>("psrlw")), (shiftRow<Shift::Shr, 32>("psrld")), (shiftRow<Shift::Shr, 64>("psrlq")),
  (shiftRow<Shift::Sar, 16>("psraw")), (shiftRow<Shift::Sar, 32>("psrad")),
  simd("pslldq", Isa::Sse2, shiftBytes<true>),
  simd("psrldq", Isa::Sse2, shiftBytes<false>),
  simd("pmaddwd", Isa::Sse2, [](auto &m, auto w) {
    auto [a, b] = sources(m, w);
    m.writeVec(w, 0, m.vmaddWords(a, b));
  }).mmx(),
  simd("pmaddubsw", Isa::Ssse3, [](auto &m, auto w) {
    auto [a, b] = sources(m, w);
    m.writeVec(w, 0, m.vmaddBytes(a, b));
  }).mmx(Isa::Ssse3),
  simd("psadbw", Isa::Sse2, [](auto &m, auto w) {
    auto [a, b] = sources(m, w);
    m.writeVec(w, 0, m.vsad(a, b));
  }).mmx(Isa::Sse),
  simd("phaddw", Isa::Ssse3, (horizontal<VOp::Add, 16>)).mmx(Isa::Ssse3),
  simd("phaddd", Isa::Ssse3, (horizontal<VOp::Add, 32>)).mmx(Isa::Ssse3),
  simd("phaddsw", Isa::Ssse3, (horizontal<VOp::AddSatS, 16>)).mmx(Isa::Ssse3),
  simd("phsubw", Isa::Ssse3, (horizontal<VOp::Sub, 16>)).mmx(Isa::Ssse3),
  simd("phsubd", Isa::Ssse3, (horizontal<VOp::Sub, 32>)).mmx(Isa::Ssse3),
  simd("phsubsw", Isa::Ssse3, (horizontal<VOp::SubSatS, 16>)).mmx(Isa::Ssse3),
  fixed("pmovsxbw", Isa::Sse41, (widen<true, 16, 8>)), fixed("pmovsxbd", Isa::Sse41, (widen<true, 32, 8>)),
  fixed("pmovsxbq", Isa::Sse41, (widen<true, 64, 8>)), fixed("pmovsxwd", Isa::Sse41, (widen<true, 32, 16>)),
  fixed("pmovsxwq", Isa::Sse41, (widen<true, 64, 16>)), fixed("pmovsxdq", Isa::Sse41, (widen<true, 64, 32>)),
  fixed("pmovzxbw", Isa::Sse41, (widen<false, 16, 8>)), fixed("pmovzxbd", Isa::Sse41, (widen<false, 32, 8>)),
  fixed("pmovzxbq", Isa::Sse41, (widen<false, 64, 8>)), fixed("pmovzxwd", Isa::Sse41, (widen<false, 32, 16>)),
  fixed("pmovzxwq", Isa::Sse41, (widen<false, 64, 16>)), fixed("pmovzxdq", Isa::Sse41, (widen<false, 64, 32>)),
  fixed("ptest", Isa::Sse41, [](auto &m) {
    auto a = m.readVec(w128, 0), b = m.readVec(w128, 1);
    auto zero = m.vallZero(m.vbin(VOp::And, w64, a, b)), carry = m.vallZero(m.vbin(VOp::AndNot, w64, a, b));
    m.setFlagBits(flag::Status, m.or_(m.shl(m.fromBool(w64, zero), m.constant(w64, 6)), m.fromBool(w64, carry)));
  }))
