//===- Mmx.cpp - MMX instructions without an SSE form ---------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, chapter 9, and 10.4.4, 10.4.6, 11.4.1.6. All else that MMX has are the
// 64-bit forms of the SSE families' rows (Row::mmx).

#include "Semantics/SimdOperands.h"

using namespace dbt;

namespace {

/// MOVD and MOVQ: zero-extended into an MMX register; from its low half elsewhere.
template <unsigned L> constexpr auto move = [](auto &m) {
  constexpr Bits<L> l;
  auto value = m.read(l, 1);
  if (isMmx(m.instruction().reg[0]))
    m.writeVec(w64, 0, m.vinsert(l, m.vzero(w64), 0, value));
  else
    m.write(l, 0, value);
};

/// Two integers from floating-point lanes.
template <bool Truncate, unsigned From> constexpr auto toIntegers = [](auto &m) {
  auto v = [&] {
    if constexpr (From == 32)
      return m.vinsert(w64, m.vzero(w128), 0, m.read(w64, 1));
    else
      return m.readVec(w128, 1);
  }();
  auto r = m.vzero(w64);
  for (unsigned i = 0; i < 2; ++i)
    r = m.vinsert(w32, r, i, m.toInt(Truncate, w32, m.vextract(Bits<From>{}, v, i)));
  m.writeVec(w64, 0, r);
};
/// The low lanes from two integers.
template <unsigned To> constexpr auto fromIntegers = [](auto &m) {
  auto v = m.vinsert(w64, m.vzero(w64), 0, m.read(w64, 1));
  auto r = m.readVec(w128, 0);
  for (unsigned i = 0; i < 2; ++i)
    r = m.vinsert(Bits<To>{}, r, i, m.fromInt(Bits<To>{}, m.vextract(w32, v, i)));
  m.writeVec(w128, 0, r);
};

constexpr FormFn withMmx = usesMmx;

} // namespace

DBT_FAMILY(Mmx,
  mmxOnly("movd", Isa::Mmx, move<32>).when(withMmx),
  mmxOnly("movq", Isa::Mmx, move<64>).when(withMmx),
  mmxOnly("movntq", Isa::Sse, move<64>),
  mmxOnly("movdq2q", Isa::Sse2, move<64>),
  mmxOnly("movq2dq", Isa::Sse2, [](auto &m) { m.writeVec(w128, 0, m.vinsert(w64, m.vzero(w128), 0, m.read(w64, 1))); }),
  mmxOnly("pmovmskb", Isa::Sse, [](auto &m) { m.write(w32, 0, m.vmask(w8, m.readVec(w64, 1))); }).when(withMmx),
  mmxOnly("maskmovq", Isa::Sse, [](auto &m) { maskStoreBytes(m, w64); }),
  mmxOnly("cvtpi2ps", Isa::Sse, fromIntegers<32>),
  mmxOnly("cvtpi2pd", Isa::Sse2, fromIntegers<64>),
  mmxOnly("cvtps2pi", Isa::Sse, (toIntegers<false, 32>)),
  mmxOnly("cvttps2pi", Isa::Sse, (toIntegers<true, 32>)),
  mmxOnly("cvtpd2pi", Isa::Sse2, (toIntegers<false, 64>)),
  mmxOnly("cvttpd2pi", Isa::Sse2, (toIntegers<true, 64>)),
  fixed("emms", Isa::Mmx, [](auto &m) {
    m.beginMmx();
    m.endMmx();
    m.emptyX87();
  }))
