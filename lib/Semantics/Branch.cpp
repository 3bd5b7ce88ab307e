//===- Branch.cpp - Control transfer and condition codes ------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, 7.3.8 and Appendix B.

#include "Semantics/Family.h"

using namespace dbt;

namespace {

template <Cond C> constexpr auto jcc = [](auto &m) { m.jumpIf(m.condition(C)); };
template <Cond C> constexpr auto setcc = [](auto &m) {
  m.write(w8, 0, m.fromBool(w8, m.condition(C)));
};
/// The source is read, and a 32-bit destination zero-extended, in any case.
template <Cond C> constexpr auto cmovcc = [](auto &m, auto w) {
  auto source = m.read(w, 1);
  m.write(w, 0, m.select(m.condition(C), source, m.read(w, 0)));
};

constexpr auto pushReturn = [](auto &m) {
  auto sp = m.sub(m.reg(w64, Reg::Rsp), m.constant(w64, 8));
  m.store(w64, sp, m.nextPc());
  m.setReg(w64, Reg::Rsp, sp);
};

/// What RET removes from the stack behind the return address.
inline uint64_t popped(const Insn &insn) { return insn.numOps ? static_cast<uint16_t>(insn.imm) : 0; }

/// LOOPcc: counts RCX (ECX with a 67 prefix) down without touching flags.
constexpr auto loop = [](auto &m, auto condition) {
  auto count = [&](auto w) {
    auto left = m.sub(m.reg(w, Reg::Rcx), m.constant(w, 1));
    auto taken = m.and_(m.ne(left, m.constant(w, 0)), condition);
    m.setReg(w, Reg::Rcx, left);
    m.jumpIf(taken);
  };
  if (m.instruction().addrSize == 4)
    count(w32);
  else
    count(w64);
};

/// With 66 in front of it on AMD's processors; to Intel's the decoder drops 66.
constexpr FormFn narrow = [](const Insn &i) { return i.has(prefix::OpSize); };
constexpr MakersDiffer NarrowDiffers = {
    "66 in front of a near branch is ignored",
    "66, without REX.W, makes the operand 16 bits: RIP is truncated, a displacement of 32 bits has 16, CALL pushes and RET pops two bytes",
    "SDM Vol. 2, CALL, JMP, Jcc and RET (in 64-bit mode the operand size is forced to 64 bits); APM Vol. 1, 3.7.9"};
constexpr MakersDiffer LoopDiffers = {
    "F2 and F3 in front of LOOPE and LOOPNE are ignored", "F3 makes LOOPE of LOOPNE, F2 makes LOOPNE of LOOPE",
    "no manual defines it (SDM Vol. 2, 2.1.1; APM Vol. 3, 1.2.6); measured on family 19h"};
constexpr MakersDiffer PauseDiffers = {"F3 90 is PAUSE, with REX.B, too", "with REX.B it is XCHG of R8 and RAX",
                                       "SDM Vol. 2, PAUSE; APM Vol. 3, PAUSE; measured on family 19h"};

#define DBT_CONDITION(suffix, cond)                                                                \
  fixed("j" suffix, Isa::Base, jcc<cond>).when(narrow).makers(NarrowDiffers), fixed("j" suffix, Isa::Base, jcc<cond>).byFlags(),                                               \
      fixed("set" suffix, Isa::Base, setcc<cond>).byFlags(),                                       \
      gpr<16, 32, 64>("cmov" suffix, Isa::Cmov, cmovcc<cond>).hot()

} // namespace

