//===- System.cpp - Processor identification, time, segment queries -------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Guest/Cpuid.h"
#include "Guest/FlagsWord.h"
#include "Semantics/Helpers.h"
#include "Semantics/Helpers/Operands.h"

namespace dbt::helpers {

namespace {

void setEdxEax(CpuState &s, uint64_t value) {
  s.reg(Reg::Rax) = static_cast<uint32_t>(value);
  s.reg(Reg::Rdx) = value >> 32;
}

void setZeroFlag(CpuState &s, bool zero) {
  uint64_t others = statusFlags(s.flags) & ~flag::ZF;
  s.flags = {flagOp(FlagKind::Literal, 64), others | (zero ? flag::ZF : 0), 0};
}

/// As every write of an integer register: 32 bits clear the upper half, 16 keep the rest.
void writeRegister(CpuState &s, Reg r, unsigned bytes, uint64_t value) {
  if (bytes == 2)
    std::memcpy(&s.reg(r), &value, 2);
  else
    s.reg(r) = bytes == 4 ? static_cast<uint32_t>(value) : value;
}

Trap random(CpuState &s, const Insn &i, bool seed) {
  uint64_t value;
  const bool there = host::random(seed, 8u * i.size[0], value);
  writeRegister(s, i.reg[0], i.size[0], there ? value : 0);
  s.flags = {flagOp(FlagKind::Literal, 64), there ? uint64_t(flag::CF) : 0, 0};
  return Trap::None;
}

Trap querySegment(CpuState &s, const Insn &i, host::SegmentQuery what) {
  const int last = i.numOps - 1;
  const auto selector = i.kind[last] == OpKind::Reg ? static_cast<uint16_t>(s.reg(i.reg[last])) : loadAs<uint16_t>(address(s, i));
  uint64_t value = 0;
  const bool valid = host::querySegment(what, selector, value);
  if (valid && last == 1)
    writeRegister(s, i.reg[0], i.size[0], value);
  setZeroFlag(s, valid);
  return Trap::None;
}

} // namespace

Trap rdrand(CpuState &s, const Insn &i) { return random(s, i, false); }
Trap rdseed(CpuState &s, const Insn &i) { return random(s, i, true); }
Trap lar(CpuState &s, const Insn &i) { return querySegment(s, i, host::SegmentQuery::Rights); }
Trap lsl(CpuState &s, const Insn &i) { return querySegment(s, i, host::SegmentQuery::Limit); }
Trap verr(CpuState &s, const Insn &i) { return querySegment(s, i, host::SegmentQuery::Readable); }
Trap verw(CpuState &s, const Insn &i) { return querySegment(s, i, host::SegmentQuery::Writable); }

Trap cpuid(CpuState &s, const Insn &) {
  host::CpuidLeaf r = guestCpuid(static_cast<uint32_t>(s.reg(Reg::Rax)),
                                 static_cast<uint32_t>(s.reg(Reg::Rcx)));
  s.reg(Reg::Rax) = r.eax;
  s.reg(Reg::Rbx) = r.ebx;
  s.reg(Reg::Rcx) = r.ecx;
  s.reg(Reg::Rdx) = r.edx;
  return Trap::None;
}

Trap rdtsc(CpuState &s, const Insn &) {
  setEdxEax(s, host::timeStamp());
  return Trap::None;
}

Trap rdtscp(CpuState &s, const Insn &) {
  host::TimeStamp t = host::timeStampWithAux();
  setEdxEax(s, t.ticks);
  s.reg(Reg::Rcx) = t.aux;
  return Trap::None;
}

Trap rdpid(CpuState &s, const Insn &i) {
  s.reg(i.reg[0]) = host::timeStampWithAux().aux;
  return Trap::None;
}

Trap popf(CpuState &s, const Insn &i) {
  uint64_t sp = s.reg(Reg::Rsp);
  bool narrow = i.has(prefix::OpSize);
  uint64_t word = narrow ? loadAs<uint16_t>(sp) | (rflags(s) & ~uint64_t(0xffff)) : loadAs<uint64_t>(sp);
  if (word & 1u << 8)
    return Trap::Unimplemented; // TF: single-stepping oneself
  s.reg(Reg::Rsp) = sp + (narrow ? 2 : 8);
  setRflags(s, word);
  return Trap::None;
}

} // namespace dbt::helpers
