//===- SseString.cpp - SSE4.2 string comparison, CRC32, odd ones of SSE4.1 ===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Semantics/SimdOperands.h"

using namespace dbt;

namespace {

/// A length that RAX or RDX gives. No operand has more than sixteen elements.
constexpr auto givenLength = [](auto &m, Reg r) {
  if (!m.instruction().has(prefix::RexW))
    return m.reg(w32, r);
  auto length = m.reg(w64, r), most = m.constant(w64, 16), least = m.neg(most);
  length = m.select(m.slt(length, least), least, length);
  return m.trunc(w32, m.select(m.slt(most, length), most, length));
};

template <bool IsExplicit, bool ToMask> constexpr auto compareStrings = [](auto &m) {
  const StringCompare how = {IsExplicit, immediate(m.instruction())};
  auto b = m.readVec(w128, 1, Alignment::Unaligned), a = m.readVec(w128, 0);
  auto lengthA = IsExplicit ? givenLength(m, Reg::Rax) : m.constant(w32, 0);
  auto lengthB = IsExplicit ? givenLength(m, Reg::Rdx) : m.constant(w32, 0);
  if constexpr (ToMask) {
    auto [mask, flags] = m.vstringMask(how, a, lengthA, b, lengthB);
    m.setVecReg(w128, Reg::Xmm0, mask);
    m.setFlags(FlagKind::Literal, w64, flags, m.constant(w64, 0));
  } else {
    auto [index, flags] = m.vstringIndex(how, a, lengthA, b, lengthB);
    m.setReg(w32, Reg::Rcx, index);
    m.setFlags(FlagKind::Literal, w64, flags, m.constant(w64, 0));
  }
};

} // namespace

DBT_FAMILY(SseString,
  both(fixed("vpcmpistri", Isa::Sse42, compareStrings<false, false>)),
  both(fixed("vpcmpistrm", Isa::Sse42, compareStrings<false, true>)),
  both(fixed("vpcmpestri", Isa::Sse42, compareStrings<true, false>)),
  both(fixed("vpcmpestrm", Isa::Sse42, compareStrings<true, true>)),
  gprBySource("crc32", Isa::Sse42, [](auto &m, auto w) {
    const Reg to = m.instruction().reg[0];
    m.setReg(w32, to, m.crc32(m.reg(w32, to), m.read(w, 1)));
  }),
  simdInt("vmpsadbw", Isa::Sse41, [](auto &m, auto w) {
    auto [a, b] = sources(m, w);
    m.writeVec(w, 0, m.vmpsad(immediate(m.instruction()), a, b));
  }),
  simdFixed("vphminposuw", Isa::Sse41, [](auto &m) { m.writeVec(w128, 0, m.vminPosition(m.readVec(w128, 1))); }))
