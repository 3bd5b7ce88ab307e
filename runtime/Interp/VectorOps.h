//===- VectorOps.h - The vector algebra on host vectors ---------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Vectors are bits; the lane width of an operation is its tag argument. Results
// are computed lane by lane with the compiler's vector types.
//===----------------------------------------------------------------------===//
#ifndef DBT_INTERP_VECTOROPS_H
#define DBT_INTERP_VECTOROPS_H

#include "Guest/Host/HostFp.h"
#include "Guest/HostValues.h"
#include "Semantics/Algebra.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>

namespace dbt::interp {

using host::Bool;
using host::Val;
using host::Vec;

template <unsigned L> struct FloatOf;
template <> struct FloatOf<32> { using T = float; };
template <> struct FloatOf<64> { using T = double; };

/// Mixed into Machine.
struct VectorOps {
  template <unsigned L> using U = typename Val<L>::U;
  template <unsigned L> using S = typename Val<L>::S;
  template <unsigned L> using F = typename FloatOf<L>::T;
  template <class T, unsigned N> struct Lanes {
    T lane[N / 8 / sizeof(T)];
  };
  template <class T, unsigned N> static Lanes<T, N> lanes(Vec<N> v) { return std::bit_cast<Lanes<T, N>>(v); }
  template <class T, unsigned N> static Vec<N> vector(Lanes<T, N> v) { return std::bit_cast<Vec<N>>(v); }
  template <class T, unsigned N> static constexpr unsigned count(Lanes<T, N>) { return N / 8 / sizeof(T); }

  //===--- Whole vectors ---===//

  template <unsigned N> static Vec<N> vzero(Bits<N>) { return {}; }
  template <unsigned N> static Val<64> vlow64(Vec<N> v) { return {v.q[0]}; }
  /// The low 128 bits.
  template <unsigned N> static Vec<128> vlow(Vec<N> v) { return {{v.q[0], v.q[1]}}; }
  template <unsigned L, unsigned N> static Val<L> vextract(Bits<L>, Vec<N> v, unsigned i) {
    return {lanes<U<L>>(v).lane[i]};
  }
  template <unsigned L, unsigned N> static Vec<N> vinsert(Bits<L>, Vec<N> v, unsigned i, Val<L> x) {
    auto l = lanes<U<L>>(v);
    l.lane[i] = x.v;
    return vector<U<L>, N>(l);
  }
  /// All lanes \p x.
  template <unsigned N, unsigned L> static Vec<N> vsplat(Bits<N>, Val<L> x) {
    Lanes<U<L>, N> l;
    for (U<L> &lane : l.lane)
      lane = x.v;
    return vector<U<L>, N>(l);
  }
  /// Lane i of the result is lane indices[i] of \p a followed by \p b.
  template <unsigned L, unsigned N> static Vec<N> vshuffle(Bits<L>, Vec<N> a, Vec<N> b, std::span<const int> indices) {
    auto x = lanes<U<L>>(a), y = lanes<U<L>>(b);
    Lanes<U<L>, N> r;
    constexpr int n = N / L;
    for (int i = 0; i < n; ++i)
      r.lane[i] = indices[i] < n ? x.lane[indices[i]] : y.lane[indices[i] - n];
    return vector<U<L>, N>(r);
  }
  /// PSHUFB: byte i is byte (index & 15) of a's same 16 bytes (MMX: index & 7 of its 8), or
  /// 0 if index's top bit is set.
  template <unsigned N> static Vec<N> vshuffleBytes(Vec<N> a, Vec<N> index) {
    auto x = lanes<uint8_t>(a), c = lanes<uint8_t>(index);
    Lanes<uint8_t, N> r;
    constexpr unsigned Within = std::min(N, 128u) / 8 - 1;
    for (unsigned i = 0; i < N / 8; ++i)
      r.lane[i] = c.lane[i] & 0x80 ? 0 : x.lane[(i & ~Within) + (c.lane[i] & Within)];
    return vector<uint8_t, N>(r);
  }
  /// Lanes of \p b where \p mask's lane has its top bit set, else of \p a.
  template <unsigned L, unsigned N> static Vec<N> vblend(Bits<L>, Vec<N> a, Vec<N> b, Vec<N> mask) {
    auto x = lanes<U<L>>(a), y = lanes<U<L>>(b);
    auto c = lanes<S<L>>(mask);
    for (unsigned i = 0; i < N / L; ++i)
      x.lane[i] = c.lane[i] < 0 ? y.lane[i] : x.lane[i];
    return vector<U<L>, N>(x);
  }
  /// The top bit of each lane, lane 0 lowest.
  template <unsigned L, unsigned N> static Val<32> vmask(Bits<L>, Vec<N> v) {
    auto x = lanes<S<L>>(v);
    uint32_t mask = 0;
    for (unsigned i = 0; i < N / L; ++i)
      mask |= uint32_t(x.lane[i] < 0) << i;
    return {mask};
  }
  template <unsigned N> static Bool vallZero(Vec<N> v) {
    uint64_t any = 0;
    for (uint64_t q : v.q)
      any |= q;
    return {any == 0};
  }

