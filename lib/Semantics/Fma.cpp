//===- Fma.cpp - FMA3 and F16C --------------------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, 14.4 and 14.5.

#include "Semantics/SimdOperands.h"

using namespace dbt;

namespace {

template <FmaOp Op, FmaOrder Order, unsigned L> constexpr auto packed = [](auto &m, auto w) {
  auto c = m.readVec(w, 2);
  auto a = m.readVec(w, 0), b = m.readVec(w, 1);
  m.writeVec(w, 0, m.fma(Op, Order, Bits<L>{}, a, b, c));
};
/// The destination, which is a source too, keeps its other lanes.
template <FmaOp Op, FmaOrder Order, unsigned L> constexpr auto scalar = [](auto &m) {
  constexpr Bits<L> l;
  auto c = m.read(l, 2);
  auto a = m.read(l, 0), b = m.read(l, 1);
  m.writeVec(w128, 0, m.vinsert(l, m.readVec(w128, 0), 0, m.fma(Op, Order, a, b, c)));
};

#define DBT_FMA_PACKED(name, op, digits)                                                           \
  vex("v" name #digits "ps", Isa::Fma, (packed<FmaOp::op, FmaOrder::By##digits, 32>)),             \
      vex("v" name #digits "pd", Isa::Fma, (packed<FmaOp::op, FmaOrder::By##digits, 64>))
#define DBT_FMA_SCALAR(name, op, digits)                                                           \
  fixed("v" name #digits "ss", Isa::Fma, (scalar<FmaOp::op, FmaOrder::By##digits, 32>)),           \
      fixed("v" name #digits "sd", Isa::Fma, (scalar<FmaOp::op, FmaOrder::By##digits, 64>))
#define DBT_FMA_ORDERS(kind, name, op) kind(name, op, 132), kind(name, op, 213), kind(name, op, 231)
#define DBT_FMA(name, op) DBT_FMA_ORDERS(DBT_FMA_PACKED, name, op), DBT_FMA_ORDERS(DBT_FMA_SCALAR, name, op)

constexpr MakersDiffer HalfStoreDiffers = {
    "a store that faults has set MXCSR's flags already", "a store that faults leaves MXCSR's flags alone",
    "no manual settles it; measured on family 19h"};

} // namespace

DBT_FAMILY(Fma,
  DBT_FMA("fmadd", Add), DBT_FMA("fmsub", Sub), DBT_FMA("fnmadd", NegatedAdd), DBT_FMA("fnmsub", NegatedSub),
  DBT_FMA_ORDERS(DBT_FMA_PACKED, "fmaddsub", AddSub), DBT_FMA_ORDERS(DBT_FMA_PACKED, "fmsubadd", SubAdd),
  vex("vcvtph2ps", Isa::F16c, [](auto &m, auto w) {
    m.writeVec(w, 0, m.vfromHalf(w, lowSource<w.value / 2>(m, 1)));
  }),
  vex("vcvtps2ph", Isa::F16c, [](auto &m, auto w) {
    if (isStore(m.instruction()) && guestIsAmd()) {
      auto at = m.address();
      m.probeStore(at);
      m.probeStore(m.add(at, m.constant(w64, w.value / 16 - 1)));
    }
    auto half = m.vtoHalf(immediate(m.instruction()), m.readVec(w, 1));
    if (isStore(m.instruction()) && w.value == 128)
      m.write(w64, 0, m.vlow64(half));
    else
      m.writeVec(w128, 0, half);
  }).makers(HalfStoreDiffers))
