//===- Bits.cpp - Single bits, bit scans and bit fields -------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, 7.3.7, and the bit-manipulation extensions (BMI1, BMI2, ADX).

#include "Semantics/Family.h"

using namespace dbt;

namespace {

constexpr auto logicFlags = [](auto &m, auto w, auto result, auto carry) {
  m.setFlags(FlagKind::Res, w, result, m.fromBool(w, carry));
};

/// Calls change(mask) or, for a bit of memory that a register names, which may
/// lie anywhere around the operand, changeAt(address, mask).
constexpr auto selectBit = [](auto &m, auto w, auto change, auto changeAt) {
  constexpr unsigned N = w.value;
  auto offset = m.read(w, 1);
  auto mask = m.shl(m.constant(w, 1), m.and_(offset, m.constant(w, N - 1)));
  if (m.instruction().kind[0] == OpKind::Mem && m.instruction().kind[1] == OpKind::Reg) {
    constexpr unsigned Log2 = N == 16 ? 4 : N == 32 ? 5 : 6;
    auto units = m.ashr(m.sext(w64, offset), m.constant(w64, Log2));
    auto at = m.add(m.offset(), m.shl(units, m.constant(w64, Log2 - 3)));
    if (m.instruction().addrSize == 4)
      at = m.zext(w64, m.trunc(w32, at));
    if (m.instruction().segment != Reg::None)
      at = m.add(at, m.segmentBase(m.instruction().segment));
    changeAt(at, mask);
  } else {
    change(mask);
  }
};

constexpr auto carryFromBit = [](auto &m, auto w, auto value, auto mask) {
  m.setFlagBits(flag::CF, m.fromBool(w64, m.ne(m.and_(value, mask), m.constant(w, 0))));
};

constexpr auto bitTest = [](auto &m, auto w) {
  selectBit(
      m, w, [&](auto mask) { carryFromBit(m, w, m.read(w, 0), mask); },
      [&](auto at, auto mask) { carryFromBit(m, w, m.load(w, at), mask); });
};

template <Rmw How> constexpr auto bitChange = [](auto &m, auto w) {
  auto operand = [&](auto mask) {
    if constexpr (How == Rmw::And)
      return m.not_(mask);
    else
      return mask;
  };
  selectBit(
      m, w, [&](auto mask) { carryFromBit(m, w, m.update(How, w, 0, operand(mask)).before, mask); },
      [&](auto at, auto mask) {
        carryFromBit(m, w, m.updateAt(How, w, at, operand(mask)).before, mask);
      });
};

/// ZF alone as a literal flag word, for instructions that clear the others.
constexpr auto zeroFlagOnly = [](auto &m, auto zero) {
  m.setFlags(FlagKind::Literal, w64, m.shl(m.fromBool(w64, zero), m.constant(w64, 6)), m.constant(w64, 0));
};

/// BSF, or BSR where \p Reverse. A zero source leaves the destination as it was
/// (as AMD documents and all processors do). Only ZF is defined; the others are
/// taken from the source here, which depends on no flags before.
template <bool Reverse> constexpr auto scan = [](auto &m, auto w) {
  auto source = m.read(w, 1);
  auto zero = m.eq(source, m.constant(w, 0));
  auto index = Reverse ? m.sub(m.constant(w, w.value - 1), m.clz(source)) : m.ctz(source);
  m.setRegIf(m.not_(zero), w, m.instruction().reg[0], index);
  m.setFlags(FlagKind::Res, w, source, m.constant(w, 0));
};

/// LZCNT, TZCNT: CF tells a zero source, ZF a zero count; the others are undefined.
template <bool Leading> constexpr auto countZeros = [](auto &m, auto w) {
  auto source = m.read(w, 1);
  auto result = Leading ? m.clz(source) : m.ctz(source);
  m.write(w, 0, result);
  logicFlags(m, w, result, m.eq(source, m.constant(w, 0)));
};

/// BLSI, BLSMSK and BLSR: how they combine the source with what, and their CF.
constexpr auto lowestBit = [](auto &m, auto w, auto combine, bool carryIfZero) {
  auto source = m.read(w, 1);
  auto result = combine(source);
  auto zero = m.eq(source, m.constant(w, 0));
  m.write(w, 0, result);
  logicFlags(m, w, result, carryIfZero ? zero : m.not_(zero));
};

/// \p v shifted right by \p n, 0 where n is not below the width.
constexpr auto shiftOut = [](auto &m, auto w, auto v, auto n) {
  auto mask = m.constant(w, w.value - 1);
  return m.select(m.ule(n, mask), m.lshr(v, m.and_(n, mask)), m.constant(w, 0));
};
/// \p v with the bits from \p n up cleared.
constexpr auto keepBelow = [](auto &m, auto w, auto v, auto n) {
  auto mask = m.constant(w, w.value - 1);
  auto ones = m.not_(m.shl(m.constant(w, ~uint64_t(0)), m.and_(n, mask)));
  return m.select(m.ule(n, mask), m.and_(v, ones), v);
};

/// SARX, SHLX, SHRX: no flags.
constexpr auto shiftFree = [](auto &m, auto w, auto shift) {
  m.write(w, 0, shift(m.read(w, 1), m.and_(m.read(w, 2), m.constant(w, w.value - 1))));
};

/// ADCX, ADOX: an addition whose carry goes in and out at \p Flag only.
template <uint32_t Flag> constexpr auto addThrough = [](auto &m, auto w) {
  auto a = m.read(w, 0), b = m.read(w, 1);
  auto carry = m.fromBool(w, m.flag(Flag));
  auto partial = m.add(a, b);
  auto sum = m.add(partial, carry);
  auto out = m.or_(m.ult(partial, a), m.ult(sum, partial));
  m.write(w, 0, sum);
  m.setFlagBits(Flag, m.select(out, m.constant(w64, Flag), m.constant(w64, 0)));
};

} // namespace

