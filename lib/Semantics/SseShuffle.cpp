//===- SseShuffle.cpp - SSE shuffles, unpacks, packs, inserts and blends --===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, 10.4.4, 11.4.1, 12. What moves where depends on immediates only,
// so that it is known when the instruction is decoded.

#include "Semantics/SimdOperands.h"

using namespace dbt;

namespace {

/// Lanes of the low or high halves of a and b, in turn, per 128 bits.
template <bool High, unsigned L> constexpr auto unpack = [](auto &m, auto w) {
  auto [a, b] = [&] {
    if constexpr (w.value == 64 && !High) // in memory it is only as long as the half
      return Sources<decltype(m.vzero(w))>{m.readVec(w, 0), m.vinsert(w32, m.vzero(w), 0, m.read(w32, 1))};
    else
      return sources(m, w);
  }();
  constexpr int n = w.value / L, per = blockBits(w.value) / L;
  std::array<int, n> indices;
  for (int i = 0; i < n; ++i) {
    int base = i / per * per + (High ? per / 2 : 0) + i % per / 2;
    indices[i] = base + (i % 2 ? n : 0);
  }
  m.writeVec(w, 0, m.vshuffle(Bits<L>{}, a, b, indices));
};

template <bool Signed, unsigned L> constexpr auto pack = [](auto &m, auto w) {
  auto [a, b] = sources(m, w);
  m.writeVec(w, 0, m.vpack(Signed, Bits<L>{}, a, b));
};

/// PSHUFD, PSHUFLW, PSHUFHW and PSHUFW: four lanes of the source from \p First on by the
/// immediate, the others stay.
template <unsigned L, int First> constexpr auto shuffleFour = [](auto &m, auto w) {
  const unsigned imm = immediate(m.instruction());
  constexpr int n = w.value / L, per = blockBits(w.value) / L;
  std::array<int, n> indices;
  for (int i = 0; i < n; ++i) {
    int at = i % per;
    indices[i] = at >= First && at < First + 4 ? i - at + First + int(imm >> 2 * (at - First) & 3) : i;
  }
  auto v = m.readVec(w, 1);
  m.writeVec(w, 0, m.vshuffle(Bits<L>{}, v, v, indices));
};

/// SHUFPS, SHUFPD: the lower lanes of each 128 bits from a, the upper from b.
template <unsigned L> constexpr auto shufflePair = [](auto &m, auto w) {
  const unsigned imm = immediate(m.instruction());
  auto [a, b] = sources(m, w);
  constexpr int n = w.value / L, per = 128 / L;
  std::array<int, n> indices;
  for (int i = 0; i < n; ++i) {
    int at = i % per;
    int pick = L == 32 ? int(imm >> 2 * at & 3) : int(imm >> i & 1);
    indices[i] = i - at + pick + (at >= per / 2 ? n : 0);
  }
  m.writeVec(w, 0, m.vshuffle(Bits<L>{}, a, b, indices));
};

template <unsigned L> constexpr auto blendImmediate = [](auto &m, auto w) {
  const unsigned imm = immediate(m.instruction());
  auto [a, b] = sources(m, w);
  constexpr int n = w.value / L;
  std::array<int, n> indices;
  for (int i = 0; i < n; ++i)
    indices[i] = (imm >> (i % 8) & 1) ? n + i : i;
  m.writeVec(w, 0, m.vshuffle(Bits<L>{}, a, b, indices));
};

/// The mask is XMM0, whether or not it is listed, or VEX's fourth operand.
template <unsigned L> constexpr auto blendVariable = [](auto &m, auto w) {
  const Insn &insn = m.instruction();
  const bool vex = insn.has(prefix::Vex);
  auto b = m.readVec(w, vex ? 2 : 1), a = m.readVec(w, vex ? 1 : 0);
  m.writeVec(w, 0, m.vblend(Bits<L>{}, a, b, m.vecReg(w, vex ? insn.reg[3] : Reg::Xmm0)));
};

/// f at 128 bits or, of MMX registers, 64.
template <class M, class F> auto atVectorWidth(M &m, F f) { return usesMmx(m.instruction()) ? f(w64) : f(w128); }

template <unsigned L> constexpr auto extract = [](auto &m) {
  const Insn &insn = m.instruction();
  auto lane = atVectorWidth(m, [&](auto w) { return m.vextract(Bits<L>{}, m.readVec(w, 1), immediate(insn) % (w.value / L)); });
  if (isStore(insn))
    m.write(Bits<L>{}, 0, lane);
  else if constexpr (L == 64)
    m.write(w64, 0, lane);
  else
    m.write(w32, 0, m.zext(w32, lane));
};

template <unsigned L> constexpr auto insert = [](auto &m) {
  const Insn &insn = m.instruction();
  int last = lastOperand(insn);
  // From a register it is the low part of a wider one.
  auto lane = m.read(Bits<L>{}, last);
  atVectorWidth(m, [&](auto w) {
    m.writeVec(w, 0, m.vinsert(Bits<L>{}, m.readVec(w, last - 1), immediate(insn) % (w.value / L), lane));
  });
};

template <bool High, unsigned L> constexpr auto unpackRow(const char *name) {
  return simdInt(name, Isa::Sse2, unpack<High, L>);
}

} // namespace

