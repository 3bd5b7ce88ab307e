//===- Flags.h - Lazy status flags: each formula once -----------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// CF, PF, AF, ZF, SF and OF are kept as a thunk: the operation that set them,
// its width and two values; a flag is computed when something reads it. The
// formulas are templates over an algebra (Semantics/Machine.h's integer part),
// so that the interpreter computes them on integers and the lifter emits them
// as IR.
//
// Invariant: (op, a, b) determine all six flags. Values are zero-extended from
// the operation's width to 64 bits.
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_FLAGS_H
#define DBT_GUEST_FLAGS_H

#include <cstdint>

namespace dbt {

/// The status flags' positions in RFLAGS (SDM Vol. 1, Figure 3-8).
namespace flag {
enum : uint32_t {
  CF = 1u << 0, PF = 1u << 2, AF = 1u << 4, ZF = 1u << 6, SF = 1u << 7, OF = 1u << 11,
  DF = 1u << 10,
  Status = CF | PF | AF | ZF | SF | OF,
};
}

/// What set the flags.
enum class FlagKind : uint8_t {
  Literal, ///< a: the flags themselves, at their RFLAGS positions; always 64 bits wide
  Add,     ///< a + b
  Adc,     ///< a + b + 1 (ADC whose carry was clear is Add)
  Sub,     ///< a - b
  Sbb,     ///< a - b - 1
  Res,     ///< a: result, for SF, ZF and PF; b: CF in bit 0, OF in bit 1, AF in bit 2
  Inc,     ///< a: result; b: the old CF, 0 or 1
  Dec,     ///< a: result; b: the old CF, 0 or 1
};

/// FlagState::op: kind and width in one number, log2 of the bytes lowest.
constexpr uint64_t flagOp(FlagKind kind, unsigned bits) {
  unsigned log2 = bits == 8 ? 0 : bits == 16 ? 1 : bits == 32 ? 2 : 3;
  return static_cast<unsigned>(kind) * 4 + log2;
}
constexpr FlagKind flagKind(uint64_t op) { return static_cast<FlagKind>(op >> 2); }
constexpr unsigned flagBits(uint64_t op) { return 8u << (op & 3); }

struct FlagState {
  uint64_t op;
  uint64_t a, b;
};

/// A condition code as Jcc, SETcc and CMOVcc encode it (SDM Vol. 1, Appendix B).
enum class Cond : uint8_t { O, NO, B, AE, E, NE, BE, A, S, NS, P, NP, L, GE, LE, G };

// Kind, flag and condition are constants in nearly all uses; inlined, each use
// folds to its own formula.
#pragma clang attribute push(__attribute__((always_inline)), apply_to = function)

/// The result that SF, ZF and PF of a thunk (not a Literal) speak of.
template <class M, class W, class V> V thunkResult(M &m, FlagKind kind, W w, V a, V b) {
  switch (kind) {
  case FlagKind::Add: return m.add(a, b);
  case FlagKind::Adc: return m.add(m.add(a, b), m.constant(w, 1));
  case FlagKind::Sub: return m.sub(a, b);
  case FlagKind::Sbb: return m.sub(m.sub(a, b), m.constant(w, 1));
  default: return a;
  }
}

/// One status flag of a thunk as M::Bool. \p w is M's width tag of the
/// operation; \p a and \p b are values of that width.
template <class M, class W, class V>
auto computeFlag(M &m, FlagKind kind, uint32_t which, W w, V a, V b) {
  auto bit = [&](V v, uint64_t f) { return m.ne(m.and_(v, m.constant(w, f)), m.constant(w, 0)); };
  auto result = [&] { return thunkResult(m, kind, w, a, b); };
  auto negative = [&](V v) { return m.slt(v, m.constant(w, 0)); };
  if (kind == FlagKind::Literal)
    return bit(a, which);
  const uint64_t signBit = uint64_t(1) << (W::value - 1);
  switch (which) {
  case flag::CF:
    switch (kind) {
    case FlagKind::Add: return m.ult(m.add(a, b), a);
    case FlagKind::Adc: return m.ule(result(), a);
    case FlagKind::Sub: return m.ult(a, b);
    case FlagKind::Sbb: return m.ule(a, b);
    default: return bit(b, 1);
    }
  case flag::PF:
    return m.parity(result());
  case flag::AF:
    switch (kind) {
    case FlagKind::Res: return bit(b, 4);
    case FlagKind::Inc: return m.eq(m.and_(a, m.constant(w, 15)), m.constant(w, 0));
    case FlagKind::Dec: return m.eq(m.and_(a, m.constant(w, 15)), m.constant(w, 15));
    default: return bit(m.xor_(m.xor_(a, b), result()), flag::AF);
    }
  case flag::ZF:
    return kind == FlagKind::Sub ? m.eq(a, b) : m.eq(result(), m.constant(w, 0));
  case flag::SF:
    return negative(result());
  default: // OF
    switch (kind) {
    case FlagKind::Add:
    case FlagKind::Adc: {
      V r = result();
      return negative(m.and_(m.xor_(a, r), m.xor_(b, r)));
    }
    case FlagKind::Sub:
    case FlagKind::Sbb: {
      V r = result();
      return negative(m.and_(m.xor_(a, b), m.xor_(a, r)));
    }
    case FlagKind::Inc: return m.eq(a, m.constant(w, signBit));
    case FlagKind::Dec: return m.eq(a, m.constant(w, signBit - 1));
    default: return bit(b, 2);
    }
  }
}

/// The condition \p cond of a thunk as M::Bool, by the shortest formula: after
/// a subtraction the orderings are comparisons of its operands.
template <class M, class W, class V>
auto computeCond(M &m, FlagKind kind, Cond cond, W w, V a, V b) {
  auto f = [&](uint32_t which) { return computeFlag(m, kind, which, w, a, b); };
  auto positive = [&] {
    bool sub = kind == FlagKind::Sub;
    switch (static_cast<Cond>(static_cast<unsigned>(cond) & ~1u)) {
    case Cond::O: return f(flag::OF);
    case Cond::B: return f(flag::CF);
    case Cond::E: return f(flag::ZF);
    case Cond::BE: return sub ? m.ule(a, b) : m.or_(f(flag::CF), f(flag::ZF));
    case Cond::S: return f(flag::SF);
    case Cond::P: return f(flag::PF);
    case Cond::L: return sub ? m.slt(a, b) : m.xor_(f(flag::SF), f(flag::OF));
    default:
      return sub ? m.sle(a, b) : m.or_(f(flag::ZF), m.xor_(f(flag::SF), f(flag::OF)));
    }
  }();
  return (static_cast<unsigned>(cond) & 1) ? m.not_(positive) : positive;
}

#pragma clang attribute pop

} // namespace dbt

#endif
