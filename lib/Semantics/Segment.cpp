//===- Segment.cpp - Segment registers and far transfers ------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, 7.3.16. A 64-bit program may load the selectors that Linux has, which
// have base 0, and null ones. Far transfers stay in the 64-bit code segment or leave
// for the 32-bit one, which dbt does not have; all others raise #GP.

#include "Semantics/Family.h"
#include "Semantics/Helpers.h"

using namespace dbt;

namespace {

constexpr uint64_t CodeSelector = 0x33, StackSelector = 0x2b, Code32Selector = 0x23;

/// CS and SS never change; the others are CpuState's.
constexpr FormFn fromConstant = [](const Insn &i) { return i.reg[1] == Reg::Cs || i.reg[1] == Reg::Ss; };
constexpr FormFn withSegment = [](const Insn &i) { return isSegment(i.reg[0]) || isSegment(i.reg[1]); };

/// f(w) at the operand size of an instruction whose default is \p Default bits.
template <unsigned Default, class M, class F> void atOperandSize(M &m, F f) {
  const Insn &insn = m.instruction();
  if (insn.has(prefix::RexW))
    f(w64);
  else if (insn.has(prefix::OpSize))
    f(w16);
  else
    f(Bits<Default>{});
}

constexpr auto checkCode = [](auto &m, auto cs) {
  m.trapIf(m.eq(cs, m.constant(w16, Code32Selector)), Trap::Unimplemented);
  m.trapIf(m.ne(cs, m.constant(w16, CodeSelector)), Trap::GP);
};

/// JMP and CALL through a far pointer in memory: the selector is behind the offset, and
/// its RPL does not matter.
template <bool Call> constexpr auto farTransfer = [](auto &m) {
  atOperandSize<32>(m, [&](auto w) {
    auto at = m.address();
    auto target = m.load(w, at);
    auto cs = m.or_(m.load(w16, m.add(at, m.constant(w64, w.value / 8))), m.constant(w16, 3));
    checkCode(m, cs);
    if constexpr (Call) {
      auto size = m.constant(w64, w.value / 8), sp = m.sub(m.reg(w64, Reg::Rsp), size), below = m.sub(sp, size);
      m.store(w, below, m.trunc(w, m.nextPc()));
      m.store(w, sp, m.constant(w, CodeSelector));
      m.setReg(w64, Reg::Rsp, below);
    }
    m.jumpTo(m.zext(w64, target));
  });
};

constexpr auto farReturn = [](auto &m) {
  atOperandSize<32>(m, [&](auto w) {
    constexpr unsigned Bytes = w.value / 8;
    auto sp = m.reg(w64, Reg::Rsp);
    auto target = m.load(w, sp);
    checkCode(m, m.load(w16, m.add(sp, m.constant(w64, Bytes))));
    const uint64_t more = m.instruction().numOps ? static_cast<uint16_t>(m.instruction().imm) : 0;
    m.setReg(w64, Reg::Rsp, m.add(sp, m.constant(w64, 2 * Bytes + more)));
    m.jumpTo(m.zext(w64, target));
  });
};

/// RIP, CS, RFLAGS, RSP and SS from the stack.
constexpr auto interruptReturn = [](auto &m) {
  atOperandSize<32>(m, [&](auto w) {
    auto at = [&](unsigned n) { return m.add(m.reg(w64, Reg::Rsp), m.constant(w64, n * (w.value / 8))); };
    auto target = m.load(w, at(0));
    checkCode(m, m.load(w16, at(1)));
    auto flags = m.zext(w64, m.load(w, at(2)));
    auto sp = m.zext(w64, m.load(w, at(3)));
    m.trapIf(m.ne(m.load(w16, at(4)), m.constant(w16, StackSelector)), Trap::GP);
    // TF: single-stepping oneself.
    m.trapIf(m.ne(m.and_(flags, m.constant(w64, 0x100)), m.constant(w64, 0)), Trap::Unimplemented);
    m.setRflagsWord(flags);
    m.setReg(w64, Reg::Rsp, sp);
    m.jumpTo(m.zext(w64, target));
  });
};

template <HelperFn Fn> constexpr auto withSelector(const char *name) {
  return helper<Fn>(name, Isa::Base, "rare; loads check the selector and have it decide about the base");
}
constexpr const char *WritesRflags = "rare; writes flags that compiled code does not keep";

} // namespace

DBT_FAMILY(Segment,
  // A 16-bit store of a selector to memory, any register width.
  gpr<16, 32, 64>("mov", Isa::Base, [](auto &m, auto w) {
    m.write(w, 0, m.constant(w, m.instruction().reg[1] == Reg::Cs ? CodeSelector : StackSelector));
  }).when(fromConstant),
  withSelector<helpers::moveSegment>("mov").when(withSegment),
  withSelector<helpers::pushSegment>("push").when(withSegment),
  withSelector<helpers::popSegment>("pop").when(withSegment),
  withSelector<helpers::loadFarPointer<Reg::Ss>>("lss"), withSelector<helpers::loadFarPointer<Reg::Fs>>("lfs"),
  withSelector<helpers::loadFarPointer<Reg::Gs>>("lgs"),
  fixed("ljmp", Isa::Base, farTransfer<false>), fixed("lcall", Isa::Base, farTransfer<true>),
  fixed("retf", Isa::Base, farReturn), fixed("retfq", Isa::Base, farReturn),
  fixed("iret", Isa::Base, interruptReturn).interpreted(WritesRflags), fixed("iretd", Isa::Base, interruptReturn).interpreted(WritesRflags),
  fixed("iretq", Isa::Base, interruptReturn).interpreted(WritesRflags))
