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
  auto value = m.read(l, lastOperand(m.instruction()));
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

template <unsigned Half, class M> void replaceHalf(M &m) {
  const int last = lastOperand(m.instruction());
  auto half = m.read(w64, last);
  m.writeVec(w128, 0, m.vinsert(w64, m.readVec(w128, last - 1), Half, half));
}

/// MOVLPS, MOVHPS and their like: one half of a register.
template <unsigned Half> constexpr auto moveHalf = [](auto &m) {
  if (isStore(m.instruction()))
    m.write(w64, 0, m.vextract(w64, m.readVec(w128, 1), Half));
  else
    replaceHalf<Half>(m);
};

template <unsigned L> constexpr auto moveMask = [](auto &m, auto w) {
  m.write(w32, 0, m.vmask(Bits<L>{}, m.readVec(w, 1)));
};

/// MOVSLDUP and its like: each pair of lanes is its \p Which lane twice.
template <unsigned L, int Which> constexpr auto moveDup = [](auto &m, auto w) {
  std::array<int, w.value / L> indices;
  for (int i = 0; i < int(w.value / L); ++i)
    indices[i] = (i & ~1) + Which;
  auto v = m.readVec(w, 1);
  m.writeVec(w, 0, m.vshuffle(Bits<L>{}, v, v, indices));
};

constexpr FormFn xmmOnly = usesXmm;

constexpr MakersDiffer MxcsrDiffers = {
    "MXCSR's bits from 16 on are reserved: setting one raises #GP, and MXCSR_MASK lacks them",
    "bit 17 is MM where CPUID shows misalignsse: legacy SSE operands in memory but those of MOVAPS and its like may be misaligned",
    "SDM Vol. 1, 10.2.3; APM Vol. 1, MXCSR register, and Vol. 2, FXSAVE and FXRSTOR Instructions"};
constexpr MakersDiffer ImageDiffers = {
    "the x87 pointers are always shown; MXCSR_MASK lacks bit 17, and an MXCSR that has it raises #GP",
    "the x87 pointers are zeros unless an exception is pending, and CS is kept; MXCSR_MASK has bit 17 where CPUID shows misalignsse",
    "SDM Vol. 1, 8.1.8 and 11.6.6; APM Vol. 2, FXSAVE and FXRSTOR Instructions; measured on family 19h"};
template <HelperFn Fn> constexpr auto mxcsrHelper(const char *name, Isa isa) {
  constexpr const char *Why = "moves all of the vector and x87 state, and MXCSR";
  return helper<Fn>(name, isa, Why).interpreted(Why).variesWith(Isa::Misalignsse).makers(ImageDiffers);
}

} // namespace

DBT_FAMILY(SseMove,
  simd("vmovaps", Isa::Sse, moveWhole<Alignment::Required>),
  simd("vmovapd", Isa::Sse2, moveWhole<Alignment::Required>),
  simd("vmovdqa", Isa::Sse2, moveWhole<Alignment::Required>),
  simd("vmovups", Isa::Sse, moveWhole<Alignment::Unaligned>),
  simd("vmovupd", Isa::Sse2, moveWhole<Alignment::Unaligned>),
  simd("vmovdqu", Isa::Sse2, moveWhole<Alignment::Unaligned>),
  simd("vlddqu", Isa::Sse3, moveWhole<Alignment::Unaligned>),
  simd("vmovntps", Isa::Sse, moveWhole<Alignment::Required>),
  simd("vmovntpd", Isa::Sse2, moveWhole<Alignment::Required>),
  simd("vmovntdq", Isa::Sse2, moveWhole<Alignment::Required>),
  simdInt("vmovntdqa", Isa::Sse41, moveWhole<Alignment::Required>),
  gpr<32, 64>("movnti", Isa::Sse2, [](auto &m, auto w) { m.write(w, 0, m.read(w, 1)); }),
  simdFixed("vmovss", Isa::Sse, moveScalar<32>),
  simdFixed("vmovsd", Isa::Sse2, moveScalar<64>),
  simdFixed("vmovd", Isa::Sse2, moveLane<32>).when(xmmOnly),
  simdFixed("vmovq", Isa::Sse2, moveLane<64>).when(xmmOnly),
  simdFixed("vmovlps", Isa::Sse, moveHalf<0>),
  simdFixed("vmovlpd", Isa::Sse2, moveHalf<0>),
  simdFixed("vmovhps", Isa::Sse, moveHalf<1>),
  simdFixed("vmovhpd", Isa::Sse2, moveHalf<1>),
  simdFixed("vmovhlps", Isa::Sse, [](auto &m) {
    m.writeLow(w64, 0, m.vextract(w64, m.readVec(w128, lastOperand(m.instruction())), 1));
  }),
  simdFixed("vmovlhps", Isa::Sse, [](auto &m) { replaceHalf<1>(m); }),
  simd("vmovmskps", Isa::Sse, moveMask<32>),
  simd("vmovmskpd", Isa::Sse2, moveMask<64>),
  simdInt("vpmovmskb", Isa::Sse2, moveMask<8>).when([](const Insn &i) { return isXmm(i.reg[1]); }),
  simd("vmovsldup", Isa::Sse3, (moveDup<32, 0>)),
  simd("vmovshdup", Isa::Sse3, (moveDup<32, 1>)),
  simd("vmovddup", Isa::Sse3, [](auto &m, auto w) {
    if constexpr (w.value == 128) // in memory 64 bits
      m.writeVec(w, 0, m.vsplat(w, m.read(w64, 1)));
    else
      moveDup<64, 0>(m, w);
  }),
  simdFixed("vldmxcsr", Isa::Sse, [](auto &m) { m.setMxcsr(m.read(w32, 0)); }).variesWith(Isa::Misalignsse).makers(MxcsrDiffers),
  simdFixed("vstmxcsr", Isa::Sse, [](auto &m) { m.write(w32, 0, m.mxcsr()); }),
  // These read or write MXCSR, too.
  mxcsrHelper<helpers::fxsave>("fxsave", Isa::Fxsr), mxcsrHelper<helpers::fxsave>("fxsave64", Isa::Fxsr),
  mxcsrHelper<helpers::fxrstor>("fxrstor", Isa::Fxsr), mxcsrHelper<helpers::fxrstor>("fxrstor64", Isa::Fxsr),
  mxcsrHelper<helpers::xsave>("xsave", Isa::Osxsave), mxcsrHelper<helpers::xsave>("xsave64", Isa::Osxsave),
  mxcsrHelper<helpers::xsaveopt>("xsaveopt", Isa::Xsaveopt), mxcsrHelper<helpers::xsaveopt>("xsaveopt64", Isa::Xsaveopt),
  mxcsrHelper<helpers::xsavec>("xsavec", Isa::Xsavec), mxcsrHelper<helpers::xsavec>("xsavec64", Isa::Xsavec),
  mxcsrHelper<helpers::xrstor>("xrstor", Isa::Osxsave), mxcsrHelper<helpers::xrstor>("xrstor64", Isa::Osxsave))
