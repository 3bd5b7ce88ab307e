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

template <bool Signed, unsigned To, unsigned From> constexpr auto widen = [](auto &m, auto w) {
  // In memory the source is only as long as its lanes.
  auto v = lowSource<w.value / To * From>(m, 1);
  m.writeVec(w, 0, m.template vwiden<To, From, w.value>(Signed, Bits<To>{}, Bits<From>{}, v));
};

template <VOp Op, unsigned L> constexpr auto horizontal = [](auto &m, auto w) {
  constexpr Bits<L> l;
  constexpr AdjacentLanes<w.value, L> lanes;
  auto [a, b] = sources(m, w);
  m.writeVec(w, 0, m.vbin(Op, l, m.vshuffle(l, a, b, lanes.even), m.vshuffle(l, a, b, lanes.odd)));
};

template <unsigned L> constexpr auto absolute = [](auto &m, auto w) {
  m.writeVec(w, 0, m.vabs(Bits<L>{}, m.readVec(w, 1)));
};

template <VOp Op, unsigned L> constexpr auto op(const char *name, Isa isa = Isa::Sse2) {
  return simdInt(name, isa, lanewise<Op, L>);
}
template <VOp Op, unsigned L> constexpr auto mmxOp(const char *name, Isa mmx = Isa::Mmx) {
  return op<Op, L>(name, mmx == Isa::Ssse3 ? mmx : Isa::Sse2).mmx(mmx);
}
template <VOp Op> constexpr auto floatOp(const char *name, Isa isa = Isa::Sse2) { return simd(name, isa, lanewise<Op, 64>); }
template <Shift How, unsigned L> constexpr auto shiftRow(const char *name) {
  return simdInt(name, Isa::Sse2, shift<How, L>).mmx();
}

} // namespace

