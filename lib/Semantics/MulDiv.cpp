//===- MulDiv.cpp - Integer multiplication and division -------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, 7.3.2.

#include "Semantics/Family.h"

using namespace dbt;

namespace {

template <unsigned N> inline constexpr Bits<2 * N> twice;

/// CF and OF: whether the product's upper half is significant. The others are
/// undefined (AMD's processors keep them, Intel's have the result's SF and PF);
/// taking them from the result makes the flags depend on nothing before.
constexpr auto productFlags = [](auto &m, auto w, auto low, auto significant) {
  m.setFlags(FlagKind::Res, w, low, m.select(significant, m.constant(w, 3), m.constant(w, 0)));
};

/// RAX by operand 0 into RDX:RAX, with bytes AL by operand 0 into AX.
template <bool Signed> constexpr auto multiply = [](auto &m, auto w) {
  constexpr unsigned N = w.value;
  constexpr auto ww = twice<N>;
  auto wide = [&](auto v) {
    if constexpr (Signed)
      return m.sext(ww, v);
    else
      return m.zext(ww, v);
  };
  auto product = m.mul(wide(m.reg(w, Reg::Rax)), wide(m.read(w, 0)));
  auto low = m.trunc(w, product);
  if constexpr (N == 8) {
    m.setReg(w16, Reg::Rax, product);
  } else {
    m.setReg(w, Reg::Rax, low);
    m.setReg(w, Reg::Rdx, m.trunc(w, m.lshr(product, m.constant(ww, N))));
  }
  productFlags(m, w, low, m.ne(product, wide(low)));
};

/// Operand 0 = operand \p A by operand \p B, truncated.
template <int A, int B> constexpr auto multiplyInto = [](auto &m, auto w) {
  constexpr auto ww = twice<w.value>;
  auto product = m.mul(m.sext(ww, m.read(w, A)), m.sext(ww, m.read(w, B)));
  auto low = m.trunc(w, product);
  m.write(w, 0, low);
  productFlags(m, w, low, m.ne(product, m.sext(ww, low)));
};

/// RDX:RAX, with bytes AX, by operand 0. The flags are left alone.
template <bool Signed> constexpr auto divide = [](auto &m, auto w) {
  constexpr unsigned N = w.value;
  auto divisor = m.read(w, 0);
  auto finish = [&](auto quotient, auto remainder) {
    if constexpr (N == 8) {
      auto high = m.shl(m.zext(w16, remainder), m.constant(w16, 8));
      m.setReg(w16, Reg::Rax, m.or_(high, m.zext(w16, quotient)));
    } else {
      m.setReg(w, Reg::Rax, quotient);
      m.setReg(w, Reg::Rdx, remainder);
    }
  };
  if constexpr (N == 64) {
    auto high = m.reg(w64, Reg::Rdx), low = m.reg(w64, Reg::Rax);
    auto both = Signed ? m.divideSigned(high, low, divisor) : m.divideUnsigned(high, low, divisor);
    finish(both.quotient, both.remainder);
  } else {
    constexpr auto ww = twice<N>;
    auto dividend = [&] {
      if constexpr (N == 8)
        return m.reg(w16, Reg::Rax);
      else
        return m.or_(m.shl(m.zext(ww, m.reg(w, Reg::Rdx)), m.constant(ww, N)), m.zext(ww, m.reg(w, Reg::Rax)));
    }();
    auto zero = m.eq(divisor, m.constant(w, 0));
    if constexpr (Signed) {
      // The lowest dividend has no quotient that fits, whatever the divisor;
      // with it excluded the division itself cannot overflow.
      m.trapIf(m.or_(zero, m.eq(dividend, m.constant(ww, uint64_t(1) << (2 * N - 1)))), Trap::DE);
      auto by = m.sext(ww, divisor);
      auto quotient = m.sdiv(dividend, by);
      m.trapIf(m.ne(quotient, m.sext(ww, m.trunc(w, quotient))), Trap::DE);
      finish(m.trunc(w, quotient), m.trunc(w, m.srem(dividend, by)));
    } else {
      m.trapIf(zero, Trap::DE);
      auto by = m.zext(ww, divisor);
      auto quotient = m.udiv(dividend, by);
      m.trapIf(m.ne(quotient, m.zext(ww, m.trunc(w, quotient))), Trap::DE);
      finish(m.trunc(w, quotient), m.trunc(w, m.urem(dividend, by)));
    }
  }
};

template <int N> constexpr FormFn operands = [](const Insn &i) { return i.numOps == N; };

} // namespace

DBT_FAMILY(MulDiv,
  gpr("mul", Isa::Base, multiply<false>),
  gpr<16, 32, 64>("imul", Isa::Base, multiplyInto<0, 1>).when(operands<2>).hot(),
  gpr<16, 32, 64>("imul", Isa::Base, multiplyInto<1, 2>).when(operands<3>),
  gpr("imul", Isa::Base, multiply<true>),
  gpr("div", Isa::Base, divide<false>),
  gpr("idiv", Isa::Base, divide<true>))
