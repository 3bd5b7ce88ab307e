//===- AvxMove.cpp - AVX and AVX2 data movement ---------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, 14.2 and 14.6: what has no legacy encoding. The other VEX forms stand
// with the legacy ones.

#include "Semantics/Helpers.h"
#include "Semantics/SimdOperands.h"

using namespace dbt;

namespace {

/// VBROADCASTSS, VPBROADCASTB and their like: the source's low lane, everywhere.
template <unsigned L> constexpr auto broadcast = [](auto &m, auto w) {
  constexpr Bits<L> l;
  auto lane = isLoad(m.instruction()) ? m.read(l, 1) : m.vextract(l, m.readVec(w128, 1), 0);
  m.writeVec(w, 0, m.vsplat(w, lane));
};
constexpr auto broadcastHalf = [](auto &m, auto w) {
  auto half = m.readVec(w128, 1);
  m.writeVec(w, 0, m.vjoin(half, half));
};

constexpr auto extractHalf = [](auto &m, auto w) {
  m.writeVec(w128, 0, m.vhalf(m.readVec(w, 1), immediate(m.instruction()) & 1));
};
constexpr auto insertHalf = [](auto &m, auto w) {
  auto half = m.readVec(w128, 2);
  auto into = m.readVec(w, 1);
  const bool high = immediate(m.instruction()) & 1;
  m.writeVec(w, 0, high ? m.vjoin(m.vhalf(into, 0), half) : m.vjoin(half, m.vhalf(into, 1)));
};

/// VMASKMOVPS and its like: lanes whose mask's top bit is clear are not accessed.
template <unsigned L> constexpr auto maskMove = [](auto &m, auto w) {
  constexpr Bits<L> l;
  auto mask = m.readVec(w, 1);
  if (isStore(m.instruction()))
    m.maskStore(l, m.address(), mask, m.readVec(w, 2));
  else
    m.writeVec(w, 0, m.maskLoad(l, m.address(), mask));
};

template <bool All> constexpr auto zeroUppers = [](auto &m) {
  for (unsigned i = 0; i < 16; ++i) {
    const auto r = static_cast<Reg>(number(Reg::Xmm0) + i);
    if (All)
      m.setVecReg(w128, r, m.vzero(w128)); // VEX: and above
    else
      m.zeroUpper(r);
  }
};

constexpr FormFn fromMemory = isLoad;

constexpr MakersDiffer GatherDiffers = {
    "a fault finds each lane of the mask that is left all ones or zero, and what is beyond the lanes zero",
    "a fault finds the lanes that are left, and what is beyond them, as they were",
    "SDM Vol. 2, VGATHERDPS, Operation; APM Vol. 4, VGATHERDPS; the upper halves measured on family 19h"};
template <HelperFn Fn> constexpr auto gather(const char *name) {
  return helper<Fn>(name, Isa::Avx2, "a fault leaves the lanes before it loaded and out of the mask").plain().makers(GatherDiffers);
}

} // namespace

DBT_FAMILY(AvxMove,
  vex("vbroadcastss", Isa::Avx, broadcast<32>).when(fromMemory), vex("vbroadcastss", Isa::Avx2, broadcast<32>),
  vex<256>("vbroadcastsd", Isa::Avx, broadcast<64>).when(fromMemory), vex<256>("vbroadcastsd", Isa::Avx2, broadcast<64>),
  vex("vpbroadcastb", Isa::Avx2, broadcast<8>), vex("vpbroadcastw", Isa::Avx2, broadcast<16>),
  vex("vpbroadcastd", Isa::Avx2, broadcast<32>), vex("vpbroadcastq", Isa::Avx2, broadcast<64>),
  vex<256>("vbroadcastf128", Isa::Avx, broadcastHalf), vex<256>("vbroadcasti128", Isa::Avx2, broadcastHalf),
  vex<256>("vextractf128", Isa::Avx, extractHalf), vex<256>("vextracti128", Isa::Avx2, extractHalf),
  vex<256>("vinsertf128", Isa::Avx, insertHalf), vex<256>("vinserti128", Isa::Avx2, insertHalf),
  vex("vmaskmovps", Isa::Avx, maskMove<32>), vex("vmaskmovpd", Isa::Avx, maskMove<64>),
  vex("vpmaskmovd", Isa::Avx2, maskMove<32>), vex("vpmaskmovq", Isa::Avx2, maskMove<64>),
  simdFixed("vmaskmovdqu", Isa::Sse2, [](auto &m) { maskStoreBytes(m, w128); }),
  fixed("vzeroupper", Isa::Avx, zeroUppers<false>), fixed("vzeroall", Isa::Avx, zeroUppers<true>),
  gather<helpers::gatherDwordsByDwords>("vgatherdps"), gather<helpers::gatherDwordsByDwords>("vpgatherdd"),
  gather<helpers::gatherDwordsByQwords>("vgatherqps"), gather<helpers::gatherDwordsByQwords>("vpgatherqd"),
  gather<helpers::gatherQwordsByDwords>("vgatherdpd"), gather<helpers::gatherQwordsByDwords>("vpgatherdq"),
  gather<helpers::gatherQwordsByQwords>("vgatherqpd"), gather<helpers::gatherQwordsByQwords>("vpgatherqq"))
