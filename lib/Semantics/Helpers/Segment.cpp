//===- Segment.cpp - Loading and storing segment registers ----------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The host knows which selectors there are: Linux gives all processes the same
// descriptors, and all of them that a program may load have base 0.

#include "Guest/Host/HostCpu.h"
#include "Guest/Vendor.h"
#include "Semantics/Helpers.h"
#include "Semantics/Helpers/Operands.h"

namespace dbt::helpers {

namespace {

uint16_t &selectorOf(CpuState &s, Reg r) { return s.selectors[number(r) - number(Reg::Es)]; }

/// SDM Vol. 2, MOV: what keeps \p selector out of \p r, at privilege level 3.
Trap check(Reg r, uint16_t selector) {
  const bool isStack = r == Reg::Ss;
  if (selector < 4)
    return isStack ? Trap::GP : Trap::None;
  uint64_t rights;
  if (!host::querySegment(host::SegmentQuery::Rights, selector, rights))
    return Trap::GP;
  // As in a descriptor: type in bits 8 to 11 (8: code, 2 of it: readable, of data:
  // writable), S in 12, P in 15.
  const bool isCode = rights & 0x800, allows = rights & 0x200, isSegment = rights & 0x1000;
  if (!isSegment || (isStack ? isCode || !allows || selector % 4 != 3 : isCode && !allows))
    return Trap::GP;
  return rights & 0x8000 ? Trap::None : isStack ? Trap::SS : Trap::NP;
}

void load(CpuState &s, Reg r, uint16_t selector) {
  selectorOf(s, r) = selector;
  if (r == Reg::Fs)
    s.fsBase = 0;
  if (r == Reg::Gs)
    s.gsBase = 0;
}

unsigned stackBytes(const Insn &i) { return i.has(prefix::OpSize) && !i.has(prefix::RexW) ? 2 : 8; }

void writeRegister(CpuState &s, Reg r, unsigned bytes, uint64_t value) {
  if (bytes == 2)
    std::memcpy(&s.reg(r), &value, 2);
  else
    s.reg(r) = bytes == 4 ? static_cast<uint32_t>(value) : value;
}

} // namespace

Trap moveSegment(CpuState &s, const Insn &i) {
  if (i.reg[0] == Reg::Cs)
    return Trap::UD; // whatever the operand is
  if (isSegment(i.reg[0])) {
    const auto selector =
        i.kind[1] == OpKind::Reg ? static_cast<uint16_t>(s.reg(i.reg[1])) : loadAs<uint16_t>(address(s, i));
    const Trap trap = check(i.reg[0], selector);
    if (trap == Trap::None)
      load(s, i.reg[0], selector);
    return trap;
  }
  const uint16_t selector = selectorOf(s, i.reg[1]);
  if (i.kind[0] == OpKind::Mem)
    storeAs(address(s, i), selector);
  else
    writeRegister(s, i.reg[0], i.size[0], selector);
  return Trap::None;
}

Trap pushSegment(CpuState &s, const Insn &i) {
  const unsigned bytes = stackBytes(i);
  const uint64_t sp = s.reg(Reg::Rsp) - bytes, value = selectorOf(s, i.reg[0]);
  std::memcpy(pointer(sp), &value, bytes);
  orderForFaults();
  s.reg(Reg::Rsp) = sp;
  return Trap::None;
}

Trap popSegment(CpuState &s, const Insn &i) {
  const uint64_t sp = s.reg(Reg::Rsp);
  const unsigned bytes = stackBytes(i);
  const uint16_t selector = bytes == 2 ? loadAs<uint16_t>(sp) : static_cast<uint16_t>(loadAs<uint64_t>(sp));
  const Trap trap = check(i.reg[0], selector);
  if (trap == Trap::None) {
    load(s, i.reg[0], selector);
    s.reg(Reg::Rsp) = sp + bytes;
  }
  return trap;
}

/// An offset and a selector behind it.
template <Reg Segment> Trap loadFarPointer(CpuState &s, const Insn &i) {
  const bool wide = i.has(prefix::RexW) && !guestIsAmd();
  const unsigned bytes = wide ? 8 : i.has(prefix::OpSize) && !i.has(prefix::RexW) ? 2 : 4;
  const uint64_t at = address(s, i);
  uint64_t offset = 0;
  std::memcpy(&offset, pointer(at), bytes);
  const auto selector = loadAs<uint16_t>(at + bytes);
  const Trap trap = check(Segment, selector);
  if (trap == Trap::None) {
    load(s, Segment, selector);
    writeRegister(s, i.reg[0], bytes, offset);
  }
  return trap;
}
template Trap loadFarPointer<Reg::Ss>(CpuState &, const Insn &);
template Trap loadFarPointer<Reg::Fs>(CpuState &, const Insn &);
template Trap loadFarPointer<Reg::Gs>(CpuState &, const Insn &);

} // namespace dbt::helpers
