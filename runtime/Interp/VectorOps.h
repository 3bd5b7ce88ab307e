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
  template <unsigned L, unsigned N> static Val<L> vextract(Bits<L>, Vec<N> v, unsigned i) {
    return {lanes<U<L>>(v).lane[i]};
  }
  template <unsigned L, unsigned N> static Vec<N> vinsert(Bits<L>, Vec<N> v, unsigned i, Val<L> x) {
    auto l = lanes<U<L>>(v);
    l.lane[i] = x.v;
    return vector<U<L>, N>(l);
  }
  /// 128 of 256 bits, the low or (1) the high ones, and back.
  static Vec<128> vhalf(Vec<256> v, unsigned i) { return {{v.q[2 * i], v.q[2 * i + 1]}}; }
  static Vec<256> vjoin(Vec<128> low, Vec<128> high) { return {{low.q[0], low.q[1], high.q[0], high.q[1]}}; }
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
  /// VPERMD: lane i is the lane of \p a that index's lane i says, modulo their number.
  template <unsigned L, unsigned N> static Vec<N> vpermute(Bits<L>, Vec<N> a, Vec<N> index) {
    auto x = lanes<U<L>>(a), c = lanes<U<L>>(index);
    Lanes<U<L>, N> r;
    for (unsigned i = 0; i < N / L; ++i)
      r.lane[i] = x.lane[c.lane[i] % (N / L)];
    return vector<U<L>, N>(r);
  }
  /// VPERMILPS, VPERMILPD: the same within 128 bits; of 64-bit lanes bit 1 counts.
  template <unsigned L, unsigned N> static Vec<N> vpermuteInLane(Bits<L>, Vec<N> a, Vec<N> control) {
    constexpr unsigned per = 128 / L;
    auto x = lanes<U<L>>(a), c = lanes<U<L>>(control);
    Lanes<U<L>, N> r;
    for (unsigned i = 0; i < N / L; ++i)
      r.lane[i] = x.lane[i / per * per + (L == 32 ? c.lane[i] & 3 : c.lane[i] >> 1 & 1)];
    return vector<U<L>, N>(r);
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
    for (U<L> &v : x.lane)
      v = shifted<L>(how, v, n.v);
    return vector<U<L>, N>(x);
  }
  /// The same, each by a count of its own.
  template <unsigned L, unsigned N> static Vec<N> vshiftEach(Shift how, Bits<L>, Vec<N> a, Vec<N> counts) {
    auto x = lanes<U<L>>(a), n = lanes<U<L>>(counts);
    for (unsigned i = 0; i < N / L; ++i)
      x.lane[i] = shifted<L>(how, x.lane[i], n.lane[i]);
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
  /// MPSADBW, per 128 bits with three bits of \p imm each: sums of absolute differences
  /// of four bytes of \p b and of eight neighbouring fours of \p a.
  template <unsigned N> static Vec<N> vmpsad(unsigned imm, Vec<N> a, Vec<N> b) {
    auto x = lanes<uint8_t>(a), y = lanes<uint8_t>(b);
    Lanes<uint16_t, N> r = {};
    for (unsigned i = 0; i < N / 16; ++i) {
      const unsigned control = imm >> i / 8 * 3, base = i / 8 * 16;
      const unsigned from = base + (control >> 2 & 1) * 4 + i % 8, with = base + (control & 3) * 4;
      for (unsigned j = 0; j < 4; ++j) {
        const int difference = x.lane[from + j] - y.lane[with + j];
        r.lane[i] = static_cast<uint16_t>(r.lane[i] + (difference < 0 ? -difference : difference));
      }
    }
    return vector<uint16_t, N>(r);
  }
  /// PCMPISTRI and PCMPESTRI. The lengths count where they are explicit; flags are all six, as in RFLAGS.
  struct StringIndex {
    Val<32> index;
    Val<64> flags;
  };
  static StringIndex vstringIndex(StringCompare how, Vec<128> a, Val<32> la, Vec<128> b, Val<32> lb) {
    const host::StringMatch match = host::compareStrings(how, a, la.s(), b, lb.s());
    return {{match.index}, {match.flags}};
  }
  /// PCMPISTRM and PCMPESTRM.
  struct StringMask {
    Vec<128> mask;
    Val<64> flags;
  };
  static StringMask vstringMask(StringCompare how, Vec<128> a, Val<32> la, Vec<128> b, Val<32> lb) {
    const host::StringMatch match = host::compareStrings(how, a, la.s(), b, lb.s());
    return {match.mask, {match.flags}};
  }
  /// PHMINPOSUW: the least word and its place.
  static Vec<128> vminPosition(Vec<128> v) {
    auto x = lanes<uint16_t>(v);
    Lanes<uint16_t, 128> r = {};
    r.lane[0] = x.lane[0];
    for (uint16_t i = 1; i < 8; ++i)
      if (x.lane[i] < r.lane[0]) {
        r.lane[0] = x.lane[i];
        r.lane[1] = i;
      }
    return vector<uint16_t, 128>(r);
  }

  //===--- Floating-point lanes ---===//

  template <unsigned L> static Val<L> fop(FOp op, Val<L> a, Val<L> b) {
    return bits<L>(compute(op, value<L>(a), value<L>(b)));
  }
  template <unsigned L, unsigned N> static Vec<N> fbin(FOp op, Bits<L>, Vec<N> a, Vec<N> b) {
    return by128<L>([op](auto x, auto y) { return compute(op, x, y); }, a, b);
  }
  /// ADDSUBPS: even lanes subtract, odd ones add.
  template <unsigned L, unsigned N> static Vec<N> faddSub(Bits<L>, Vec<N> a, Vec<N> b) {
    return by128<L>([](auto x, auto y) { return hostfp::addSub(x, y); }, a, b);
  }
  template <unsigned L> static Val<L> funary(FUnary op, Val<L> a) { return bits<L>(compute(op, value<L>(a))); }
  template <unsigned L, unsigned N> static Vec<N> funary(FUnary op, Bits<L>, Vec<N> a) {
    if (op == FUnary::Sqrt)
      return by128<L>([](auto x) { return hostfp::sqrt(x); }, a);
    auto x = lanes<F<L>>(a);
    for (F<L> &v : x.lane)
      v = compute(op, v);
    return vector<F<L>, N>(x);
  }
  /// VCMPPS's predicates 0 to 31 (SDM, CMPPD, Table 3-1): all ones or zeros.
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
  /// Lane by lane, as many as both vectors have; the result's others are zero. Integers
  /// have 32 bits.
  template <unsigned N, unsigned To, unsigned M> static Vec<N> vfromInt(Bits<N>, Bits<To> to, Vec<M> v) {
    return eachLane<N, To, 32>(v, [to](auto x) { return fromInt(to, x); });
  }
  template <unsigned N, unsigned From, unsigned M> static Vec<N> vtoInt(bool truncate, Bits<N>, Bits<From>, Vec<M> v) {
    return eachLane<N, 32, From>(v, [truncate](auto x) { return toInt(truncate, w32, x); });
  }
  template <unsigned N, unsigned To, unsigned From, unsigned M>
  static Vec<N> vresize(Bits<N>, Bits<To> to, Bits<From>, Vec<M> v) {
    return eachLane<N, To, From>(v, [to](auto x) { return fresize(to, x); });
  }
  /// VCVTPH2PS, of the low half's words, and VCVTPS2PH, \p mode being its immediate.
  static Vec<128> vfromHalf(Bits<128>, Vec<128> v) { return std::bit_cast<Vec<128>>(hostfp::fromHalf(std::bit_cast<__m128i>(v))); }
  static Vec<256> vfromHalf(Bits<256>, Vec<128> v) {
    return vjoin(vfromHalf(w128, v), vfromHalf(w128, Vec<128>{{v.q[1], 0}}));
  }
  static Vec<128> vtoHalf(unsigned mode, Vec<128> v) {
    return std::bit_cast<Vec<128>>(hostfp::toHalf(mode, std::bit_cast<hostfp::Float4>(v)));
  }
  static Vec<128> vtoHalf(unsigned mode, Vec<256> v) {
    return {{vtoHalf(mode, vhalf(v, 0)).q[0], vtoHalf(mode, vhalf(v, 1)).q[0]}};
  }

  /// The operands in the instruction's order.
  template <unsigned L> static Val<L> fma(FmaOp op, FmaOrder order, Val<L> a, Val<L> b, Val<L> c) {
    return inFmaOrder(order, a, b, c, [op](Val<L> x, Val<L> y, Val<L> z) {
      return bits<L>(fused(op, value<L>(x), value<L>(y), value<L>(z)));
    });
  }
  template <unsigned L, unsigned N> static Vec<N> fma(FmaOp op, FmaOrder order, Bits<L>, Vec<N> a, Vec<N> b, Vec<N> c) {
    return inFmaOrder(order, a, b, c, [op](Vec<N> x, Vec<N> y, Vec<N> z) {
      return by128<L>([op](auto p, auto q, auto r) { return fusedPacked(op, p, q, r); }, x, y, z);
    });
  }

  /// ROUNDPS.
  template <unsigned L, unsigned N> static Vec<N> vround(unsigned mode, Bits<L>, Vec<N> v) {
    return by128<L>([mode](auto x) { return hostfp::roundPacked(x, mode); }, v);
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
  template <unsigned L, class Fn, unsigned N, class... More> static Vec<N> by128(Fn f, Vec<N> a, More... more) {
    using V = std::conditional_t<L == 32, hostfp::Float4, hostfp::Double2>;
    struct Parts {
      V part[N / 128];
    };
    auto x = std::bit_cast<Parts>(a);
    for (unsigned i = 0; i < N / 128; ++i)
      x.part[i] = f(x.part[i], std::bit_cast<Parts>(more).part[i]...);
    return std::bit_cast<Vec<N>>(x);
  }
  template <unsigned N, unsigned To, unsigned From, unsigned M, class Fn> static Vec<N> eachLane(Vec<M> v, Fn f) {
    auto x = lanes<U<From>>(v);
    Lanes<U<To>, N> r = {};
    for (unsigned i = 0; i < std::min(N / To, M / From); ++i)
      r.lane[i] = f(Val<From>{x.lane[i]}).v;
    return vector<U<To>, N>(r);
  }
  template <unsigned L> static U<L> shifted(Shift how, U<L> v, uint64_t n) {
    if (how == Shift::Sar)
      return static_cast<U<L>>(static_cast<S<L>>(v) >> std::min<uint64_t>(n, L - 1));
    return n >= L ? 0 : static_cast<U<L>>(how == Shift::Shl ? v << n : v >> n);
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
    case VOp::Mul: return static_cast<U<L>>(uint64_t(a) * uint64_t(b));
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
  /// f(factor, factor, summand).
  template <class V, class Fn> static V inFmaOrder(FmaOrder order, V a, V b, V c, Fn f) {
    switch (order) {
    case FmaOrder::By132: return f(a, c, b);
    case FmaOrder::By213: return f(b, a, c);
    case FmaOrder::By231: return f(b, c, a);
    }
    __builtin_unreachable();
  }
  template <class T> static T fused(FmaOp op, T x, T y, T z) {
    switch (op) {
    case FmaOp::Add: return hostfp::fmadd(x, y, z);
    case FmaOp::Sub: return hostfp::fmsub(x, y, z);
    case FmaOp::NegatedAdd: return hostfp::fnmadd(x, y, z);
    case FmaOp::NegatedSub: return hostfp::fnmsub(x, y, z);
    default: __builtin_unreachable(); // packed only
    }
  }
  template <class T> static T fusedPacked(FmaOp op, T x, T y, T z) {
    switch (op) {
    case FmaOp::AddSub: return hostfp::fmaddsub(x, y, z);
    case FmaOp::SubAdd: return hostfp::fmsubadd(x, y, z);
    default: return fused(op, x, y, z);
    }
  }
  template <class T> static T rounded(unsigned mode, T a) { return hostfp::round(a, mode); }
};

} // namespace dbt::interp

#endif
