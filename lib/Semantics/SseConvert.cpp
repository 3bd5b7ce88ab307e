//===- SseConvert.cpp - SSE conversions -----------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, 10.4.3, 11.4.1.5 (Figure 11-8).

#include "Semantics/SimdOperands.h"

using namespace dbt;

namespace {

/// Each of the first \p Count lanes of the source; the destination's other lanes
/// are zero.
template <unsigned To, unsigned From, unsigned Count, class M, class F> void eachLane(M &m, F convert) {
  const Insn &insn = m.instruction();
  auto v = [&] {
    if (Count * From == 64 && isLoad(insn))
      return m.vinsert(w64, m.vzero(w128), 0, m.read(w64, 1));
    return m.readVec(w128, 1);
  }();
  auto r = m.vzero(w128);
  for (unsigned i = 0; i < Count; ++i)
    r = m.vinsert(Bits<To>{}, r, i, convert(m.vextract(Bits<From>{}, v, i)));
  m.writeVec(w128, 0, r);
}

template <unsigned To, unsigned From, unsigned Count> constexpr auto lanesFromInt = [](auto &m) {
  eachLane<To, From, Count>(m, [&](auto x) { return m.fromInt(Bits<To>{}, x); });
};
template <bool Truncate, unsigned From, unsigned Count> constexpr auto lanesToInt = [](auto &m) {
  eachLane<32, From, Count>(m, [&](auto x) { return m.toInt(Truncate, w32, x); });
};
template <unsigned To, unsigned From, unsigned Count> constexpr auto lanesResize = [](auto &m) {
  eachLane<To, From, Count>(m, [&](auto x) { return m.fresize(Bits<To>{}, x); });
};

/// The integer's width is the source operand's.
template <unsigned To> constexpr auto scalarFromInt = [](auto &m, auto w) {
  m.writeLow(Bits<To>{}, 0, m.fromInt(Bits<To>{}, m.read(w, lastOperand(m.instruction()))));
};
template <bool Truncate, unsigned From> constexpr auto scalarToInt = [](auto &m, auto w) {
  m.write(w, 0, m.toInt(Truncate, w, m.read(Bits<From>{}, 1)));
};
template <unsigned To, unsigned From> constexpr auto scalarResize = [](auto &m) {
  m.writeLow(Bits<To>{}, 0, m.fresize(Bits<To>{}, m.read(Bits<From>{}, lastOperand(m.instruction()))));
};

constexpr FormFn noMmx = [](const Insn &i) { return !isMmx(i.reg[0]) && !isMmx(i.reg[1]); };

} // namespace

DBT_FAMILY(SseConvert,
  (gprBySource<32, 64>("cvtsi2ss", Isa::Sse, scalarFromInt<32>)),
  (gprBySource<32, 64>("cvtsi2sd", Isa::Sse2, scalarFromInt<64>)),
  (gpr<32, 64>("cvtss2si", Isa::Sse, scalarToInt<false, 32>)), (gpr<32, 64>("cvttss2si", Isa::Sse, scalarToInt<true, 32>)),
  (gpr<32, 64>("cvtsd2si", Isa::Sse2, scalarToInt<false, 64>)), (gpr<32, 64>("cvttsd2si", Isa::Sse2, scalarToInt<true, 64>)),
  fixed("cvtss2sd", Isa::Sse2, (scalarResize<64, 32>)), fixed("cvtsd2ss", Isa::Sse2, (scalarResize<32, 64>)),
  fixed("cvtdq2ps", Isa::Sse2, (lanesFromInt<32, 32, 4>)), fixed("cvtdq2pd", Isa::Sse2, (lanesFromInt<64, 32, 2>)),
  fixed("cvtps2dq", Isa::Sse2, (lanesToInt<false, 32, 4>)), fixed("cvttps2dq", Isa::Sse2, (lanesToInt<true, 32, 4>)),
  fixed("cvtpd2dq", Isa::Sse2, (lanesToInt<false, 64, 2>)), fixed("cvttpd2dq", Isa::Sse2, (lanesToInt<true, 64, 2>)),
  fixed("cvtps2pd", Isa::Sse2, (lanesResize<64, 32, 2>)).when(noMmx),
  fixed("cvtpd2ps", Isa::Sse2, (lanesResize<32, 64, 2>)).when(noMmx))
