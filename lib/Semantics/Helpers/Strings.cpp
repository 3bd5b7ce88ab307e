//===- Strings.cpp - Repeated string instructions -------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Invariant: RCX, RSI and RDI always tell what has been done, so that a fault
// in the middle leaves them as the processor does and the instruction can be
// restarted. Moves and fills upwards go in chunks that end at page boundaries of
// either side: a chunk faults at its first byte or not at all.
//===----------------------------------------------------------------------===//

#include "Guest/FlagsWord.h"
#include "Guest/Vendor.h"
#include "Semantics/Helpers.h"
#include "Semantics/Helpers/Operands.h"

#include <algorithm>

namespace dbt::helpers {

namespace {

constexpr uint64_t PageSize = 4096;

/// The implicit operands, at the instruction's address size.
class Walk {
public:
  Walk(CpuState &s, const Insn &i)
      : s(s), narrow(i.addrSize == 4), size(i.size[0]),
        step(s.df ? -static_cast<int64_t>(size) : size),
        sourceBase(segmentBase(s, i.segment)) {}

  uint64_t count() const { return get(Reg::Rcx); }
  uint64_t source() const { return sourceBase + get(Reg::Rsi); }
  uint64_t dest() const { return get(Reg::Rdi); }
  bool upwards() const { return step > 0; }

  void done(uint64_t elements, bool moveSource, bool moveDest) {
    orderForFaults();
    if (moveSource)
      set(Reg::Rsi, get(Reg::Rsi) + elements * static_cast<uint64_t>(step));
    if (moveDest)
      set(Reg::Rdi, get(Reg::Rdi) + elements * static_cast<uint64_t>(step));
    set(Reg::Rcx, get(Reg::Rcx) - elements);
    orderForFaults();
  }

  /// How many elements from \p at up lie in its page: none if the first straddles.
  uint64_t inPage(uint64_t at) const { return (PageSize - at % PageSize) / size; }
  /// With 32-bit addresses, how many before the register wraps.
  uint64_t beforeWrap(Reg r) const {
    return narrow ? ((uint64_t(1) << 32) - get(r)) / size : ~uint64_t(0);
  }

private:
  uint64_t get(Reg r) const { return narrow ? static_cast<uint32_t>(s.reg(r)) : s.reg(r); }
  void set(Reg r, uint64_t v) { s.reg(r) = narrow ? static_cast<uint32_t>(v) : v; }

  CpuState &s;
  const bool narrow;
  const unsigned size;
  const int64_t step;
  const uint64_t sourceBase;
};

/// Calls f with a value of the element's type.
template <class F> auto bySize(const Insn &i, F f) {
  switch (i.size[0]) {
  case 1: return f(uint8_t());
  case 2: return f(uint16_t());
  case 4: return f(uint32_t());
  default: return f(uint64_t());
  }
}

template <class T> T element(uint64_t at) {
  T v;
  __builtin_memcpy(&v, pointer(at), sizeof v);
  orderForFaults();
  return v;
}

/// CMPS and SCAS: those of \p a and \p b at the last step.
template <class T> void setCompareFlags(CpuState &s, T a, T b) {
  s.flags = {flagOp(FlagKind::Sub, 8 * sizeof(T)), a, b};
}
/// Before a step. A fault half-way leaves the flags as they were (SDM Vol. 2, REP); on AMD's
/// processors they are those of the last step.
void restoreFlags(CpuState &s, const FlagState &before) {
  if (!guestIsAmd())
    s.flags = before;
  orderForFaults();
}

} // namespace

Trap repMovs(CpuState &s, const Insn &i) {
  Walk walk(s, i);
  bySize(i, [&](auto type) {
    using T = decltype(type);
    while (uint64_t left = walk.count()) {
      uint64_t from = walk.source(), to = walk.dest();
      uint64_t chunk = std::min({left, walk.inPage(from), walk.inPage(to), walk.beforeWrap(Reg::Rsi),
                                 walk.beforeWrap(Reg::Rdi)});
      // A destination just above the source repeats what was already moved: what
      // lies between is as much as one move can take.
      if (uint64_t distance = to - from; distance < chunk * sizeof(T))
        chunk = distance / sizeof(T);
      if (chunk < 2 || !walk.upwards()) {
        storeAs<T>(to, element<T>(from));
        walk.done(1, true, true);
        continue;
      }
      std::memmove(pointer(to), pointer(from), chunk * sizeof(T));
      walk.done(chunk, true, true);
    }
  });
  return Trap::None;
}

Trap repStos(CpuState &s, const Insn &i) {
  Walk walk(s, i);
  bySize(i, [&](auto type) {
    using T = decltype(type);
    auto value = static_cast<T>(s.reg(Reg::Rax));
    while (uint64_t left = walk.count()) {
      uint64_t to = walk.dest();
      uint64_t chunk = std::min({left, walk.inPage(to), walk.beforeWrap(Reg::Rdi)});
      if (chunk < 2 || !walk.upwards()) {
        storeAs<T>(to, value);
        walk.done(1, false, true);
        continue;
      }
      if constexpr (sizeof(T) == 1)
        std::memset(pointer(to), value, chunk);
      else
        for (uint64_t n = 0; n < chunk; ++n)
          storeAs<T>(to + n * sizeof(T), value);
      walk.done(chunk, false, true);
    }
  });
  return Trap::None;
}

Trap repLods(CpuState &s, const Insn &i) {
  Walk walk(s, i);
  bySize(i, [&](auto type) {
    using T = decltype(type);
    while (walk.count()) {
      T v = element<T>(walk.source());
      if constexpr (sizeof(T) < 4)
        std::memcpy(&s.reg(Reg::Rax), &v, sizeof v);
      else
        s.reg(Reg::Rax) = v;
      walk.done(1, true, false);
    }
  });
  return Trap::None;
}

Trap repCmps(CpuState &s, const Insn &i) {
  Walk walk(s, i);
  const bool whileEqual = !i.has(prefix::Repne);
  const FlagState before = s.flags;
  bySize(i, [&](auto type) {
    using T = decltype(type);
    while (walk.count()) {
      restoreFlags(s, before);
      T a = element<T>(walk.source()), b = element<T>(walk.dest());
      walk.done(1, true, true);
      setCompareFlags(s, a, b);
      if ((a == b) != whileEqual)
        break;
    }
  });
  return Trap::None;
}

Trap repScas(CpuState &s, const Insn &i) {
  Walk walk(s, i);
  const bool whileEqual = !i.has(prefix::Repne);
  const FlagState before = s.flags;
  bySize(i, [&](auto type) {
    using T = decltype(type);
    auto a = static_cast<T>(s.reg(Reg::Rax));
    while (walk.count()) {
      restoreFlags(s, before);
      T b = element<T>(walk.dest());
      walk.done(1, false, true);
      setCompareFlags(s, a, b);
      if ((a == b) != whileEqual)
        break;
    }
  });
  return Trap::None;
}

} // namespace dbt::helpers
