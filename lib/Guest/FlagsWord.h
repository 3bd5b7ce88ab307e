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
#include <utility>

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

/// One flag or condition as a function of a thunk's values, for each op. A call
/// through this table is several times as fast as finding out about kind and width
/// on the spot.
using FlagFunction = bool (*)(uint64_t a, uint64_t b);

namespace flagTable {
inline constexpr unsigned NumOps = 8 * 4;

template <unsigned Op, class F> bool function(uint64_t a, uint64_t b) {
  constexpr Bits<flagBits(Op)> w;
  host::HostInts m;
  return F::compute(m, flagKind(Op), w, host::HostInts::constant(w, a), host::HostInts::constant(w, b)).v;
}
template <class F, class Seq = std::make_index_sequence<NumOps>> struct Table;
template <class F, size_t... Op> struct Table<F, std::index_sequence<Op...>> {
  static constexpr FlagFunction Entries[NumOps] = {&function<Op, F>...};
};
template <uint32_t Which> struct Flag {
  static auto compute(auto &m, FlagKind kind, auto w, auto a, auto b) { return computeFlag(m, kind, Which, w, a, b); }
};
template <Cond C> struct Condition {
  static auto compute(auto &m, FlagKind kind, auto w, auto a, auto b) { return computeCond(m, kind, C, w, a, b); }
};
template <class Seq = std::make_index_sequence<16>> struct Conditions;
template <size_t... C> struct Conditions<std::index_sequence<C...>> {
  static constexpr const FlagFunction *Tables[] = {Table<Condition<static_cast<Cond>(C)>>::Entries...};
};
} // namespace flagTable

template <uint32_t Which> bool evaluateFlag(const FlagState &flags) {
  // INC, DEC, ADC, RCL and the like ask for CF, mostly of these.
  if constexpr (Which == flag::CF) {
    if (flagKind(flags.op) >= FlagKind::Res)
      return flags.b & 1;
    if (flagKind(flags.op) == FlagKind::Sub)
      return flags.a < flags.b;
  }
  return flagTable::Table<flagTable::Flag<Which>>::Entries[flags.op](flags.a, flags.b);
}
/// \p which is usually a constant.
inline bool evaluateFlag(const FlagState &flags, uint32_t which) {
  switch (which) {
  case flag::CF: return evaluateFlag<flag::CF>(flags);
  case flag::PF: return evaluateFlag<flag::PF>(flags);
  case flag::AF: return evaluateFlag<flag::AF>(flags);
  case flag::ZF: return evaluateFlag<flag::ZF>(flags);
  case flag::SF: return evaluateFlag<flag::SF>(flags);
  default: return evaluateFlag<flag::OF>(flags);
  }
}

inline bool evaluate(const FlagState &flags, Cond cond) {
  return flagTable::Conditions<>::Tables[static_cast<unsigned>(cond)][flags.op](flags.a, flags.b);
}

/// The same flags as a Res thunk (of one that is no Literal).
__attribute__((noinline)) inline FlagState resultFlags(const FlagState &flags) {
  return withFlags(flags, [](FlagKind kind, auto w, auto a, auto b) -> FlagState {
    host::HostInts m;
    uint64_t bits = 0;
    bits |= computeFlag(m, kind, flag::CF, w, a, b).v;
    bits |= uint64_t(computeFlag(m, kind, flag::OF, w, a, b).v) << 1;
    bits |= uint64_t(computeFlag(m, kind, flag::AF, w, a, b).v) << 2;
    return {flagOp(FlagKind::Res, w.value), thunkResult(m, kind, w, a, b).v, bits};
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
    flags = resultFlags(flags);
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