  //===--- Integer lanes ---===//

  template <unsigned L, unsigned N> static Vec<N> vbin(VOp op, Bits<L>, Vec<N> a, Vec<N> b) {
    auto x = lanes<U<L>>(a), y = lanes<U<L>>(b);
    for (unsigned i = 0; i < N / L; ++i)
      x.lane[i] = lane<L>(op, x.lane[i], y.lane[i]);
    return vector<U<L>, N>(x);
  }
  /// Shifts every lane by one count: from the lane width on, all bits are shifted out.
  template <unsigned L, unsigned N> static Vec<N> vshift(Shift how, Bits<L>, Vec<N> a, Val<64> n) {
    auto x = lanes<U<L>>(a);
    for (U<L> &v : x.lane) {
      if (how == Shift::Sar)
        v = static_cast<U<L>>(static_cast<S<L>>(v) >> std::min<uint64_t>(n.v, L - 1));
      else
        v = n.v >= L ? 0 : static_cast<U<L>>(how == Shift::Shl ? v << n.v : v >> n.v);
    }
    return vector<U<L>, N>(x);
  }
  template <unsigned L, unsigned N> static Vec<N> vabs(Bits<L>, Vec<N> a) {
    auto x = lanes<U<L>>(a);
    for (U<L> &v : x.lane)
      v = static_cast<S<L>>(v) < 0 ? static_cast<U<L>>(0 - v) : v;
    return vector<U<L>, N>(x);
  }
  /// Lanes of double width from the low half's lanes (within each 128 bits no
  /// order changes: the whole vector's low half is widened).
  template <unsigned To, unsigned From, unsigned N> static Vec<N> vwiden(bool isSigned, Bits<To>, Bits<From>, Vec<128> a) {
    auto x = lanes<U<From>>(a);
    Lanes<U<To>, N> r;
    for (unsigned i = 0; i < N / To; ++i)
      r.lane[i] = isSigned ? static_cast<U<To>>(static_cast<S<To>>(static_cast<S<From>>(x.lane[i]))) : U<To>(x.lane[i]);
    return vector<U<To>, N>(r);
  }
  /// PACKSS, PACKUS: lanes of \p a, then of \p b (per 128 bits, if there are more), halved with saturation
  /// to signed or unsigned.
  template <unsigned L, unsigned N> static Vec<N> vpack(bool toSigned, Bits<L>, Vec<N> a, Vec<N> b) {
    using H = U<L / 2>;
    auto x = lanes<S<L>>(a), y = lanes<S<L>>(b);
    Lanes<H, N> r;
    const S<L> least = toSigned ? S<L>(std::numeric_limits<S<L / 2>>::min()) : S<L>(0);
    const S<L> most = toSigned ? S<L>(std::numeric_limits<S<L / 2>>::max()) : S<L>(std::numeric_limits<H>::max());
    constexpr unsigned per = std::min(N, 128u) / L;
    for (unsigned block = 0; block < N / L / per; ++block)
      for (unsigned i = 0; i < per; ++i) {
        r.lane[block * 2 * per + i] = static_cast<H>(std::clamp(x.lane[block * per + i], least, most));
        r.lane[block * 2 * per + per + i] = static_cast<H>(std::clamp(y.lane[block * per + i], least, most));
      }
    return vector<H, N>(r);
  }
  /// PMADDWD: sums of two adjacent products of signed words.
  template <unsigned N> static Vec<N> vmaddWords(Vec<N> a, Vec<N> b) {
    auto x = lanes<int16_t>(a), y = lanes<int16_t>(b);
    Lanes<uint32_t, N> r;
    for (unsigned i = 0; i < N / 32; ++i)
      r.lane[i] = uint32_t(x.lane[2 * i] * y.lane[2 * i]) + uint32_t(x.lane[2 * i + 1] * y.lane[2 * i + 1]);
    return vector<uint32_t, N>(r);
  }
  /// PMADDUBSW: saturated sums of two products, unsigned bytes of \p a by signed ones of \p b.
  template <unsigned N> static Vec<N> vmaddBytes(Vec<N> a, Vec<N> b) {
    auto x = lanes<uint8_t>(a);
    auto y = lanes<int8_t>(b);
    Lanes<int16_t, N> r;
    for (unsigned i = 0; i < N / 16; ++i)
      r.lane[i] = static_cast<int16_t>(std::clamp(x.lane[2 * i] * y.lane[2 * i] + x.lane[2 * i + 1] * y.lane[2 * i + 1], -32768, 32767));
    return vector<int16_t, N>(r);
  }
  /// PSADBW: per 8 bytes, the sum of absolute differences.
  template <unsigned N> static Vec<N> vsad(Vec<N> a, Vec<N> b) {
    auto x = lanes<uint8_t>(a), y = lanes<uint8_t>(b);
    Lanes<uint64_t, N> r = {};
    for (unsigned i = 0; i < N / 8; ++i)
      r.lane[i / 8] += uint64_t(x.lane[i] > y.lane[i] ? x.lane[i] - y.lane[i] : y.lane[i] - x.lane[i]);
    return vector<uint64_t, N>(r);
  }

