//===- SseMove.cpp - SSE data movement ------------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, 10.4.1.1, 11.4.1.1 and 12.

#include "Semantics/Helpers.h"
#include "Semantics/SimdOperands.h"

using namespace dbt;

namespace {

template <Alignment A> constexpr auto moveWhole = [](auto &m, auto w) { m.writeVec(w, 0, m.readVec(w, 1, A), A); };

/// MOVSS and MOVSD: a load clears the rest of the register, a move between
/// registers keeps it.
template <unsigned L> constexpr auto moveScalar = [](auto &m) {
  constexpr Bits<L> l;
  auto value = m.read(l, 1);
  if (isLoad(m.instruction()))
    m.writeVec(w128, 0, m.vinsert(l, m.vzero(w128), 0, value));
  else
    m.writeLow(l, 0, value);
};

/// MOVD and MOVQ: zero-extended into a vector register; from its low lane elsewhere.
template <unsigned L> constexpr auto moveLane = [](auto &m) {
  constexpr Bits<L> l;
  auto value = m.read(l, 1);
  if (isXmm(m.instruction().reg[0]))
    m.writeVec(w128, 0, m.vinsert(l, m.vzero(w128), 0, value));
  else
    m.write(l, 0, value);
};

/// MOVLPS, MOVHPS and their like: one half of a register.
template <unsigned Half> constexpr auto moveHalf = [](auto &m) {
  if (isStore(m.instruction()))
    m.write(w64, 0, m.vextract(w64, m.readVec(w128, 1), Half));
  else
    m.writeVec(w128, 0, m.vinsert(w64, m.readVec(w128, 0), Half, m.read(w64, 1)));
};

template <unsigned L> constexpr auto moveMask = [](auto &m) {
  m.write(w32, 0, m.vmask(Bits<L>{}, m.readVec(w128, 1)));
};

template <unsigned L> constexpr auto moveDup = [](auto &m, auto w, std::array<int, 4> indices) {
  auto v = m.readVec(w, 1);
  m.writeVec(w, 0, m.vshuffle(Bits<L>{}, v, v, indices));
};

constexpr FormFn xmmOnly = usesXmm;

template <HelperFn Fn> constexpr auto mxcsrHelper(const char *name, Isa isa) { return helper<Fn>(name, isa).interpreted(); }

} // namespace

DBT_FAMILY(SseMove,
  simd("movaps", Isa::Sse, moveWhole<Alignment::Required>),
  simd("movapd", Isa::Sse2, moveWhole<Alignment::Required>),
  simd("movdqa", Isa::Sse2, moveWhole<Alignment::Required>),
  simd("movups", Isa::Sse, moveWhole<Alignment::Unaligned>),
  simd("movupd", Isa::Sse2, moveWhole<Alignment::Unaligned>),
  simd("movdqu", Isa::Sse2, moveWhole<Alignment::Unaligned>),
  simd("lddqu", Isa::Sse3, moveWhole<Alignment::Unaligned>),
  simd("movntps", Isa::Sse, moveWhole<Alignment::Required>),
  simd("movntpd", Isa::Sse2, moveWhole<Alignment::Required>),
  simd("movntdq", Isa::Sse2, moveWhole<Alignment::Required>),
  simd("movntdqa", Isa::Sse41, moveWhole<Alignment::Required>),
  gpr<32, 64>("movnti", Isa::Sse2, [](auto &m, auto w) { m.write(w, 0, m.read(w, 1)); }),
  fixed("movss", Isa::Sse, moveScalar<32>),
  fixed("movsd", Isa::Sse2, moveScalar<64>),
  fixed("movd", Isa::Sse2, moveLane<32>).when(xmmOnly),
  fixed("movq", Isa::Sse2, moveLane<64>).when(xmmOnly),
  fixed("movlps", Isa::Sse, moveHalf<0>),
  fixed("movlpd", Isa::Sse2, moveHalf<0>),
  fixed("movhps", Isa::Sse, moveHalf<1>),
  fixed("movhpd", Isa::Sse2, moveHalf<1>),
  fixed("movhlps", Isa::Sse, [](auto &m) { m.writeLow(w64, 0, m.vextract(w64, m.readVec(w128, 1), 1)); }),
  fixed("movlhps", Isa::Sse, [](auto &m) {
    m.writeVec(w128, 0, m.vinsert(w64, m.readVec(w128, 0), 1, m.read(w64, 1)));
  }),
  fixed("movmskps", Isa::Sse, moveMask<32>),
  fixed("movmskpd", Isa::Sse2, moveMask<64>),
  fixed("pmovmskb", Isa::Sse2, moveMask<8>).when([](const Insn &i) { return isXmm(i.reg[1]); }),
  simd("movsldup", Isa::Sse3, [](auto &m, auto w) { moveDup<32>(m, w, {0, 0, 2, 2}); }),
  simd("movshdup", Isa::Sse3, [](auto &m, auto w) { moveDup<32>(m, w, {1, 1, 3, 3}); }),
  fixed("movddup", Isa::Sse3, [](auto &m) { m.writeVec(w128, 0, m.vsplat(w128, m.read(w64, 1))); }),
  fixed("ldmxcsr", Isa::Sse, [](auto &m) { m.setMxcsr(m.read(w32, 0)); }),
  fixed("stmxcsr", Isa::Sse, [](auto &m) { m.write(w32, 0, m.mxcsr()); }),
  // These read or write MXCSR, too.
  mxcsrHelper<helpers::fxsave>("fxsave", Isa::Fxsr), mxcsrHelper<helpers::fxsave>("fxsave64", Isa::Fxsr),
  mxcsrHelper<helpers::fxrstor>("fxrstor", Isa::Fxsr), mxcsrHelper<helpers::fxrstor>("fxrstor64", Isa::Fxsr),
  mxcsrHelper<helpers::xsave>("xsave", Isa::Osxsave), mxcsrHelper<helpers::xsave>("xsave64", Isa::Osxsave),
  mxcsrHelper<helpers::xsaveopt>("xsaveopt", Isa::Xsaveopt), mxcsrHelper<helpers::xsaveopt>("xsaveopt64", Isa::Xsaveopt),
  mxcsrHelper<helpers::xsavec>("xsavec", Isa::Xsavec), mxcsrHelper<helpers::xsavec>("xsavec64", Isa::Xsavec),
  mxcsrHelper<helpers::xrstor>("xrstor", Isa::Osxsave), mxcsrHelper<helpers::xrstor>("xrstor64", Isa::Osxsave))