DBT_FAMILY(SseShuffle,
  (unpackRow<false, 8>("vpunpcklbw").mmx()), (unpackRow<false, 16>("vpunpcklwd").mmx()), (unpackRow<false, 32>("vpunpckldq").mmx()),
  (unpackRow<false, 64>("vpunpcklqdq")), (unpackRow<true, 8>("vpunpckhbw").mmx()), (unpackRow<true, 16>("vpunpckhwd").mmx()),
  (unpackRow<true, 32>("vpunpckhdq").mmx()), (unpackRow<true, 64>("vpunpckhqdq")),
  simd("vunpcklps", Isa::Sse, (unpack<false, 32>)), simd("vunpckhps", Isa::Sse, (unpack<true, 32>)),
  simd("vunpcklpd", Isa::Sse2, (unpack<false, 64>)), simd("vunpckhpd", Isa::Sse2, (unpack<true, 64>)),
  simdInt("vpacksswb", Isa::Sse2, (pack<true, 16>)).mmx(),
  simdInt("vpackssdw", Isa::Sse2, (pack<true, 32>)).mmx(),
  simdInt("vpackuswb", Isa::Sse2, (pack<false, 16>)).mmx(),
  simdInt("vpackusdw", Isa::Sse41, (pack<false, 32>)),
  simdInt("vpshufd", Isa::Sse2, (shuffleFour<32, 0>)),
  simdInt("vpshuflw", Isa::Sse2, (shuffleFour<16, 0>)),
  mmxOnly("pshufw", Isa::Sse, [](auto &m) { shuffleFour<16, 0>(m, w64); }),
  simdInt("vpshufhw", Isa::Sse2, (shuffleFour<16, 4>)),
  simd("vshufps", Isa::Sse, shufflePair<32>),
  simd("vshufpd", Isa::Sse2, shufflePair<64>),
  simdInt("vpshufb", Isa::Ssse3, [](auto &m, auto w) {
    auto [a, b] = sources(m, w);
    m.writeVec(w, 0, m.vshuffleBytes(a, b));
  }).mmx(Isa::Ssse3),
  simdInt("vpalignr", Isa::Ssse3, [](auto &m, auto w) {
    const int count = immediate(m.instruction());
    auto [a, b] = sources(m, w);
    constexpr int n = w.value / 8, block = blockBits(w.value) / 8;
    std::array<int, n> indices;
    // b is the lower half of the two blocks; what lies above them is zero.
    for (int i = 0; i < n; ++i) {
      int at = i % block, from = at + count;
      indices[i] = i - at + (from < block ? from : n + from - block);
    }
    auto zero = m.vzero(w);
    if (count < block)
      m.writeVec(w, 0, m.vshuffle(w8, b, a, indices));
    else if (count < 2 * block) {
      for (int i = 0; i < n; ++i)
        indices[i] = i % block + count < 2 * block ? i + count - block : n;
      m.writeVec(w, 0, m.vshuffle(w8, a, zero, indices));
    } else {
      m.writeVec(w, 0, zero);
    }
  }).mmx(Isa::Ssse3),
  simd("vblendps", Isa::Sse41, blendImmediate<32>),
  simd("vblendpd", Isa::Sse41, blendImmediate<64>),
  simdInt("vpblendw", Isa::Sse41, blendImmediate<16>),
  simdInt("vpblendvb", Isa::Sse41, blendVariable<8>),
  simd("vblendvps", Isa::Sse41, blendVariable<32>),
  simd("vblendvpd", Isa::Sse41, blendVariable<64>),
  simdFixed("vpextrb", Isa::Sse41, extract<8>),
  simdFixed("vpextrw", Isa::Sse2, extract<16>).mmx(Isa::Sse),
  simdFixed("vpextrd", Isa::Sse41, extract<32>),
  simdFixed("vpextrq", Isa::Sse41, extract<64>),
  simdFixed("vextractps", Isa::Sse41, extract<32>),
  simdFixed("vpinsrb", Isa::Sse41, insert<8>),
  simdFixed("vpinsrw", Isa::Sse2, insert<16>).mmx(Isa::Sse),
  simdFixed("vpinsrd", Isa::Sse41, insert<32>),
  simdFixed("vpinsrq", Isa::Sse41, insert<64>),
  simdFixed("vinsertps", Isa::Sse41, [](auto &m) {
    const Insn &insn = m.instruction();
    const unsigned imm = immediate(insn);
    const int last = lastOperand(insn);
    auto lane = [&] {
      if (insn.kind[last] == OpKind::Mem)
        return m.read(w32, last);
      return m.vextract(w32, m.readVec(w128, last), imm >> 6);
    }();
    auto r = m.vinsert(w32, m.readVec(w128, last - 1), imm >> 4 & 3, lane);
    for (unsigned i = 0; i < 4; ++i)
      if (imm >> i & 1)
        r = m.vinsert(w32, r, i, m.constant(w32, 0));
    m.writeVec(w128, 0, r);
  }))
