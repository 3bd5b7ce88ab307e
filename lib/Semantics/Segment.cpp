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

/// Offsets in far pointers have 32 bits on AMD's processors where they have 64 on Intel's.
inline bool farOffsetsAreNarrow(const Insn &insn) { return guestIsAmd() && insn.has(prefix::RexW); }

/// JMP and CALL through a far pointer in memory: the selector is behind the offset, and
/// its RPL does not matter.
template <bool Call> constexpr auto farTransfer = [](auto &m) {
  atOperandSize<32>(m, [&](auto w) {
    auto at = m.address();
    const bool isNarrow = farOffsetsAreNarrow(m.instruction());
    auto target = isNarrow ? m.zext(w64, m.load(w32, at)) : m.zext(w64, m.load(w, at));
    auto selectorAt = m.add(at, m.constant(w64, isNarrow ? 4 : w.value / 8));
    auto cs = m.or_(m.load(w16, selectorAt), m.constant(w16, 3));
    checkCode(m, cs);
    if constexpr (Call) {
      auto size = m.constant(w64, w.value / 8), sp = m.sub(m.reg(w64, Reg::Rsp), size), below = m.sub(sp, size);
      m.store(w, below, m.trunc(w, m.nextPc()));
      m.store(w, sp, m.constant(w, CodeSelector));
      m.setReg(w64, Reg::Rsp, below);
    }
    m.jumpTo(target);
  });
};

/// Whether a selector's privilege is another one than 3.
constexpr auto isOuter = [](auto &m, auto cs) { return m.ne(m.and_(cs, m.constant(w16, 3)), m.constant(w16, 3)); };

constexpr auto farReturn = [](auto &m) {
  atOperandSize<32>(m, [&](auto w) {
    constexpr unsigned Bytes = w.value / 8;
    auto sp = m.reg(w64, Reg::Rsp);
    auto target = m.load(w, sp);
    auto cs = m.load(w16, m.add(sp, m.constant(w64, Bytes)));
    const uint64_t more = m.instruction().numOps ? static_cast<uint16_t>(m.instruction().imm) : 0;
    if (guestIsAmd())
      m.load(w16, m.select(isOuter(m, cs), m.add(sp, m.constant(w64, 3 * Bytes + more)), sp)); // SS
    checkCode(m, cs);
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

constexpr MakersDiffer FarDiffers = {
    "with REX.W the pointer in memory is a selector behind 64 bits",
    "with REX.W it is a selector behind 32 bits, as without; CALL pushes 64 bits",
    "SDM Vol. 2, JMP, CALL and LDS/LES/LFS/LGS/LSS (m16:64); APM Vol. 3, JMP (Far), CALL (Far) and LFS (no 64-bit offset)"};
constexpr MakersDiffer FarReturnDiffers = {
    "a selector of another privilege raises #GP", "the outer stack's selector is read before that, and may fault",
    "SDM Vol. 2, RET; APM Vol. 3, RET (Far), Action"};

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
  withSelector<helpers::loadFarPointer<Reg::Ss>>("lss").makers(FarDiffers),
  withSelector<helpers::loadFarPointer<Reg::Fs>>("lfs").makers(FarDiffers),
  withSelector<helpers::loadFarPointer<Reg::Gs>>("lgs").makers(FarDiffers),
  fixed("ljmp", Isa::Base, farTransfer<false>).makers(FarDiffers), fixed("lcall", Isa::Base, farTransfer<true>).makers(FarDiffers),
  fixed("retf", Isa::Base, farReturn).makers(FarReturnDiffers), fixed("retfq", Isa::Base, farReturn).makers(FarReturnDiffers),
  fixed("iret", Isa::Base, interruptReturn).interpreted(WritesRflags), fixed("iretd", Isa::Base, interruptReturn).interpreted(WritesRflags),
  fixed("iretq", Isa::Base, interruptReturn).interpreted(WritesRflags))