DBT_FAMILY(Branch,
  DBT_CONDITION("o", Cond::O), DBT_CONDITION("no", Cond::NO), DBT_CONDITION("b", Cond::B),
  DBT_CONDITION("ae", Cond::AE), DBT_CONDITION("e", Cond::E), DBT_CONDITION("ne", Cond::NE),
  DBT_CONDITION("be", Cond::BE), DBT_CONDITION("a", Cond::A), DBT_CONDITION("s", Cond::S),
  DBT_CONDITION("ns", Cond::NS), DBT_CONDITION("p", Cond::P), DBT_CONDITION("np", Cond::NP),
  DBT_CONDITION("l", Cond::L), DBT_CONDITION("ge", Cond::GE), DBT_CONDITION("le", Cond::LE),
  DBT_CONDITION("g", Cond::G),
  fixed("jmp", Isa::Base, [](auto &m) {
    if (m.instruction().kind[0] == OpKind::Imm)
      m.jump();
    else
      m.jumpTo(m.zext(w64, m.read(w16, 0)));
  }).when(narrow).makers(NarrowDiffers),
  fixed("call", Isa::Base, [](auto &m) {
    const bool direct = m.instruction().kind[0] == OpKind::Imm;
    auto target = direct ? m.constant(w16, 0) : m.read(w16, 0);
    auto sp = m.sub(m.reg(w64, Reg::Rsp), m.constant(w64, 2));
    m.store(w16, sp, m.trunc(w16, m.nextPc()));
    m.setReg(w64, Reg::Rsp, sp);
    if (direct)
      m.jump();
    else
      m.jumpTo(m.zext(w64, target));
  }).when(narrow).makers(NarrowDiffers),
  fixed("ret", Isa::Base, [](auto &m) {
    auto sp = m.reg(w64, Reg::Rsp);
    auto target = m.load(w16, sp);
    m.setReg(w64, Reg::Rsp, m.add(sp, m.constant(w64, 2 + popped(m.instruction()))));
    m.jumpTo(m.zext(w64, target));
  }).when(narrow).makers(NarrowDiffers),
  fixed("jmp", Isa::Base, [](auto &m) {
    if (m.instruction().kind[0] == OpKind::Imm)
      m.jump();
    else
      m.jumpTo(m.read(w64, 0));
  }),
  fixed("call", Isa::Base, [](auto &m) {
    if (m.instruction().kind[0] == OpKind::Imm) {
      pushReturn(m);
      m.call();
    } else {
      auto target = m.read(w64, 0); // before RSP moves
      pushReturn(m);
      m.callTo(target);
    }
  }),
  fixed("ret", Isa::Base, [](auto &m) {
    auto sp = m.reg(w64, Reg::Rsp);
    auto target = m.load(w64, sp);
    m.setReg(w64, Reg::Rsp, m.add(sp, m.constant(w64, 8 + popped(m.instruction()))));
    m.retTo(target);
  }),
  fixed("jrcxz", Isa::Base, [](auto &m) { m.jumpIf(m.eq(m.reg(w64, Reg::Rcx), m.constant(w64, 0))); }),
  fixed("jecxz", Isa::Base, [](auto &m) { m.jumpIf(m.eq(m.reg(w32, Reg::Rcx), m.constant(w32, 0))); }),
  fixed("loop", Isa::Base, [](auto &m) { loop(m, m.boolean(true)); }),
  fixed("loope", Isa::Base, [](auto &m) { loop(m, m.flag(flag::ZF)); }).makers(LoopDiffers),
  fixed("loopne", Isa::Base, [](auto &m) { loop(m, m.not_(m.flag(flag::ZF))); }).makers(LoopDiffers),
  fixed("syscall", Isa::Base, [](auto &m) { m.syscall(); }),
  fixed("ud2", Isa::Base, [](auto &m) { m.trap(Trap::UD); }),
  fixed("hlt", Isa::Base, [](auto &m) { m.trap(Trap::GP); }),
  fixed("int3", Isa::Base, [](auto &m) { m.trap(Trap::BP); }),
  fixed("nop", Isa::Base, [](auto &m) {}),
  fixed("endbr64", Isa::Base, [](auto &m) {}),
  fixed("pause", Isa::Base, [](auto &m) { m.pause(); }).makers(PauseDiffers),
  fixed("clc", Isa::Base, [](auto &m) { m.setFlagBits(flag::CF, m.constant(w64, 0)); }),
  fixed("stc", Isa::Base, [](auto &m) { m.setFlagBits(flag::CF, m.constant(w64, flag::CF)); }),
  fixed("cmc", Isa::Base, [](auto &m) {
    m.setFlagBits(flag::CF, m.fromBool(w64, m.not_(m.flag(flag::CF))));
  }),
  fixed("cld", Isa::Base, [](auto &m) { m.setDirection(false); }),
  fixed("std", Isa::Base, [](auto &m) { m.setDirection(true); }))