  //===--- Floating-point lanes ---===//

  template <unsigned L> static Val<L> fop(FOp op, Val<L> a, Val<L> b) {
    return bits<L>(compute(op, value<L>(a), value<L>(b)));
  }
  template <unsigned L, unsigned N> static Vec<N> fbin(FOp op, Bits<L>, Vec<N> a, Vec<N> b) {
    return by128<L>([op](auto x, auto y) { return compute(op, x, y); }, a, b);
  }
  /// a + b, lane by lane, where a NaN in \p b is taken from \p nans (b before its sign
  /// was changed).
  template <unsigned L, unsigned N> static Vec<N> fbinKeepingNan(Bits<L> l, Vec<N> a, Vec<N> b, Vec<N> nans) {
    auto y = lanes<U<L>>(b), z = lanes<U<L>>(nans);
    for (unsigned i = 0; i < N / L; ++i)
      if (z.lane[i] << 1 > exponentMask<L>() << 1)
        y.lane[i] = z.lane[i];
    return fbin(FOp::Add, l, a, vector<U<L>, N>(y));
  }
  template <unsigned L> static Val<L> funary(FUnary op, Val<L> a) { return bits<L>(compute(op, value<L>(a))); }
  template <unsigned L, unsigned N> static Vec<N> funary(FUnary op, Bits<L>, Vec<N> a) {
    auto x = lanes<F<L>>(a);
    for (F<L> &v : x.lane)
      v = compute(op, v);
    return vector<F<L>, N>(x);
  }
  /// CMPPS's predicates 0 to 7 (SDM, CMPPD, Table 3-1): all ones or zeros.
  template <unsigned L> static Val<L> fcompare(unsigned predicate, Val<L> a, Val<L> b) {
    return bits<L>(hostfp::compare(predicate, value<L>(a), value<L>(b)));
  }
  template <unsigned L, unsigned N> static Vec<N> fcompare(unsigned predicate, Bits<L>, Vec<N> a, Vec<N> b) {
    return by128<L>([predicate](auto x, auto y) { return hostfp::compare(predicate, x, y); }, a, b);
  }
  /// DPPS, DPPD, per 128 bits: the sum of the products that \p imm's upper half names, in
  /// the lanes that its lower half names; the others are zero.
  template <unsigned L, unsigned N> static Vec<N> fdot(unsigned imm, Bits<L>, Vec<N> a, Vec<N> b) {
    auto r = lanes<U<L>>(by128<L>([imm](auto x, auto y) { return hostfp::dot(imm >> 4, x, y); }, a, b));
    for (unsigned i = 0; i < N / L; ++i)
      r.lane[i] = imm >> i % (128 / L) & 1 ? r.lane[i] : 0;
    return vector<U<L>, N>(r);
  }