DBT_FAMILY(Bits,
  gpr<16, 32, 64>("bt", Isa::Base, bitTest).hot(),
  gpr<16, 32, 64>("bts", Isa::Base, bitChange<Rmw::Or>),
  gpr<16, 32, 64>("btr", Isa::Base, bitChange<Rmw::And>),
  gpr<16, 32, 64>("btc", Isa::Base, bitChange<Rmw::Xor>),
  gpr<16, 32, 64>("bsf", Isa::Base, scan<false>),
  gpr<16, 32, 64>("bsr", Isa::Base, scan<true>),
  gpr<16, 32, 64>("popcnt", Isa::Popcnt, [](auto &m, auto w) {
    auto source = m.read(w, 1);
    m.write(w, 0, m.popcount(source));
    zeroFlagOnly(m, m.eq(source, m.constant(w, 0)));
  }),
  gpr<16, 32, 64>("lzcnt", Isa::Lzcnt, countZeros<true>),
  gpr<16, 32, 64>("tzcnt", Isa::Bmi1, countZeros<false>),
  // A processor without them ignores the prefix that makes them of BSR and BSF.
  gpr<16, 32, 64>("lzcnt", Isa::Base, scan<true>),
  gpr<16, 32, 64>("tzcnt", Isa::Base, scan<false>),
  gpr<32, 64>("andn", Isa::Bmi1, [](auto &m, auto w) {
    auto result = m.and_(m.not_(m.read(w, 1)), m.read(w, 2));
    m.write(w, 0, result);
    logicFlags(m, w, result, m.boolean(false));
  }),
  gpr<32, 64>("blsi", Isa::Bmi1, [](auto &m, auto w) {
    lowestBit(m, w, [&](auto v) { return m.and_(v, m.neg(v)); }, false);
  }),
  gpr<32, 64>("blsmsk", Isa::Bmi1, [](auto &m, auto w) {
    lowestBit(m, w, [&](auto v) { return m.xor_(v, m.sub(v, m.constant(w, 1))); }, true);
  }),
  gpr<32, 64>("blsr", Isa::Bmi1, [](auto &m, auto w) {
    lowestBit(m, w, [&](auto v) { return m.and_(v, m.sub(v, m.constant(w, 1))); }, true);
  }),
  gpr<32, 64>("bextr", Isa::Bmi1, [](auto &m, auto w) {
    auto control = m.read(w, 2);
    auto byte = [&](unsigned at) {
      return m.and_(m.lshr(control, m.constant(w, at)), m.constant(w, 0xff));
    };
    auto result = keepBelow(m, w, shiftOut(m, w, m.read(w, 1), byte(0)), byte(8));
    m.write(w, 0, result);
    logicFlags(m, w, result, m.boolean(false));
  }),
  gpr<32, 64>("bzhi", Isa::Bmi2, [](auto &m, auto w) {
    auto n = m.and_(m.read(w, 2), m.constant(w, 0xff));
    auto result = keepBelow(m, w, m.read(w, 1), n);
    m.write(w, 0, result);
    logicFlags(m, w, result, m.not_(m.ult(n, m.constant(w, w.value))));
  }),
  gpr<32, 64>("mulx", Isa::Bmi2, [](auto &m, auto w) {
    constexpr Bits<2 * decltype(w)::value> ww;
    auto product = m.mul(m.zext(ww, m.reg(w, Reg::Rdx)), m.zext(ww, m.read(w, 2)));
    // With one register for both halves the upper one stays (SDM, MULX).
    m.setReg(w, m.instruction().reg[1], m.trunc(w, product));
    m.write(w, 0, m.trunc(w, m.lshr(product, m.constant(ww, w.value))));
  }),
  gpr<32, 64>("rorx", Isa::Bmi2, [](auto &m, auto w) {
    shiftFree(m, w, [&](auto v, auto n) { return m.rotr(v, n); });
  }),
  gpr<32, 64>("sarx", Isa::Bmi2, [](auto &m, auto w) {
    shiftFree(m, w, [&](auto v, auto n) { return m.ashr(v, n); });
  }),
  gpr<32, 64>("shlx", Isa::Bmi2, [](auto &m, auto w) {
    shiftFree(m, w, [&](auto v, auto n) { return m.shl(v, n); });
  }),
  gpr<32, 64>("shrx", Isa::Bmi2, [](auto &m, auto w) {
    shiftFree(m, w, [&](auto v, auto n) { return m.lshr(v, n); });
  }),
  gpr<32, 64>("pdep", Isa::Bmi2, [](auto &m, auto w) { m.write(w, 0, m.depositBits(m.read(w, 1), m.read(w, 2))); }),
  gpr<32, 64>("pext", Isa::Bmi2, [](auto &m, auto w) { m.write(w, 0, m.extractBits(m.read(w, 1), m.read(w, 2))); }),
  gpr<32, 64>("adcx", Isa::Adx, addThrough<flag::CF>),
  gpr<32, 64>("adox", Isa::Adx, addThrough<flag::OF>))
