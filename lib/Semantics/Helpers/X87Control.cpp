//===- X87Control.cpp - The x87 unit's control and environment ------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, 8.1.10: the environment in memory. Those whose names begin with FN
// do not wait for a pending exception. Compiled code calls those that load or store
// the environment only.

#include "Guest/Fxsave.h"
#include "Semantics/Helpers/Operands.h"
#include "Semantics/Helpers/X87.h"
#include "Semantics/Helpers/X87Stack.h"

namespace dbt::helpers {

namespace {

constexpr uint16_t InitialControl = 0x37f;

/// The control word's defined bits; bit 6 always reads as 1.
uint16_t legalControl(uint16_t word) { return static_cast<uint16_t>((word & 0x1f3f) | 0x40); }

/// The tag of a register that is not empty (SDM Vol. 1, 8.1.7).
unsigned tagOf(const X87State::Value &v) {
  enum { Valid, Zero, Special };
  unsigned exponent = v.signExponent & 0x7fff;
  if (exponent == 0 && v.significand == 0)
    return Zero;
  return exponent == 0 || exponent == 0x7fff || !(v.significand >> 63) ? Special : Valid;
}

uint16_t tagWord(const X87State &x) {
  unsigned tags = 0;
  for (unsigned r = 0; r < 8; ++r)
    tags |= (x.valid >> r & 1 ? tagOf(x.st[r]) : 3) << 2 * r;
  return static_cast<uint16_t>(tags);
}

constexpr unsigned EnvironmentWords = 7;

/// Stores the environment at \p at and returns its size.
unsigned storeEnvironment(const X87State &x, uint64_t at, bool narrow) {
  const auto ip = static_cast<uint32_t>(x.ip), dp = static_cast<uint32_t>(x.dp);
  if (narrow) {
    // Pointers as in 16-bit protected mode: offsets and selectors.
    const uint16_t words[EnvironmentWords] = {
        x.control, x.status, tagWord(x), static_cast<uint16_t>(ip), x87CodeSelector(x), static_cast<uint16_t>(dp), 0};
    std::memcpy(pointer(at), words, sizeof words);
    return sizeof words;
  }
  constexpr uint32_t High = 0xffff0000;
  const uint32_t words[EnvironmentWords] = {
      High | x.control, High | x.status, High | tagWord(x), ip, static_cast<uint32_t>(x.opcode) << 16 | x87CodeSelector(x), dp, High};
  std::memcpy(pointer(at), words, sizeof words);
  return sizeof words;
}

/// Loads it and returns its size.
unsigned loadEnvironment(X87State &x, uint64_t at, bool narrow) {
  uint32_t words[EnvironmentWords];
  const unsigned size = EnvironmentWords * (narrow ? 2 : 4);
  probeLoad(at, size);
  if (narrow) {
    uint16_t half[EnvironmentWords];
    std::memcpy(half, pointer(at), sizeof half);
    for (unsigned n = 0; n < EnvironmentWords; ++n)
      words[n] = half[n];
  } else {
    std::memcpy(words, pointer(at), sizeof words);
  }
  x.control = legalControl(static_cast<uint16_t>(words[0]));
  x.status = static_cast<uint16_t>(words[1]);
  x.valid = 0;
  for (unsigned r = 0; r < 8; ++r)
    if ((words[2] >> 2 * r & 3) != 3)
      x.valid |= static_cast<uint8_t>(1u << r);
  x.ip = words[3];
  x.opcode = narrow ? 0 : words[4] >> 16 & 0x7ff;
  x.dp = words[5];
  X87Stack(x).summarize();
  return size;
}

void initialize(X87State &x) {
  x.control = InitialControl;
  x.status = 0;
  x.valid = 0;
  x.ip = x.dp = 0;
  x.opcode = 0;
}

} // namespace

Trap fwait(CpuState &s, const Insn &) { return X87Stack(s.x87).pending() ? Trap::MF : Trap::None; }

namespace {
Trap rotate(CpuState &s, const Insn &i, unsigned by, uint16_t opcode) {
  X87Stack stack(s.x87);
  if (stack.pending())
    return Trap::MF;
  stack.setTop(stack.top() + by);
  stack.clearC1();
  s.x87.ip = i.pc;
  s.x87.opcode = opcode;
  return Trap::None;
}
} // namespace

Trap fincstp(CpuState &s, const Insn &i) { return rotate(s, i, 1, 0x1f7); }
Trap fdecstp(CpuState &s, const Insn &i) { return rotate(s, i, 7, 0x1f6); }

Trap fldcw(CpuState &s, const Insn &i) {
  X87Stack stack(s.x87);
  if (stack.pending())
    return Trap::MF;
  s.x87.control = legalControl(loadAs<uint16_t>(address(s, i)));
  stack.summarize();
  return Trap::None;
}

Trap fnstcw(CpuState &s, const Insn &i) {
  storeAs<uint16_t>(address(s, i), s.x87.control);
  return Trap::None;
}

Trap fnstsw(CpuState &s, const Insn &i) {
  if (i.kind[0] == OpKind::Mem)
    storeAs<uint16_t>(address(s, i), s.x87.status);
  else
    std::memcpy(&s.reg(Reg::Rax), &s.x87.status, 2);
  return Trap::None;
}

Trap fnclex(CpuState &s, const Insn &) {
  s.x87.status &= x87status::Codes | x87status::Top;
  return Trap::None;
}

Trap fninit(CpuState &s, const Insn &) {
  initialize(s.x87);
  return Trap::None;
}

Trap fnstenv(CpuState &s, const Insn &i) {
  const uint64_t at = address(s, i);
  const bool narrow = i.has(prefix::OpSize);
  probeStore(at, EnvironmentWords * (narrow ? 2 : 4));
  X87State &x87 = x87InMemory(s);
  storeEnvironment(x87, at, narrow);
  x87.control |= x87status::Exceptions; // masks them all
  X87Stack(x87).summarize();
  return Trap::None;
}

Trap fldenv(CpuState &s, const Insn &i) {
  if (X87Stack(x87InMemory(s)).pending())
    return Trap::MF;
  loadEnvironment(s.x87, address(s, i), i.has(prefix::OpSize));
  return Trap::None;
}

Trap fnsave(CpuState &s, const Insn &i) {
  uint64_t at = address(s, i);
  uint8_t registers[80];
  probeStore(at, EnvironmentWords * (i.has(prefix::OpSize) ? 2 : 4) + sizeof registers);
  X87Stack stack(x87InMemory(s));
  for (unsigned n = 0; n < 8; ++n)
    std::memcpy(registers + 10 * n, &stack.st(n), 10);
  at += storeEnvironment(s.x87, at, i.has(prefix::OpSize));
  std::memcpy(pointer(at), registers, sizeof registers);
  initialize(s.x87);
  return Trap::None;
}

Trap frstor(CpuState &s, const Insn &i) {
  if (X87Stack(x87InMemory(s)).pending())
    return Trap::MF;
  uint64_t at = address(s, i);
  X87State state = s.x87;
  at += loadEnvironment(state, at, i.has(prefix::OpSize));
  uint8_t registers[80];
  std::memcpy(registers, pointer(at), sizeof registers);
  s.x87 = state;
  X87Stack stack(s.x87);
  for (unsigned n = 0; n < 8; ++n)
    std::memcpy(&stack.st(n), registers + 10 * n, 10);
  return Trap::None;
}

} // namespace dbt::helpers
