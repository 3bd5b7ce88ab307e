//===- HostInts.h - The integer algebra on host integers --------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Every operation is total: shift amounts are taken as below the width by
// contract (bodies mask them), counts of zero leading bits of zero are the width.
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_HOSTINTS_H
#define DBT_GUEST_HOSTINTS_H

#include "Guest/BitFields.h"
#include "Guest/HostValues.h"

#include <bit>
#include <concepts>

namespace dbt::host {

struct HostInts {
  template <unsigned N> using ValT = Val<N>;
  using BoolT = Bool;

  template <unsigned N> static Val<N> constant(Bits<N>, uint64_t k) {
    return {static_cast<typename Val<N>::U>(k)};
  }
  static Bool boolean(bool b) { return {b}; }

#define DBT_BINARY(name, expr)                                                                     \
  template <unsigned N> static Val<N> name(Val<N> a, Val<N> b) {                                   \
    return {static_cast<typename Val<N>::U>(expr)};                                                \
  }
  DBT_BINARY(add, a.v + b.v)
  DBT_BINARY(sub, a.v - b.v)
  // 16-bit operands would be multiplied as signed int otherwise.
  DBT_BINARY(mul, (N < 32 ? uint32_t(a.v) * uint32_t(b.v) : a.v * b.v))
  DBT_BINARY(and_, a.v & b.v)
  DBT_BINARY(or_, a.v | b.v)
  DBT_BINARY(xor_, a.v ^ b.v)
  DBT_BINARY(shl, a.v << b.v)
  DBT_BINARY(lshr, a.v >> b.v)
  DBT_BINARY(ashr, a.s() >> b.v)
  DBT_BINARY(rotl, std::rotl(a.v, static_cast<int>(b.v)))
  DBT_BINARY(rotr, std::rotr(a.v, static_cast<int>(b.v)))
  // Division: the divisor is not 0, and a signed quotient fits, by contract.
  DBT_BINARY(udiv, a.v / b.v)
  DBT_BINARY(urem, a.v % b.v)
  DBT_BINARY(sdiv, a.s() / b.s())
  DBT_BINARY(srem, a.s() % b.s())
#undef DBT_BINARY
  template <unsigned N> static Val<N> not_(Val<N> a) {
    return {static_cast<typename Val<N>::U>(~a.v)};
  }
  template <unsigned N> static Val<N> neg(Val<N> a) {
    return {static_cast<typename Val<N>::U>(0 - a.v)};
  }
  template <unsigned N> static Val<N> popcount(Val<N> a) {
    return {static_cast<typename Val<N>::U>(std::popcount(a.v))};
  }
  /// Leading zero bits; N for zero.
  template <unsigned N> static Val<N> clz(Val<N> a) {
    return {static_cast<typename Val<N>::U>(std::countl_zero(a.v))};
  }
  /// Trailing zero bits; N for zero.
  template <unsigned N> static Val<N> ctz(Val<N> a) {
    return {static_cast<typename Val<N>::U>(std::countr_zero(a.v))};
  }
  template <unsigned N> static Val<N> bswap(Val<N> a) {
    if constexpr (N == 16)
      return {__builtin_bswap16(a.v)};
    else if constexpr (N == 32)
      return {__builtin_bswap32(a.v)};
    else
      return {__builtin_bswap64(a.v)};
  }
  /// PDEP and PEXT.
  template <unsigned N> static Val<N> depositBits(Val<N> a, Val<N> mask) {
    return {static_cast<typename Val<N>::U>(dbt::depositBits(a.v, mask.v))};
  }
  template <unsigned N> static Val<N> extractBits(Val<N> a, Val<N> mask) {
    return {static_cast<typename Val<N>::U>(dbt::extractBits(a.v, mask.v))};
  }
  template <unsigned N> static Val<32> crc32(Val<32> crc, Val<N> data) { return {continueCrc32(crc.v, data.v, N / 8)}; }

  template <unsigned M, unsigned N> static Val<M> zext(Bits<M>, Val<N> a) {
    static_assert(M >= N);
    return {a.v};
  }
  template <unsigned M, unsigned N> static Val<M> sext(Bits<M>, Val<N> a) {
    static_assert(M >= N);
    return {static_cast<typename Val<M>::U>(static_cast<typename Val<M>::S>(a.s()))};
  }
  template <unsigned M, unsigned N> static Val<M> trunc(Bits<M>, Val<N> a) {
    static_assert(M <= N);
    return {static_cast<typename Val<M>::U>(a.v)};
  }

  template <unsigned N> static Bool eq(Val<N> a, Val<N> b) { return {a.v == b.v}; }
  template <unsigned N> static Bool ne(Val<N> a, Val<N> b) { return {a.v != b.v}; }
  template <unsigned N> static Bool ult(Val<N> a, Val<N> b) { return {a.v < b.v}; }
  template <unsigned N> static Bool ule(Val<N> a, Val<N> b) { return {a.v <= b.v}; }
  template <unsigned N> static Bool slt(Val<N> a, Val<N> b) { return {a.s() < b.s()}; }
  template <unsigned N> static Bool sle(Val<N> a, Val<N> b) { return {a.s() <= b.s()}; }
  static Bool and_(Bool a, Bool b) { return {a.v && b.v}; }
  static Bool or_(Bool a, Bool b) { return {a.v || b.v}; }
  static Bool xor_(Bool a, Bool b) { return {a.v != b.v}; }
  static Bool not_(Bool a) { return {!a.v}; }
  /// 0 or 1 in N bits.
  template <unsigned N> static Val<N> fromBool(Bits<N>, Bool b) { return {b.v}; }
  template <class T> static T select(Bool c, T a, T b) { return c.v ? a : b; }
  /// PF: whether the low byte has an even number of ones.
  template <unsigned N> static Bool parity(Val<N> a) {
    return {!__builtin_parity(static_cast<uint8_t>(a.v))};
  }
};

} // namespace dbt::host

#endif
