//===- AvxShuffle.cpp - AVX and AVX2 permutations, shifts and tests -------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, 14.2 and 14.6: what has no legacy encoding.

#include "Semantics/SimdOperands.h"

using namespace dbt;

namespace {

/// VPERM2F128: each half of the result is a half of a or b, or zero.
constexpr auto permuteHalves = [](auto &m, auto w) {
  const unsigned imm = immediate(m.instruction());
  auto [a, b] = sources(m, w);
  auto half = [&](unsigned control) {
    if (control & 8)
      return m.vzero(w128);
    return m.vhalf(control & 2 ? b : a, control & 1);
  };
  m.writeVec(w, 0, m.vjoin(half(imm), half(imm >> 4)));
};

/// VPERMQ, VPERMPD: any of four lanes.
constexpr auto permuteFour = [](auto &m, auto w) {
  const unsigned imm = immediate(m.instruction());
  std::array<int, 4> indices;
  for (int i = 0; i < 4; ++i)
    indices[i] = int(imm >> 2 * i & 3);
  auto v = m.readVec(w, 1);
  m.writeVec(w, 0, m.vshuffle(w64, v, v, indices));
};

/// VPERMD, VPERMPS: the indices are operand 1.
constexpr auto permuteEight = [](auto &m, auto w) {
  auto [index, v] = sources(m, w);
  m.writeVec(w, 0, m.vpermute(w32, v, index));
};

/// VPERMILPS, VPERMILPD: within 128 bits, by an immediate or by each lane's own
/// control.
template <unsigned L> constexpr auto permuteInLane = [](auto &m, auto w) {
  const Insn &insn = m.instruction();
  constexpr Bits<L> l;
  if (insn.kind[2] != OpKind::Imm) {
    auto [v, control] = sources(m, w);
    return m.writeVec(w, 0, m.vpermuteInLane(l, v, control));
  }
  const unsigned imm = immediate(insn);
  constexpr int n = w.value / L, per = 128 / L;
  std::array<int, n> indices;
  for (int i = 0; i < n; ++i)
    indices[i] = i / per * per + (L == 32 ? int(imm >> 2 * (i % per) & 3) : int(imm >> i & 1));
  auto v = m.readVec(w, 1);
  m.writeVec(w, 0, m.vshuffle(l, v, v, indices));
};

/// VPSLLVD and its like: each lane by a count of its own.
template <Shift How, unsigned L> constexpr auto shiftEach = [](auto &m, auto w) {
  auto [a, counts] = sources(m, w);
  m.writeVec(w, 0, m.vshiftEach(How, Bits<L>{}, a, counts));
};

/// VTESTPS, VTESTPD: PTEST of the sign bits.
template <unsigned L> constexpr auto testSigns = [](auto &m, auto w) {
  constexpr Bits<L> l;
  auto a = m.readVec(w, 0), b = m.readVec(w, 1);
  auto isClear = [&](VOp op) { return m.fromBool(w64, m.eq(m.vmask(l, m.vbin(op, l, a, b)), m.constant(w32, 0))); };
  auto zero = isClear(VOp::And), carry = isClear(VOp::AndNot);
  m.setFlagBits(flag::Status, m.or_(m.shl(zero, m.constant(w64, 6)), carry));
};

} // namespace

DBT_FAMILY(AvxShuffle,
  vex<256>("vperm2f128", Isa::Avx, permuteHalves), vex<256>("vperm2i128", Isa::Avx2, permuteHalves),
  vex<256>("vpermq", Isa::Avx2, permuteFour), vex<256>("vpermpd", Isa::Avx2, permuteFour),
  vex<256>("vpermd", Isa::Avx2, permuteEight), vex<256>("vpermps", Isa::Avx2, permuteEight),
  vex("vpermilps", Isa::Avx, permuteInLane<32>), vex("vpermilpd", Isa::Avx, permuteInLane<64>),
  vex("vpblendd", Isa::Avx2, [](auto &m, auto w) {
    const unsigned imm = immediate(m.instruction());
    auto [a, b] = sources(m, w);
    constexpr int n = w.value / 32;
    std::array<int, n> indices;
    for (int i = 0; i < n; ++i)
      indices[i] = imm >> i & 1 ? n + i : i;
    m.writeVec(w, 0, m.vshuffle(w32, a, b, indices));
  }),
  vex("vpsllvd", Isa::Avx2, (shiftEach<Shift::Shl, 32>)), vex("vpsllvq", Isa::Avx2, (shiftEach<Shift::Shl, 64>)),
  vex("vpsrlvd", Isa::Avx2, (shiftEach<Shift::Shr, 32>)), vex("vpsrlvq", Isa::Avx2, (shiftEach<Shift::Shr, 64>)),
  vex("vpsravd", Isa::Avx2, (shiftEach<Shift::Sar, 32>)),
  vex("vtestps", Isa::Avx, testSigns<32>), vex("vtestpd", Isa::Avx, testSigns<64>))
