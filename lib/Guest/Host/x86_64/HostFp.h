//===- HostFp.h - Floating point on x86-64 ----------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_HOST_X86_64_HOSTFP_H
#define DBT_GUEST_HOST_X86_64_HOSTFP_H

#include <cstddef>
#include <cstdint>
#include <emmintrin.h>
#include <utility>

namespace dbt::hostfp {

inline uint32_t mxcsr() { return _mm_getcsr(); }
inline void setMxcsr(uint32_t value) { _mm_setcsr(value); }

/// CVTSS2SI and its family: the integer by the current rounding mode or, with
/// \p truncate, towards zero; the integer indefinite (SDM Vol. 1, 4.8.3.7) if it does not fit.
inline uint32_t toInt32(float v, bool truncate) {
  __m128 x = _mm_set_ss(v);
  return static_cast<uint32_t>(truncate ? _mm_cvttss_si32(x) : _mm_cvtss_si32(x));
}
inline uint64_t toInt64(float v, bool truncate) {
  __m128 x = _mm_set_ss(v);
  return static_cast<uint64_t>(truncate ? _mm_cvttss_si64(x) : _mm_cvtss_si64(x));
}
inline uint32_t toInt32(double v, bool truncate) {
  __m128d x = _mm_set_sd(v);
  return static_cast<uint32_t>(truncate ? _mm_cvttsd_si32(x) : _mm_cvtsd_si32(x));
}
inline uint64_t toInt64(double v, bool truncate) {
  __m128d x = _mm_set_sd(v);
  return static_cast<uint64_t>(truncate ? _mm_cvttsd_si64(x) : _mm_cvtsd_si64(x));
}

inline float sqrt(float v) { return _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(v))); }
inline double sqrt(double v) {
  __m128d x = _mm_set_sd(v);
  return _mm_cvtsd_f64(_mm_sqrt_sd(x, x));
}
/// RCPSS and RSQRTSS: approximations that differ between processors.
inline float reciprocal(float v) { return _mm_cvtss_f32(_mm_rcp_ss(_mm_set_ss(v))); }
inline float reciprocalSqrt(float v) { return _mm_cvtss_f32(_mm_rsqrt_ss(_mm_set_ss(v))); }

//===--- Operations that C++'s operators are not ---===//
//
// A compiler may swap the operands of + and *, which decides whose NaN comes out,
// may compute what is not needed, and takes every comparison for a quiet one.
// These are one instruction each. Packed ones have Float4 or Double2.

using Float4 = __m128;
using Double2 = __m128d;

#define DBT_FP_BINARY(name, mnemonic)                                                              \
  inline float name(float a, float b) {                                                            \
    asm volatile(mnemonic "ss %1, %0" : "+x"(a) : "x"(b));                                         \
    return a;                                                                                      \
  }                                                                                                \
  inline double name(double a, double b) {                                                         \
    asm volatile(mnemonic "sd %1, %0" : "+x"(a) : "x"(b));                                         \
    return a;                                                                                      \
  }                                                                                                \
  inline Float4 name(Float4 a, Float4 b) {                                                         \
    asm volatile(mnemonic "ps %1, %0" : "+x"(a) : "x"(b));                                         \
    return a;                                                                                      \
  }                                                                                                \
  inline Double2 name(Double2 a, Double2 b) {                                                      \
    asm volatile(mnemonic "pd %1, %0" : "+x"(a) : "x"(b));                                         \
    return a;                                                                                      \
  }
DBT_FP_BINARY(add, "add")
DBT_FP_BINARY(sub, "sub")
DBT_FP_BINARY(mul, "mul")
DBT_FP_BINARY(div, "div")
DBT_FP_BINARY(min, "min")
DBT_FP_BINARY(max, "max")
#undef DBT_FP_BINARY

/// CMPPS and its family, \p predicate 0 to 7: all ones or zeros in each lane.
#define DBT_FP_COMPARE(type, mnemonic)                                                             \
  inline type compare(unsigned predicate, type a, type b) {                                        \
    switch (predicate & 7) {                                                                       \
    case 0: asm volatile(mnemonic " $0, %1, %0" : "+x"(a) : "x"(b)); break;                        \
    case 1: asm volatile(mnemonic " $1, %1, %0" : "+x"(a) : "x"(b)); break;                        \
    case 2: asm volatile(mnemonic " $2, %1, %0" : "+x"(a) : "x"(b)); break;                        \
    case 3: asm volatile(mnemonic " $3, %1, %0" : "+x"(a) : "x"(b)); break;                        \
    case 4: asm volatile(mnemonic " $4, %1, %0" : "+x"(a) : "x"(b)); break;                        \
    case 5: asm volatile(mnemonic " $5, %1, %0" : "+x"(a) : "x"(b)); break;                        \
    case 6: asm volatile(mnemonic " $6, %1, %0" : "+x"(a) : "x"(b)); break;                        \
    default: asm volatile(mnemonic " $7, %1, %0" : "+x"(a) : "x"(b)); break;                       \
    }                                                                                              \
    return a;                                                                                      \
  }
