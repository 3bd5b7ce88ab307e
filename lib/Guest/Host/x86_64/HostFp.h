//===- HostFp.h - Floating point on x86-64 ----------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_HOST_X86_64_HOSTFP_H
#define DBT_GUEST_HOST_X86_64_HOSTFP_H

#include <cstdint>
#include <emmintrin.h>

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

/// ROUNDSS, ROUNDSD: to an integer as \p mode says (the instruction's immediate).
template <class T> T round(T v, unsigned mode) {
  // Adding and subtracting 2^(p-1) rounds to an integer by MXCSR's mode; what is
  // no smaller has no fraction.
  const T limit = sizeof(T) == 4 ? T(8388608) : T(4503599627370496);
  const uint32_t saved = mxcsr();
  T magnitude = __builtin_copysign(v, T(1));
  if (!(magnitude < limit))
    return v + T(0) == v ? v : v + v; // big, infinite, or a NaN to be quieted
  uint32_t control = saved;
  if (!(mode & 4))
    control = (saved & ~0x6000u) | (mode & 3) << 13;
  setMxcsr(control);
  volatile T biased = v < 0 ? v - limit : v + limit;
  T result = v < 0 ? biased + limit : biased - limit;
  uint32_t raised = mxcsr() & 0x3f;
  if (mode & 8)
    raised &= ~0x20u;
  setMxcsr(saved | raised);
  return __builtin_copysign(result, v);
}

} // namespace dbt::hostfp

#endif
