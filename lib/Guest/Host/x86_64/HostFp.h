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
inline __m128 sqrt(__m128 v) {
  asm volatile("sqrtps %0, %0" : "+x"(v));
  return v;
}
inline __m128d sqrt(__m128d v) {
  asm volatile("sqrtpd %0, %0" : "+x"(v));
  return v;
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

inline Float4 addSub(Float4 a, Float4 b) {
  asm volatile("addsubps %1, %0" : "+x"(a) : "x"(b));
  return a;
}
inline Double2 addSub(Double2 a, Double2 b) {
  asm volatile("addsubpd %1, %0" : "+x"(a) : "x"(b));
  return a;
}

/// Calls \p f with \p i, which is below \p N, as a compile-time constant.
template <size_t N, class F> auto withConstant(size_t i, F f) {
  return [&]<size_t... I>(std::index_sequence<I...>) {
    using R = decltype(f(std::integral_constant<size_t, 0>()));
    static constexpr R (*Calls[])(F &) = {[](F &g) -> R { return g(std::integral_constant<size_t, I>()); }...};
    return Calls[i](f);
  }(std::make_index_sequence<N>());
}

/// CMPPS and its family: all ones or zeros in each lane. Predicates from 8 on are VCMPPS's.
#define DBT_FP_COMPARE(type, mnemonic)                                                             \
  inline type compare(unsigned predicate, type a, type b) {                                        \
    return withConstant<32>(predicate & 31, [=](auto p) {                                          \
      type r = a;                                                                                  \
      if constexpr (p.value < 8)                                                                   \
        asm volatile(mnemonic " %2, %1, %0" : "+x"(r) : "x"(b), "i"(p.value));                     \
      else                                                                                         \
        asm volatile("v" mnemonic " %2, %1, %0, %0" : "+x"(r) : "x"(b), "i"(p.value));             \
      return r;                                                                                    \
    });                                                                                            \
  }
DBT_FP_COMPARE(float, "cmpss")
DBT_FP_COMPARE(double, "cmpsd")
DBT_FP_COMPARE(Float4, "cmpps")
DBT_FP_COMPARE(Double2, "cmppd")
#undef DBT_FP_COMPARE

/// x * y + z and its like, rounded once; of several NaNs the first one in that order.
#define DBT_FP_FMA(name, mnemonic, type, suffix)                                                   \
  inline type name(type x, type y, type z) {                                                       \
    asm volatile("v" mnemonic "213" suffix " %2, %1, %0" : "+x"(y) : "x"(x), "x"(z));              \
    return y;                                                                                      \
  }
#define DBT_FP_FMA_PACKED(name, mnemonic)                                                          \
  DBT_FP_FMA(name, mnemonic, Float4, "ps") DBT_FP_FMA(name, mnemonic, Double2, "pd")
#define DBT_FP_FMA_ALL(name, mnemonic)                                                             \
  DBT_FP_FMA_PACKED(name, mnemonic)                                                                \
  DBT_FP_FMA(name, mnemonic, float, "ss") DBT_FP_FMA(name, mnemonic, double, "sd")
DBT_FP_FMA_ALL(fmadd, "fmadd")
DBT_FP_FMA_ALL(fmsub, "fmsub")
DBT_FP_FMA_ALL(fnmadd, "fnmadd")
DBT_FP_FMA_ALL(fnmsub, "fnmsub")
DBT_FP_FMA_PACKED(fmaddsub, "fmaddsub")
DBT_FP_FMA_PACKED(fmsubadd, "fmsubadd")
#undef DBT_FP_FMA
#undef DBT_FP_FMA_PACKED
#undef DBT_FP_FMA_ALL

/// VCVTPH2PS: from the four low words; VCVTPS2PH, rounded as \p mode says, into them.
inline Float4 fromHalf(__m128i v) {
  Float4 r;
  asm volatile("vcvtph2ps %1, %0" : "=x"(r) : "x"(v));
  return r;
}
inline __m128i toHalf(unsigned mode, Float4 v) {
  return withConstant<8>(mode & 7, [=](auto m) {
    __m128i r;
    asm volatile("vcvtps2ph %2, %1, %0" : "=x"(r) : "x"(v), "i"(m.value));
    return r;
  });
}

/// DPPS and DPPD of all lanes, each the sum of the products that \p products names:
/// processors differ in which NaN of several comes out.
inline Float4 dot(unsigned products, Float4 a, Float4 b) {
  return withConstant<16>(products & 15, [=](auto p) {
    Float4 r = a;
    asm volatile("dpps %2, %1, %0" : "+x"(r) : "x"(b), "i"(p.value << 4 | 15));
    return r;
  });
}
inline Double2 dot(unsigned products, Double2 a, Double2 b) {
  return withConstant<4>(products & 3, [=](auto p) {
    Double2 r = a;
    asm volatile("dppd %2, %1, %0" : "+x"(r) : "x"(b), "i"(p.value << 4 | 3));
    return r;
  });
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
DBT_FP_ROUND(Float4, "roundps")
DBT_FP_ROUND(Double2, "roundpd")
#undef DBT_FP_ROUND

/// ROUNDPS, ROUNDPD.
template <class V> V roundPacked(V v, unsigned mode) {
  return withConstant<16>(mode & 15, [=](auto m) { return roundWith<m.value>(v); });
}

template <class T> T round(T v, unsigned mode) {
  static const bool native = __builtin_cpu_supports("sse4.1");
  if (!native)
    return roundBySum(v, mode);
  return withConstant<16>(mode & 15, [=](auto m) { return roundWith<m.value>(v); });
}

} // namespace dbt::hostfp

#endif
