//===- Move.cpp - Data movement between registers and memory --------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, 7.3.1. Stack instructions write memory before RSP, so that a
// fault leaves RSP as it was.

#include "Semantics/Family.h"

using namespace dbt;

namespace {

/// ENTER: saves RBP, then copies the frame pointers of the enclosing procedures and adds its own.
constexpr auto enter = [](auto &m, auto w) {
  constexpr unsigned Bytes = w.value / 8;
  const unsigned level = m.instruction().imm2 % 32;
  auto frame = m.reg(w64, Reg::Rbp), sp = m.reg(w64, Reg::Rsp);
  auto below = [&](auto at, uint64_t n) { return m.sub(at, m.constant(w64, n)); };
  auto pushed = below(sp, Bytes);
  m.store(w, pushed, m.trunc(w, frame));
  for (unsigned n = 1; n < level; ++n)
    m.store(w, below(pushed, Bytes * n), m.load(w, below(frame, Bytes * n)));
  if (level)
    m.store(w, below(pushed, Bytes * level), m.trunc(w, pushed));
  auto top = below(pushed, Bytes * level + static_cast<uint16_t>(m.instruction().imm));
  m.probeStore(top);
  m.setReg(w, Reg::Rbp, m.trunc(w, pushed));
  m.setReg(w64, Reg::Rsp, top);
};

constexpr auto push = [](auto &m, auto w, auto value) {
  auto sp = m.sub(m.reg(w64, Reg::Rsp), m.constant(w64, w.value / 8));
  m.store(w, sp, value);
  m.setReg(w64, Reg::Rsp, sp);
};

/// Segment registers are the Segment family's business, control and debug registers the
/// System family's.
constexpr FormFn ordinary = [](const Insn &i) {
  auto isSystem = [](Reg r) { return isSegment(r) || r >= Reg::Cr0; };
  return !isSystem(i.reg[0]) && !isSystem(i.reg[1]);
};

constexpr MakersDiffer MovsxdDiffers = {"with 66 two bytes are read", "with 66 four bytes are read, of which two are written",
                                        "SDM Vol. 2, MOVSXD (r16, r/m16); APM Vol. 3, MOVSXD (reg16, reg/mem32)"};

} // namespace

DBT_FAMILY(Move,
  gpr("mov", Isa::Base, [](auto &m, auto w) { m.write(w, 0, m.read(w, 1)); })
      .when(ordinary)
      .hot(),
  gpr2("movzx", Isa::Base, [](auto &m, auto dst, auto src) {
    if constexpr (dst.value >= src.value)
      m.write(dst, 0, m.zext(dst, m.read(src, 1)));
  }).hot(),
  gpr2("movsx", Isa::Base, [](auto &m, auto dst, auto src) {
    if constexpr (dst.value >= src.value)
      m.write(dst, 0, m.sext(dst, m.read(src, 1)));
  }).hot(),
  gpr2("movsxd", Isa::Base, [](auto &m, auto dst, auto src) {
    if constexpr (dst.value >= src.value)
      m.write(dst, 0, m.sext(dst, m.read(src, 1)));
    else
      m.write(dst, 0, m.trunc(dst, m.read(src, 1)));
  }).hot().makers(MovsxdDiffers),
  gpr<16, 32, 64>("lea", Isa::Base, [](auto &m, auto w) { m.write(w, 0, m.trunc(w, m.offset())); }).hot(),
  gpr("xchg", Isa::Base, [](auto &m, auto w) {
    auto b = m.read(w, 1);
    auto [a, r] = m.update(Rmw::Xchg, w, 0, b);
    m.write(w, 1, a);
  }),
  gpr<16, 64>("push", Isa::Base, [](auto &m, auto w) { push(m, w, m.read(w, 0)); }).when(ordinary).hotUnary(),
  // POP writes its operand after RSP has moved: an address made with RSP uses
  // the new value (SDM, POP), and POP RSP keeps the value read.
  gpr<16, 64>("pop", Isa::Base, [](auto &m, auto w) {
    auto old = m.reg(w64, Reg::Rsp);
    auto value = m.load(w, old);
    auto sp = m.add(old, m.constant(w64, w.value / 8));
    if (m.instruction().kind[0] == OpKind::Mem) {
      auto extra = m.constant(w64, m.instruction().base == Reg::Rsp ? w.value / 8 : 0);
      m.store(w, m.add(m.address(), extra), value);
      m.setReg(w64, Reg::Rsp, sp);
    } else {
      m.setReg(w64, Reg::Rsp, sp);
      m.write(w, 0, value);
    }
  }).when(ordinary).hotUnary(),
  fixed("enter", Isa::Base, [](auto &m) {
    if (m.instruction().has(prefix::OpSize))
      enter(m, w16);
    else
      enter(m, w64);
  }),
  fixed("leave", Isa::Base, [](auto &m) {
    auto frame = m.reg(w64, Reg::Rbp);
    auto leave = [&](auto w) {
      auto value = m.load(w, frame);
      m.setReg(w64, Reg::Rsp, m.add(frame, m.constant(w64, w.value / 8)));
      m.setReg(w, Reg::Rbp, value);
    };
    if (m.instruction().has(prefix::OpSize))
      leave(w16);
    else
      leave(w64);
  }),
  fixed("cdqe", Isa::Base, [](auto &m) { m.setReg(w64, Reg::Rax, m.sext(w64, m.reg(w32, Reg::Rax))); }),
  fixed("cwde", Isa::Base, [](auto &m) { m.setReg(w32, Reg::Rax, m.sext(w32, m.reg(w16, Reg::Rax))); }),
  fixed("cbw", Isa::Base, [](auto &m) { m.setReg(w16, Reg::Rax, m.sext(w16, m.reg(w8, Reg::Rax))); }),
  fixed("cqo", Isa::Base, [](auto &m) {
    m.setReg(w64, Reg::Rdx, m.ashr(m.reg(w64, Reg::Rax), m.constant(w64, 63)));
  }),
  fixed("cdq", Isa::Base, [](auto &m) {
    m.setReg(w32, Reg::Rdx, m.ashr(m.reg(w32, Reg::Rax), m.constant(w32, 31)));
  }),
  fixed("cwd", Isa::Base, [](auto &m) {
    m.setReg(w16, Reg::Rdx, m.ashr(m.reg(w16, Reg::Rax), m.constant(w16, 15)));
  }),
  gpr<16, 32, 64>("movbe", Isa::Movbe, [](auto &m, auto w) { m.write(w, 0, m.bswap(m.read(w, 1))); }),
  gpr<16, 32, 64>("bswap", Isa::Base, [](auto &m, auto w) {
    if constexpr (w.value == 16)
      m.write(w, 0, m.constant(w, 0)); // undefined, and this is what processors do
    else
      m.write(w, 0, m.bswap(m.read(w, 0)));
  }))