  template <unsigned To, unsigned From> static Val<To> fresize(Bits<To>, Val<From> a) {
    return bits<To>(static_cast<F<To>>(value<From>(a)));
  }
  template <unsigned To, unsigned From> static Val<To> fromInt(Bits<To>, Val<From> a) {
    return bits<To>(static_cast<F<To>>(a.s()));
  }
  /// The integer indefinite where it does not fit.
  template <unsigned To, unsigned From> static Val<To> toInt(bool truncate, Bits<To>, Val<From> a) {
    if constexpr (To == 32)
      return {hostfp::toInt32(value<From>(a), truncate)};
    else
      return {hostfp::toInt64(value<From>(a), truncate)};
  }
  /// ROUNDSS's immediate: bits 0 and 1 the mode, bit 2: MXCSR's instead, bit 3: no Precision.
  template <unsigned L> static Val<L> fround(unsigned mode, Val<L> a) { return bits<L>(rounded(mode, value<L>(a))); }

  //===--- Cryptography ---===//

  /// \p op of each 128 bits.
  template <unsigned N> static Vec<N> vcrypto(CryptoOp op, uint8_t imm, Vec<N> a, Vec<N> b) {
    struct Parts {
      Vec<128> part[N / 128];
    };
    auto x = std::bit_cast<Parts>(a), y = std::bit_cast<Parts>(b);
    for (unsigned i = 0; i < N / 128; ++i)
      x.part[i] = host::crypto(op, imm, x.part[i], y.part[i]);
    return std::bit_cast<Vec<N>>(x);
  }
  static Vec<128> vsha256Rounds(Vec<128> a, Vec<128> b, Vec<128> xmm0) { return host::sha256Rounds(a, b, xmm0); }

private:
  /// f of each 128 bits as the host's vectors.
  template <unsigned L, unsigned N, class Fn> static Vec<N> by128(Fn f, Vec<N> a, Vec<N> b) {
    using V = std::conditional_t<L == 32, hostfp::Float4, hostfp::Double2>;
    struct Parts {
      V part[N / 128];
    };
    auto x = std::bit_cast<Parts>(a), y = std::bit_cast<Parts>(b);
    for (unsigned i = 0; i < N / 128; ++i)
      x.part[i] = f(x.part[i], y.part[i]);
    return std::bit_cast<Vec<N>>(x);
  }
  template <unsigned L> static constexpr U<L> exponentMask() {
    return L == 32 ? U<L>(0x7f800000) : static_cast<U<L>>(0x7ff0000000000000);
  }
  template <unsigned L> static F<L> value(Val<L> v) { return std::bit_cast<F<L>>(v.v); }
  template <unsigned L, class T> static Val<L> bits(T v) { return {std::bit_cast<U<L>>(v)}; }