DBT_FP_COMPARE(float, "cmpss")
DBT_FP_COMPARE(double, "cmpsd")
DBT_FP_COMPARE(Float4, "cmpps")
DBT_FP_COMPARE(Double2, "cmppd")
#undef DBT_FP_COMPARE

/// DPPS and DPPD of all lanes, each the sum of the products that \p Products names:
/// processors differ in which NaN of several comes out.
template <unsigned Products> Float4 dotWith(Float4 a, Float4 b) {
  asm volatile("dpps %2, %1, %0" : "+x"(a) : "x"(b), "i"(Products << 4 | 15));
  return a;
}
template <unsigned Products> Double2 dotWith(Double2 a, Double2 b) {
  asm volatile("dppd %2, %1, %0" : "+x"(a) : "x"(b), "i"(Products << 4 | 3));
  return a;
}
template <class V, size_t... Products> V dotBy(unsigned products, V a, V b, std::index_sequence<Products...>) {
  static constexpr V (*Functions[])(V, V) = {&dotWith<Products>...};
  return Functions[products](a, b);
}
inline Float4 dot(unsigned products, Float4 a, Float4 b) {
  return dotBy(products & 15, a, b, std::make_index_sequence<16>());
}
inline Double2 dot(unsigned products, Double2 a, Double2 b) {
  return dotBy(products & 3, a, b, std::make_index_sequence<4>());
}

/// What UCOMISS or, \p signalling, COMISS says of its operands.
struct Relation {
  bool carry, zero, parity; ///< EFLAGS' CF, ZF, PF
};
#define DBT_FP_RELATION(type, suffix)                                                              \
  inline Relation relation(bool signalling, type a, type b) {                                      \
    Relation r;                                                                                    \
    if (signalling)                                                                                \
      asm volatile("comi" suffix " %4, %3" : "=@ccc"(r.carry), "=@ccz"(r.zero), "=@ccp"(r.parity) : "x"(a), "x"(b)); \
    else                                                                                           \
      asm volatile("ucomi" suffix " %4, %3" : "=@ccc"(r.carry), "=@ccz"(r.zero), "=@ccp"(r.parity) : "x"(a), "x"(b)); \
    return r;                                                                                      \
  }
DBT_FP_RELATION(float, "ss")
DBT_FP_RELATION(double, "sd")
#undef DBT_FP_RELATION

/// ROUNDSS, ROUNDSD on processors that lack them: Invalid and Precision are the only
/// exceptions.
template <class T> T roundBySum(T v, unsigned mode) {
  // Adding and subtracting 2^(p-1) rounds to an integer by MXCSR's mode; what is
  // no smaller has no fraction.
  const T limit = sizeof(T) == 4 ? T(8388608) : T(4503599627370496);
  if (v != v)
    return add(v, v);
  if (!(__builtin_fabs(v) < limit))
    return v;
  constexpr uint32_t AllMasked = 0x1f80, Precision = 0x20;
  const uint32_t saved = mxcsr();
  const uint32_t rounding = mode & 4 ? saved & 0x6000 : (mode & 3) << 13;
  setMxcsr((saved & ~0x603fu) | AllMasked | rounding);
  T result = __builtin_signbit(v) ? add(sub(v, limit), limit) : sub(add(v, limit), limit);
  const uint32_t raised = mode & 8 ? 0 : mxcsr() & Precision;
  setMxcsr(saved);
  if (raised)
    add(limit, T(0.25)); // inexact, and a trap if that is unmasked
  return __builtin_copysign(result, v);
}

/// ROUNDSS, ROUNDSD: to an integer as \p mode says (the instruction's immediate).
#define DBT_FP_ROUND(type, mnemonic)                                                               \
  template <unsigned Mode> type roundWith(type v) {                                                \
    asm volatile(mnemonic " %1, %0, %0" : "+x"(v) : "i"(Mode));                                    \
    return v;                                                                                      \
  }
DBT_FP_ROUND(float, "roundss")
DBT_FP_ROUND(double, "roundsd")
#undef DBT_FP_ROUND

template <class T> T round(T v, unsigned mode) {
  static const bool native = __builtin_cpu_supports("sse4.1");
  if (!native)
    return roundBySum(v, mode);
  switch (mode & 15) {
  case 0: return roundWith<0>(v);
  case 1: return roundWith<1>(v);
  case 2: return roundWith<2>(v);
  case 3: return roundWith<3>(v);
  case 8: return roundWith<8>(v);
  case 9: return roundWith<9>(v);
  case 10: return roundWith<10>(v);
  case 11: return roundWith<11>(v);
  default: return mode & 8 ? roundWith<12>(v) : roundWith<4>(v);
  }
}

} // namespace dbt::hostfp

#endif
