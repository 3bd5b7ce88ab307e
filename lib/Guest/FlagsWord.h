//===- FlagsWord.h - RFLAGS as one word -------------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_FLAGSWORD_H
#define DBT_GUEST_FLAGSWORD_H

#include "Guest/CpuState.h"
#include "Guest/HostInts.h"

#include <initializer_list>

namespace dbt {

/// Calls \p f(kind, widthTag, a, b) with the thunk's parts as typed values.
template <class F> auto withFlags(const FlagState &flags, F f) {
  auto call = [&]<unsigned N>(Bits<N> w) {
    return f(flagKind(flags.op), w, host::HostInts::constant(w, flags.a),
             host::HostInts::constant(w, flags.b));
  };
  switch (flags.op & 3) {
  case 0: return call(w8);
  case 1: return call(w16);
  case 2: return call(w32);
  default: return call(w64);
  }
}

/// The status flags of a thunk at their RFLAGS positions.
inline uint32_t statusFlags(const FlagState &flags) {
  if (flagKind(flags.op) == FlagKind::Literal)
    return static_cast<uint32_t>(flags.a) & flag::Status;
  return withFlags(flags, [](FlagKind kind, auto w, auto a, auto b) {
    host::HostInts m;
    uint32_t word = 0;
    for (uint32_t f : {flag::CF, flag::PF, flag::AF, flag::ZF, flag::SF, flag::OF})
      if (computeFlag(m, kind, f, w, a, b).v)
        word |= f;
    return word;
  });
}

inline bool evaluate(const FlagState &flags, Cond cond) {
  return withFlags(flags, [cond](FlagKind kind, auto w, auto a, auto b) {
    host::HostInts m;
    return computeCond(m, kind, cond, w, a, b).v;
  });
}

/// Replaces the flags in \p mask (some of CF, OF and AF) by those of \p word
/// without computing the others: the result's flags stay a thunk. This is what
/// rotates, BT and STC do.
inline void replaceCarryFlags(FlagState &flags, uint32_t mask, uint64_t word) {
  auto pack = [](uint64_t rflags) {
    return (rflags & flag::CF) | (rflags & flag::OF) >> 10 | (rflags & flag::AF) >> 2;
  };
  if (flagKind(flags.op) == FlagKind::Literal) {
    flags.a = (flags.a & ~uint64_t(mask)) | (word & mask);
    return;
  }
  if (flagKind(flags.op) != FlagKind::Res)
    withFlags(flags, [&](FlagKind kind, auto w, auto a, auto b) {
      host::HostInts m;
      uint64_t kept = 0;
      for (uint32_t f : {flag::CF, flag::OF, flag::AF})
        if (!(mask & f) && computeFlag(m, kind, f, w, a, b).v)
          kept |= f;
      flags = {flagOp(FlagKind::Res, w.value), thunkResult(m, kind, w, a, b).v, pack(kept)};
    });
  flags.b = (flags.b & ~pack(mask)) | pack(word & mask);
}

/// RFLAGS as PUSHF and a signal frame show it: IF and bit 1 always set.
inline uint64_t rflags(const CpuState &s) {
  return 0x202 | statusFlags(s.flags) | (s.df ? flag::DF : 0) | s.otherFlags;
}

/// TF, NT, AC and ID: what POPF can set besides DF and the status flags.
inline constexpr uint64_t OtherFlagsMask = 1u << 8 | 1u << 14 | 1u << 18 | 1u << 21;

inline void setRflags(CpuState &s, uint64_t word) {
  s.flags = {flagOp(FlagKind::Literal, 64), word & flag::Status, 0};
  s.df = (word & flag::DF) != 0;
  s.otherFlags = static_cast<uint32_t>(word & OtherFlagsMask);
}

} // namespace dbt

#endif
