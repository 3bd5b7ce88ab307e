//===- Shift.cpp - Shifts and rotates -------------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, 7.3.6. Counts are taken modulo 32, with 64-bit operands modulo 64;
// so the counts of 8- and 16-bit operands may exceed the operand, and those are
// computed in 32 bits. A count of 0 leaves the flags alone but does write the
// destination (a 32-bit register's upper half is cleared).
//
// OF is architectural for a count of 1 only; here it is for all counts what the
// same formula gives, as the processors at hand compute it. AF is undefined after
// shifts; AMD's processors set it, and so does this.

#include "Semantics/Family.h"

using namespace dbt;

namespace {

/// The width to compute in.
template <unsigned N> inline constexpr Bits<(N < 32 ? 32 : N)> roomy;

constexpr uint64_t countMask(unsigned bits) { return bits == 64 ? 63 : 31; }

/// The count operand \p i, masked, at the roomy width.
template <unsigned N> constexpr auto count = [](auto &m, int i) {
  constexpr auto r = roomy<N>;
  return m.and_(m.zext(r, m.read(Bits<N>{}, i)), m.constant(r, countMask(N)));
};

/// Calls set(condition) where the count operand \p i is not zero: never, always,
/// or as the count says.
template <unsigned N> constexpr auto unlessZero = [](auto &m, int i, auto count, auto set) {
  if (m.instruction().kind[i] != OpKind::Imm)
    set(m.ne(count, m.constant(roomy<N>, 0)));
  else if (static_cast<uint64_t>(m.instruction().imm) & countMask(N))
    set(m.boolean(true));
};

constexpr auto lowBit = [](auto &m, auto w, auto v) { return m.and_(v, m.constant(w, 1)); };
constexpr auto highBit = [](auto &m, auto w, auto v) {
  return m.lshr(v, m.constant(w, w.value - 1));
};

/// All flags after a shift: \p carry and \p overflow are 0 or 1.
constexpr auto shiftFlags = [](auto &m, auto w, int i, auto count, auto result, auto carry, auto overflow) {
  auto b = m.or_(m.or_(carry, m.shl(overflow, m.constant(w, 1))), m.constant(w, 4)); // AF
  unlessZero<w.value>(m, i, count, [&](auto c) { m.setFlagsIf(c, FlagKind::Res, w, result, b); });
};

/// CF and OF after a rotate; the others stay.
constexpr auto rotateFlags = [](auto &m, auto w, auto count, auto carry, auto overflow) {
  auto word = m.or_(m.zext(w64, carry), m.shl(m.zext(w64, overflow), m.constant(w64, 11)));
  unlessZero<w.value>(m, 1, count, [&](auto c) { m.setFlagBitsIf(c, flag::CF | flag::OF, word); });
};

constexpr auto shl = [](auto &m, auto w) {
  constexpr unsigned N = w.value;
  constexpr auto r = roomy<N>;
  auto a = m.zext(r, m.read(w, 0));
  auto n = count<N>(m, 1);
  auto shifted = m.shl(a, n);
  auto result = m.trunc(w, shifted);
  auto last = [&] {
    if constexpr (N < 32)
      return m.lshr(shifted, m.constant(r, N));
    else
      return m.lshr(a, m.and_(m.neg(n), m.constant(r, N - 1)));
  }();
  auto carry = lowBit(m, w, m.trunc(w, last));
  m.write(w, 0, result);
  shiftFlags(m, w, 1, n, result, carry, m.xor_(carry, highBit(m, w, result)));
};

/// SHR, or SAR where \p Signed.
template <bool Signed> constexpr auto shr = [](auto &m, auto w) {
  constexpr unsigned N = w.value;
  constexpr auto r = roomy<N>;
  auto operand = m.read(w, 0);
  auto n = count<N>(m, 1);
  auto before = m.and_(m.sub(n, m.constant(r, 1)), m.constant(r, countMask(N)));
  auto finish = [&](auto shifted, auto last) {
    auto result = m.trunc(w, shifted);
    m.write(w, 0, result);
    auto overflow = Signed ? m.constant(w, 0) : lowBit(m, w, m.lshr(result, m.constant(w, N - 2)));
    shiftFlags(m, w, 1, n, result, lowBit(m, w, m.trunc(w, last)), overflow);
  };
  if constexpr (Signed) {
    auto a = m.sext(r, operand);
    finish(m.ashr(a, n), m.ashr(a, before));
  } else {
    auto a = m.zext(r, operand);
    finish(m.lshr(a, n), m.lshr(a, before));
  }
};

/// ROL, or ROR where not \p Left.
template <bool Left> constexpr auto rotate = [](auto &m, auto w) {
  constexpr unsigned N = w.value;
  auto a = m.read(w, 0);
  auto n = count<N>(m, 1);
  auto amount = m.and_(m.trunc(w, n), m.constant(w, N - 1));
  auto result = Left ? m.rotl(a, amount) : m.rotr(a, amount);
  m.write(w, 0, result);
  auto top = highBit(m, w, result);
  if constexpr (Left) {
    auto carry = lowBit(m, w, result);
    rotateFlags(m, w, n, carry, m.xor_(carry, top));
  } else {
    auto second = lowBit(m, w, m.lshr(result, m.constant(w, N - 2)));
    rotateFlags(m, w, n, top, m.xor_(top, second));
  }
};

/// The count of RCL and RCR, which rotate N + 1 bits.
template <unsigned N> constexpr auto countModulo = [](auto &m, auto n) {
  if constexpr (N < 32) {
    constexpr auto r = roomy<N>;
    for (uint64_t multiple = 31 / (N + 1) * (N + 1); multiple; multiple -= N + 1) {
      auto k = m.constant(r, multiple);
      n = m.select(m.ule(k, n), m.sub(n, k), n);
    }
  }
  return n;
};

/// RCL, or RCR where not \p Left: N operand bits and the carry go round in 64
/// bits, and what of those is lost on the left was not needed; 64-bit operands
/// by parts. RCR by n is RCL by N + 1 - n.
template <bool Left> constexpr auto rotateCarry = [](auto &m, auto w) {
  constexpr unsigned N = w.value;
  auto a = m.read(w, 0);
  auto masked = count<N>(m, 1);
  auto n = m.zext(w64, countModulo<N>(m, masked));
  auto carryIn = m.fromBool(w64, m.flag(flag::CF));
  auto k = [&](uint64_t v) { return m.constant(w64, v); };
  auto finish = [&](auto result, auto carry) {
    m.write(w, 0, result);
    auto top = highBit(m, w, result);
    auto other = Left ? carry : lowBit(m, w, m.lshr(result, m.constant(w, N - 2)));
    rotateFlags(m, w, masked, carry, m.xor_(top, other));
  };
  if constexpr (N < 64) {
    auto x = m.or_(m.zext(w64, a), m.shl(carryIn, k(N)));
    auto back = m.sub(k(N + 1), n);
    auto left = Left ? n : back, right = Left ? back : n;
    auto r = m.or_(m.shl(x, left), m.lshr(x, right));
    finish(m.trunc(w, r), lowBit(m, w, m.trunc(w, m.lshr(r, k(N)))));
  } else {
    // n is 1 to 63 where it counts; the shifts by 64 - n are split for n of 0.
    auto zero = m.eq(n, k(0));
    auto less = m.and_(m.sub(n, k(1)), k(63)), rest = m.and_(m.sub(k(64), n), k(63));
    auto edge = Left ? m.shl(carryIn, less) : m.shl(carryIn, rest);
    auto main = Left ? m.shl(a, n) : m.lshr(a, n);
    auto wrapped = Left ? m.lshr(m.lshr(a, k(1)), rest) : m.shl(m.shl(a, k(1)), rest);
    auto out = lowBit(m, w64, Left ? m.lshr(a, rest) : m.lshr(a, less));
    finish(m.select(zero, a, m.or_(m.or_(main, edge), wrapped)), m.select(zero, carryIn, out));
  }
};

/// SHLD, or SHRD where not \p Left. 16-bit operands in 64 bits, as the pair
/// first:second:second (undefined by the SDM for counts above 16; AMD's processors
/// do this).
template <bool Left> constexpr auto doubleShift = [](auto &m, auto w) {
  constexpr unsigned N = w.value;
  constexpr auto r = roomy<N>;
  auto a = m.read(w, 0), b = m.read(w, 1);
  auto n = count<N>(m, 2);
  auto finish = [&](auto result, auto carry) {
    m.write(w, 0, result);
    // OF: for a count of 1, whether the sign changed.
    auto other = Left ? carry : lowBit(m, w, m.lshr(result, m.constant(w, N - 2)));
    auto overflow = m.xor_(highBit(m, w, result), other);
    shiftFlags(m, w, 2, n, result, carry, overflow);
  };
  if constexpr (N == 16) {
    auto wide = [&](auto v, unsigned by) { return m.shl(m.zext(w64, v), m.constant(w64, by)); };
    auto x = m.or_(m.or_(wide(a, Left ? 32 : 0), wide(b, 16)), wide(b, Left ? 0 : 32));
    auto n64 = m.zext(w64, n);
    auto shifted = Left ? m.shl(x, n64) : m.lshr(x, n64);
    auto result = m.trunc(w, m.lshr(shifted, m.constant(w64, Left ? 32 : 0)));
    auto last = Left ? m.lshr(shifted, m.constant(w64, 48))
                     : m.lshr(x, m.and_(m.sub(n64, m.constant(w64, 1)), m.constant(w64, 31)));
    finish(result, lowBit(m, w, m.trunc(w, last)));
  } else {
    auto one = m.constant(r, 1), mask = m.constant(r, N - 1);
    auto rest = m.sub(mask, n); // N - 1 - n; the other operand moves one more
    auto less = m.and_(m.sub(n, one), mask);
    auto back = m.and_(m.neg(n), mask);
    auto result = Left ? m.or_(m.shl(a, n), m.lshr(m.lshr(b, one), rest))
                       : m.or_(m.lshr(a, n), m.shl(m.shl(b, one), rest));
    finish(result, lowBit(m, w, m.lshr(a, Left ? back : less)));
  }
};

} // namespace

DBT_FAMILY(Shift,
  gpr("shl", Isa::Base, shl).hot(),
  gpr("shr", Isa::Base, shr<false>).hot(),
  gpr("sar", Isa::Base, shr<true>).hot(),
  gpr("rol", Isa::Base, rotate<true>).hot(),
  gpr("ror", Isa::Base, rotate<false>).hot(),
  gpr("rcl", Isa::Base, rotateCarry<true>),
  gpr("rcr", Isa::Base, rotateCarry<false>),
  gpr<16, 32, 64>("shld", Isa::Base, doubleShift<true>),
  gpr<16, 32, 64>("shrd", Isa::Base, doubleShift<false>))