  template <unsigned L> static U<L> lane(VOp op, U<L> a, U<L> b) {
    auto x = static_cast<S<L>>(a), y = static_cast<S<L>>(b);
    using I = std::conditional_t<L == 64, __int128, int64_t>;
    constexpr I lo = std::numeric_limits<S<L>>::min(), hi = std::numeric_limits<S<L>>::max(), top = std::numeric_limits<U<L>>::max();
    switch (op) {
    case VOp::Add: return static_cast<U<L>>(a + b);
    case VOp::Sub: return static_cast<U<L>>(a - b);
    case VOp::Mul: return static_cast<U<L>>(I(a) * I(b));
    case VOp::And: return a & b;
    case VOp::Or: return a | b;
    case VOp::Xor: return a ^ b;
    case VOp::AndNot: return static_cast<U<L>>(~a & b);
    case VOp::AddSatS: return static_cast<U<L>>(std::clamp<I>(I(x) + y, lo, hi));
    case VOp::AddSatU: return static_cast<U<L>>(std::min<I>(I(a) + b, top));
    case VOp::SubSatS: return static_cast<U<L>>(std::clamp<I>(I(x) - y, lo, hi));
    case VOp::SubSatU: return a > b ? static_cast<U<L>>(a - b) : 0;
    case VOp::MinS: return static_cast<U<L>>(std::min(x, y));
    case VOp::MinU: return std::min(a, b);
    case VOp::MaxS: return static_cast<U<L>>(std::max(x, y));
    case VOp::MaxU: return std::max(a, b);
    case VOp::Eq: return a == b ? ~U<L>(0) : 0;
    case VOp::GtS: return x > y ? ~U<L>(0) : 0;
    case VOp::AvgU: return static_cast<U<L>>((I(a) + b + 1) >> 1);
    case VOp::MulHiS: return static_cast<U<L>>(I(x) * y >> L);
    case VOp::MulHiU: return static_cast<U<L>>(I(a) * b >> L);
    case VOp::MulHrS: return static_cast<U<L>>(((I(x) * y >> (L - 2)) + 1) >> 1);
    case VOp::MulLowU: return static_cast<U<L>>(I(a & (top >> L / 2)) * I(b & (top >> L / 2)));
    case VOp::MulLowS: return static_cast<U<L>>((x << L / 2 >> L / 2) * I(y << L / 2 >> L / 2));
    case VOp::Sign: return y < 0 ? static_cast<U<L>>(0 - a) : y == 0 ? 0 : a;
    }
    __builtin_unreachable();
  }
  template <class T> static T compute(FOp op, T a, T b) {
    switch (op) {
    case FOp::Add: return hostfp::add(a, b);
    case FOp::Sub: return hostfp::sub(a, b);
    case FOp::Mul: return hostfp::mul(a, b);
    case FOp::Div: return hostfp::div(a, b);
    case FOp::Min: return hostfp::min(a, b);
    case FOp::Max: return hostfp::max(a, b);
    }
    __builtin_unreachable();
  }
  template <class T> static T compute(FUnary op, T a) {
    switch (op) {
    case FUnary::Sqrt: return hostfp::sqrt(a);
    case FUnary::Reciprocal: return static_cast<T>(hostfp::reciprocal(static_cast<float>(a)));
    case FUnary::ReciprocalSqrt: return static_cast<T>(hostfp::reciprocalSqrt(static_cast<float>(a)));
    }
    __builtin_unreachable();
  }
  template <class T> static T rounded(unsigned mode, T a) { return hostfp::round(a, mode); }
};

} // namespace dbt::interp

#endif
