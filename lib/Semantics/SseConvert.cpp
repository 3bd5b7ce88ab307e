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

/// CVTDQ2PD and CVTPS2PD read half as many bits as they write, CVTPD2DQ and CVTPD2PS
/// write half as many, and zeros above them.
template <unsigned To> constexpr auto lanesFromInt = [](auto &m, auto w) {
  constexpr Bits<To> to;
  if constexpr (To == 64)
    m.writeVec(w, 0, m.vfromInt(w, to, lowSource<w.value / 2>(m, 1)));
  else
    m.writeVec(w, 0, m.vfromInt(w, to, m.readVec(w, 1)));
};
template <bool Truncate, unsigned From> constexpr auto lanesToInt = [](auto &m, auto w) {
  constexpr Bits<From> from;
  if constexpr (From == 64)
    m.writeVec(w128, 0, m.vtoInt(Truncate, w128, from, m.readVec(w, 1)));
  else
    m.writeVec(w, 0, m.vtoInt(Truncate, w, from, m.readVec(w, 1)));
};
constexpr auto lanesToDouble = [](auto &m, auto w) {
  m.writeVec(w, 0, m.vresize(w, w64, w32, lowSource<w.value / 2>(m, 1)));
};
constexpr auto lanesToSingle = [](auto &m, auto w) {
  m.writeVec(w128, 0, m.vresize(w128, w32, w64, m.readVec(w, 1)));
};

/// The integer's width is the last operand's.
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
  both(gprByLast<32, 64>("vcvtsi2ss", Isa::Sse, scalarFromInt<32>)),
  both(gprByLast<32, 64>("vcvtsi2sd", Isa::Sse2, scalarFromInt<64>)),
  both(gpr<32, 64>("vcvtss2si", Isa::Sse, scalarToInt<false, 32>)),
  both(gpr<32, 64>("vcvttss2si", Isa::Sse, scalarToInt<true, 32>)),
  both(gpr<32, 64>("vcvtsd2si", Isa::Sse2, scalarToInt<false, 64>)),
  both(gpr<32, 64>("vcvttsd2si", Isa::Sse2, scalarToInt<true, 64>)),
  simdFixed("vcvtss2sd", Isa::Sse2, (scalarResize<64, 32>)), simdFixed("vcvtsd2ss", Isa::Sse2, (scalarResize<32, 64>)),
  simd("vcvtdq2ps", Isa::Sse2, lanesFromInt<32>), simd("vcvtdq2pd", Isa::Sse2, lanesFromInt<64>),
  simd("vcvtps2dq", Isa::Sse2, (lanesToInt<false, 32>)), simd("vcvttps2dq", Isa::Sse2, (lanesToInt<true, 32>)),
  simd("vcvtpd2dq", Isa::Sse2, (lanesToInt<false, 64>)), simd("vcvttpd2dq", Isa::Sse2, (lanesToInt<true, 64>)),
  simd("vcvtps2pd", Isa::Sse2, lanesToDouble).when(noMmx), simd("vcvtpd2ps", Isa::Sse2, lanesToSingle).when(noMmx))
