//===- Arith.cpp - Integer addition, subtraction, logic and comparison ----===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, 7.3.2 and 7.3.5.

#include "Semantics/Family.h"

using namespace dbt;

namespace {

/// SF, ZF and PF from the result; CF, OF and AF clear (AF is undefined there:
/// the processors at hand clear it).
constexpr auto logicFlags = [](auto &m, auto w, auto result) {
  m.setFlags(FlagKind::Res, w, result, m.constant(w, 0));
};

/// a + b + CF with ADC, a - b - CF with SBB: what the operand is changed by. The
/// carry may wrap b around to 0; the flags are those of the three-term sum.
template <Rmw How, FlagKind Kind> constexpr auto withCarry = [](auto &m, auto w) {
  auto b = m.read(w, 1);
  auto carry = m.flag(flag::CF);
  auto [a, r] = m.update(How, w, 0, m.add(b, m.fromBool(w, carry)));
  m.setFlagsCarry(Kind, w, a, b, carry);
};

template <Rmw How> constexpr auto logic = [](auto &m, auto w) {
  auto [a, r] = m.update(How, w, 0, m.read(w, 1));
  logicFlags(m, w, r);
};

} // namespace

DBT_FAMILY(Arith,
  gpr("add", Isa::Base, [](auto &m, auto w) {
    auto b = m.read(w, 1);
    auto [a, r] = m.update(Rmw::Add, w, 0, b);
    m.setFlags(FlagKind::Add, w, a, b);
  }).hot(),
  gpr("sub", Isa::Base, [](auto &m, auto w) {
    auto b = m.read(w, 1);
    auto [a, r] = m.update(Rmw::Sub, w, 0, b);
    m.setFlags(FlagKind::Sub, w, a, b);
  }).hot(),
  gpr("cmp", Isa::Base, [](auto &m, auto w) {
    auto a = m.read(w, 0);
    m.setFlags(FlagKind::Sub, w, a, m.read(w, 1));
  }).hot(),
  gpr("test", Isa::Base, [](auto &m, auto w) {
    auto a = m.read(w, 0);
    logicFlags(m, w, m.and_(a, m.read(w, 1)));
  }).hot(),
  gpr("and", Isa::Base, logic<Rmw::And>).hot(),
  gpr("or", Isa::Base, logic<Rmw::Or>).hot(),
  gpr("xor", Isa::Base, logic<Rmw::Xor>).hot(),
  gpr("adc", Isa::Base, withCarry<Rmw::Add, FlagKind::Adc>).hot(),
  gpr("sbb", Isa::Base, withCarry<Rmw::Sub, FlagKind::Sbb>).hot(),
  gpr("inc", Isa::Base, [](auto &m, auto w) {
    auto carry = m.fromBool(w, m.flag(flag::CF));
    auto [a, r] = m.update(Rmw::Add, w, 0, m.constant(w, 1));
    m.setFlags(FlagKind::Inc, w, r, carry);
  }).hotUnary(),
  gpr("dec", Isa::Base, [](auto &m, auto w) {
    auto carry = m.fromBool(w, m.flag(flag::CF));
    auto [a, r] = m.update(Rmw::Sub, w, 0, m.constant(w, 1));
    m.setFlags(FlagKind::Dec, w, r, carry);
  }).hotUnary(),
  gpr("neg", Isa::Base, [](auto &m, auto w) {
    auto [a, r] = m.update(Rmw::Neg, w, 0, m.constant(w, 0));
    m.setFlags(FlagKind::Sub, w, m.constant(w, 0), a);
  }).hotUnary(),
  gpr("not", Isa::Base, [](auto &m, auto w) {
    m.update(Rmw::Xor, w, 0, m.constant(w, ~uint64_t(0)));
  }),
  gpr("xadd", Isa::Base, [](auto &m, auto w) {
    auto b = m.read(w, 1);
    auto source = m.instruction().reg[1];
    auto [a, r] = m.update(Rmw::Add, w, 0, b);
    // XADD with one register twice leaves the sum in it: the destination is
    // written last (SDM: TEMP = SRC + DEST; SRC = DEST; DEST = TEMP).
    m.setReg(w, source, a);
    if (m.instruction().kind[0] == OpKind::Reg)
      m.setReg(w, m.instruction().reg[0], r);
    m.setFlags(FlagKind::Add, w, a, b);
  }),
  gpr("cmpxchg", Isa::Base, [](auto &m, auto w) {
    auto expected = m.reg(w, Reg::Rax);
    auto desired = m.read(w, 1);
    auto [before, equal] = m.compareExchange(w, 0, expected, desired);
    m.setRegIf(m.not_(equal), w, Reg::Rax, before);
    m.setFlags(FlagKind::Sub, w, expected, before);
  }))
