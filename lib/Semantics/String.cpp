//===- String.cpp - String instructions -----------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, 7.3.9. The operands are implicit: [RSI], whose segment can be
// overridden, and [RDI], whose cannot; with a 67 prefix ESI, EDI and ECX. Size
// 0 is the element's. Repeated forms are helpers (Helpers/Strings.cpp).

#include "Semantics/Family.h"
#include "Semantics/Helpers.h"

using namespace dbt;

namespace {

/// MOVS and the like with F3 or F2: both repeat.
constexpr FormFn repeated = [](const Insn &i) { return i.has(prefix::Rep | prefix::Repne); };

/// RSI or RDI at the address size, as a 64-bit value.
constexpr auto indexRegister = [](auto &m, Reg r) {
  return m.instruction().addrSize == 4 ? m.zext(w64, m.reg(w32, r)) : m.reg(w64, r);
};
constexpr auto sourceAddress = [](auto &m) {
  auto at = indexRegister(m, Reg::Rsi);
  Reg segment = m.instruction().segment;
  return segment == Reg::Fs || segment == Reg::Gs ? m.add(at, m.segmentBase(segment)) : at;
};
constexpr auto destAddress = [](auto &m) { return indexRegister(m, Reg::Rdi); };

/// Moves an index register to the next element.
constexpr auto advance = [](auto &m, auto w, Reg r) {
  auto move = [&](auto a) {
    uint64_t bytes = w.value / 8;
    auto step = m.select(m.direction(), m.constant(a, -bytes), m.constant(a, bytes));
    m.setReg(a, r, m.add(m.reg(a, r), step));
  };
  if (m.instruction().addrSize == 4)
    move(w32);
  else
    move(w64);
};

template <HelperFn Fn> constexpr auto repeat(const char *name) {
  return helper<Fn>(name, Isa::Base, "a loop of any length that a fault ends half-way").when(repeated).plain();
}

constexpr MakersDiffer RepeatedCompareDiffers = {
    "repeated: a fault half-way leaves the flags as they were before the first step",
    "repeated: a fault half-way finds the flags of the last step that was done",
    "SDM Vol. 2, REP; APM Vol. 3, 1.2.6 (each step is done for itself); measured on family 19h"};

} // namespace

DBT_FAMILY(String,
  repeat<helpers::repMovs>("movs"),
  repeat<helpers::repStos>("stos"),
  repeat<helpers::repLods>("lods"),
  repeat<helpers::repCmps>("cmps").makers(RepeatedCompareDiffers),
  repeat<helpers::repScas>("scas").makers(RepeatedCompareDiffers),
  gpr("movs", Isa::Base, [](auto &m, auto w) {
    m.store(w, destAddress(m), m.load(w, sourceAddress(m)));
    advance(m, w, Reg::Rsi);
    advance(m, w, Reg::Rdi);
  }),
  gpr("stos", Isa::Base, [](auto &m, auto w) {
    m.store(w, destAddress(m), m.reg(w, Reg::Rax));
    advance(m, w, Reg::Rdi);
  }),
  gpr("lods", Isa::Base, [](auto &m, auto w) {
    m.setReg(w, Reg::Rax, m.load(w, sourceAddress(m)));
    advance(m, w, Reg::Rsi);
  }),
  gpr("cmps", Isa::Base, [](auto &m, auto w) {
    auto a = m.load(w, sourceAddress(m));
    auto b = m.load(w, destAddress(m));
    advance(m, w, Reg::Rsi);
    advance(m, w, Reg::Rdi);
    m.setFlags(FlagKind::Sub, w, a, b);
  }),
  gpr("scas", Isa::Base, [](auto &m, auto w) {
    auto b = m.load(w, destAddress(m));
    auto a = m.reg(w, Reg::Rax);
    advance(m, w, Reg::Rdi);
    m.setFlags(FlagKind::Sub, w, a, b);
  }),
  fixed("xlatb", Isa::Base, [](auto &m) {
    auto base = m.instruction().addrSize == 4 ? m.zext(w64, m.reg(w32, Reg::Rbx)) : m.reg(w64, Reg::Rbx);
    auto at = m.add(base, m.zext(w64, m.reg(w8, Reg::Rax)));
    if (m.instruction().addrSize == 4)
      at = m.zext(w64, m.trunc(w32, at));
    Reg segment = m.instruction().segment;
    if (segment == Reg::Fs || segment == Reg::Gs)
      at = m.add(at, m.segmentBase(segment));
    m.setReg(w8, Reg::Rax, m.load(w8, at));
  }))