DBT_FAMILY(SseInt,
  (mmxOp<VOp::Add, 8>("vpaddb")), (mmxOp<VOp::Add, 16>("vpaddw")), (mmxOp<VOp::Add, 32>("vpaddd")), (mmxOp<VOp::Add, 64>("vpaddq", Isa::Sse2)),
  (mmxOp<VOp::Sub, 8>("vpsubb")), (mmxOp<VOp::Sub, 16>("vpsubw")), (mmxOp<VOp::Sub, 32>("vpsubd")), (mmxOp<VOp::Sub, 64>("vpsubq", Isa::Sse2)),
  (mmxOp<VOp::AddSatS, 8>("vpaddsb")), (mmxOp<VOp::AddSatS, 16>("vpaddsw")),
  (mmxOp<VOp::AddSatU, 8>("vpaddusb")), (mmxOp<VOp::AddSatU, 16>("vpaddusw")),
  (mmxOp<VOp::SubSatS, 8>("vpsubsb")), (mmxOp<VOp::SubSatS, 16>("vpsubsw")),
  (mmxOp<VOp::SubSatU, 8>("vpsubusb")), (mmxOp<VOp::SubSatU, 16>("vpsubusw")),
  (mmxOp<VOp::Mul, 16>("vpmullw")), (op<VOp::Mul, 32>("vpmulld", Isa::Sse41)),
  (mmxOp<VOp::MulHiS, 16>("vpmulhw")), (mmxOp<VOp::MulHiU, 16>("vpmulhuw", Isa::Sse)), (mmxOp<VOp::MulHrS, 16>("vpmulhrsw", Isa::Ssse3)),
  (mmxOp<VOp::MulLowU, 64>("vpmuludq", Isa::Sse2)), (op<VOp::MulLowS, 64>("vpmuldq", Isa::Sse41)),
  (mmxOp<VOp::And, 64>("vpand")), (mmxOp<VOp::AndNot, 64>("vpandn")), (mmxOp<VOp::Or, 64>("vpor")), (mmxOp<VOp::Xor, 64>("vpxor")),
  (floatOp<VOp::And>("vandps", Isa::Sse)), (floatOp<VOp::AndNot>("vandnps", Isa::Sse)),
  (floatOp<VOp::Or>("vorps", Isa::Sse)), (floatOp<VOp::Xor>("vxorps", Isa::Sse)),
  (floatOp<VOp::And>("vandpd")), (floatOp<VOp::AndNot>("vandnpd")), (floatOp<VOp::Or>("vorpd")), (floatOp<VOp::Xor>("vxorpd")),
  (mmxOp<VOp::Eq, 8>("vpcmpeqb")), (mmxOp<VOp::Eq, 16>("vpcmpeqw")), (mmxOp<VOp::Eq, 32>("vpcmpeqd")), (op<VOp::Eq, 64>("vpcmpeqq", Isa::Sse41)),
  (mmxOp<VOp::GtS, 8>("vpcmpgtb")), (mmxOp<VOp::GtS, 16>("vpcmpgtw")), (mmxOp<VOp::GtS, 32>("vpcmpgtd")), (op<VOp::GtS, 64>("vpcmpgtq", Isa::Sse42)),
  (mmxOp<VOp::MinU, 8>("vpminub", Isa::Sse)), (mmxOp<VOp::MaxU, 8>("vpmaxub", Isa::Sse)), (mmxOp<VOp::MinS, 16>("vpminsw", Isa::Sse)), (mmxOp<VOp::MaxS, 16>("vpmaxsw", Isa::Sse)),
  (op<VOp::MinS, 8>("vpminsb", Isa::Sse41)), (op<VOp::MaxS, 8>("vpmaxsb", Isa::Sse41)),
  (op<VOp::MinU, 16>("vpminuw", Isa::Sse41)), (op<VOp::MaxU, 16>("vpmaxuw", Isa::Sse41)),
  (op<VOp::MinS, 32>("vpminsd", Isa::Sse41)), (op<VOp::MaxS, 32>("vpmaxsd", Isa::Sse41)),
  (op<VOp::MinU, 32>("vpminud", Isa::Sse41)), (op<VOp::MaxU, 32>("vpmaxud", Isa::Sse41)),
  (mmxOp<VOp::AvgU, 8>("vpavgb", Isa::Sse)), (mmxOp<VOp::AvgU, 16>("vpavgw", Isa::Sse)),
  (mmxOp<VOp::Sign, 8>("vpsignb", Isa::Ssse3)), (mmxOp<VOp::Sign, 16>("vpsignw", Isa::Ssse3)), (mmxOp<VOp::Sign, 32>("vpsignd", Isa::Ssse3)),
  simdInt("vpabsb", Isa::Ssse3, absolute<8>).mmx(Isa::Ssse3),
  simdInt("vpabsw", Isa::Ssse3, absolute<16>).mmx(Isa::Ssse3),
  simdInt("vpabsd", Isa::Ssse3, absolute<32>).mmx(Isa::Ssse3),
  (shiftRow<Shift::Shl, 16>("vpsllw")), (shiftRow<Shift::Shl, 32>("vpslld")), (shiftRow<Shift::Shl, 64>("vpsllq")),
  (shiftRow<Shift::Shr, 16>("vpsrlw")), (shiftRow<Shift::Shr, 32>("vpsrld")), (shiftRow<Shift::Shr, 64>("vpsrlq")),
  (shiftRow<Shift::Sar, 16>("vpsraw")), (shiftRow<Shift::Sar, 32>("vpsrad")),
  simdInt("vpslldq", Isa::Sse2, shiftBytes<true>),
  simdInt("vpsrldq", Isa::Sse2, shiftBytes<false>),
  simdInt("vpmaddwd", Isa::Sse2, [](auto &m, auto w) {
    auto [a, b] = sources(m, w);
    m.writeVec(w, 0, m.vmaddWords(a, b));
  }).mmx(),
  simdInt("vpmaddubsw", Isa::Ssse3, [](auto &m, auto w) {
    auto [a, b] = sources(m, w);
    m.writeVec(w, 0, m.vmaddBytes(a, b));
  }).mmx(Isa::Ssse3),
  simdInt("vpsadbw", Isa::Sse2, [](auto &m, auto w) {
    auto [a, b] = sources(m, w);
    m.writeVec(w, 0, m.vsad(a, b));
  }).mmx(Isa::Sse),
  simdInt("vphaddw", Isa::Ssse3, (horizontal<VOp::Add, 16>)).mmx(Isa::Ssse3),
  simdInt("vphaddd", Isa::Ssse3, (horizontal<VOp::Add, 32>)).mmx(Isa::Ssse3),
  simdInt("vphaddsw", Isa::Ssse3, (horizontal<VOp::AddSatS, 16>)).mmx(Isa::Ssse3),
  simdInt("vphsubw", Isa::Ssse3, (horizontal<VOp::Sub, 16>)).mmx(Isa::Ssse3),
  simdInt("vphsubd", Isa::Ssse3, (horizontal<VOp::Sub, 32>)).mmx(Isa::Ssse3),
  simdInt("vphsubsw", Isa::Ssse3, (horizontal<VOp::SubSatS, 16>)).mmx(Isa::Ssse3),
  simdInt("vpmovsxbw", Isa::Sse41, (widen<true, 16, 8>)), simdInt("vpmovsxbd", Isa::Sse41, (widen<true, 32, 8>)),
  simdInt("vpmovsxbq", Isa::Sse41, (widen<true, 64, 8>)), simdInt("vpmovsxwd", Isa::Sse41, (widen<true, 32, 16>)),
  simdInt("vpmovsxwq", Isa::Sse41, (widen<true, 64, 16>)), simdInt("vpmovsxdq", Isa::Sse41, (widen<true, 64, 32>)),
  simdInt("vpmovzxbw", Isa::Sse41, (widen<false, 16, 8>)), simdInt("vpmovzxbd", Isa::Sse41, (widen<false, 32, 8>)),
  simdInt("vpmovzxbq", Isa::Sse41, (widen<false, 64, 8>)), simdInt("vpmovzxwd", Isa::Sse41, (widen<false, 32, 16>)),
  simdInt("vpmovzxwq", Isa::Sse41, (widen<false, 64, 16>)), simdInt("vpmovzxdq", Isa::Sse41, (widen<false, 64, 32>)),
  simd("vptest", Isa::Sse41, [](auto &m, auto w) {
    auto a = m.readVec(w, 0), b = m.readVec(w, 1);
    auto zero = m.vallZero(m.vbin(VOp::And, w64, a, b)), carry = m.vallZero(m.vbin(VOp::AndNot, w64, a, b));
    m.setFlagBits(flag::Status, m.or_(m.shl(m.fromBool(w64, zero), m.constant(w64, 6)), m.fromBool(w64, carry)));
  }))
