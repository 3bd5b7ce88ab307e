//===- X87.cpp - Executing x87 instructions -------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, chapter 8. An unmasked exception is raised (#MF) by the next
// instruction that waits, which are all here.

#include "Guest/Vendor.h"
#include "Semantics/Helpers/X87.h"

#include "Guest/FlagsWord.h"
#include "Guest/Host/HostX87.h"
#include "Semantics/Helpers/Operands.h"
#include "Semantics/Helpers/X87Stack.h"

namespace dbt::helpers {

namespace {

host::X87Op operation(uint16_t encoding) {
  return {static_cast<uint8_t>(encoding >> 8), static_cast<uint8_t>(encoding)};
}

/// The pointers that FNSTENV shows. Of a memory operand's ModRM byte only the reg
/// field is known here.
void rememberInstruction(CpuState &s, const Insn &i, uint16_t encoding) {
  s.x87.ip = i.pc;
  s.x87.opcode = encoding & 0x7ff;
  if (i.memOperand() >= 0)
    s.x87.dp = address(s, i);
}

/// FCOMI's flags: the instruction sets all six.
void setStatusFlags(CpuState &s, uint64_t word) {
  s.flags = {flagOp(FlagKind::Literal, 64), word & flag::Status, 0};
}
bool setsFlags(uint16_t encoding) {
  unsigned group = encoding & 0xfff0;
  return group == 0xdbe0 || group == 0xdbf0 || group == 0xdfe0 || group == 0xdff0;
}

/// By parts, as the unit stores them: a 16-byte load would wait for both.
void copy(X87State::Value &to, const X87State::Value &from) {
  to.significand = from.significand;
  std::atomic_signal_fence(std::memory_order_relaxed);
  to.signExponent = from.signExponent;
}

struct Counts {
  unsigned in, out;
};
Counts counts(X87Shape shape) {
  switch (shape) {
  case X87Shape::Push: return {0, 1};
  case X87Shape::Unary: return {1, 1};
  case X87Shape::UnaryPop: return {1, 0};
  case X87Shape::Binary: return {2, 2};
  case X87Shape::BinaryPop: return {2, 1};
  default: return {2, 0};
  }
}

/// The usual case: operands are there, no unmasked exception. False if it was not.
bool compute(CpuState &s, const Insn &i, const X87Spec &spec, host::X87Memory &memory) {
  X87Stack stack(s.x87);
  const unsigned sti = spec.sti;
  auto [in, out] = counts(spec.shape);
  host::X87Op op = operation(spec.encoding);
  if (in == 2 && sti == 0) {
    // ST(0) with itself; what pops one of two aliases is left to the whole unit.
    if (out != 2)
      return false;
    in = out = 1;
  } else if (in == 2 && op.modrm >= 0xc0 && spec.encoding != 0xded9 && spec.encoding != 0xdae9 &&
             op.escape != 0xd9) {
    op.modrm = static_cast<uint8_t>((op.modrm & 0xf8) | 1); // in the unit it is ST(1)
  }
  if (in == 0 ? stack.valid(7) : !stack.valid(0) || (in == 2 && !stack.valid(sti)))
    return false;
  host::X87Operands operands;
  if (in >= 1)
    copy(operands.st[0], stack.st(0));
  if (in == 2)
    copy(operands.st[1], stack.st(sti));
  operands.control = s.x87.control;
  operands.status = s.x87.status;
  const bool wantFlags = setsFlags(spec.encoding);
  if (!host::x87Compute(operands, op, memory, in, out, wantFlags))
    return false;
  if (spec.stores)
    storeWhole(address(s, i), memory, spec.stores);
  X87Codes written = spec.codes;
  if (written == X87Codes::Remainder)
    written = (operands.st[0].signExponent & 0x7fff) == 0x7fff ? X87Codes::C1C2 : X87Codes::All;
  const auto codes = static_cast<uint16_t>(written);
  s.x87.status = static_cast<uint16_t>((s.x87.status & ~codes) | (operands.status & codes) |
                                       (operands.status & x87status::Exceptions));
  if (in == 0) {
    stack.push(operands.st[0]);
  } else if (in == 1) {
    if (out == 1)
      copy(stack.st(0), operands.st[0]);
    else
      stack.pop();
  } else {
    if (out == 2)
      copy(stack.st(0), operands.st[0]);
    if (out >= 1)
      copy(stack.st(sti), operands.st[out - 1]);
    for (unsigned n = out; n < 2; ++n)
      stack.pop();
  }
  if (wantFlags)
    setStatusFlags(s, operands.rflags);
  return true;
}

/// Any case, on the whole unit.
void run(CpuState &s, const Insn &i, const X87Spec &spec, host::X87Memory &memory) {
  const host::X87Op op = operation(spec.encoding);
  X87State state = s.x87;
  uint64_t rflags = statusFlags(s.flags) | 2;
  bool stored = spec.stores != 0;
  if (stored) {
    // An unmasked exception may leave memory alone. Two runs from different
    // contents tell, for at most one of them can look like the result.
    std::memset(memory, 0x5a, sizeof memory);
    host::x87Run(state, op, memory, rflags);
    host::X87Memory other;
    std::memset(other, 0xa5, sizeof other);
    X87State again = s.x87;
    uint64_t ignored = 2;
    host::x87Run(again, op, other, ignored);
    stored = std::memcmp(memory, other, spec.stores) == 0;
  } else {
    host::x87Run(state, op, memory, rflags);
  }
  if (stored)
    storeWhole(address(s, i), memory, spec.stores);
  else if (spec.stores && guestIsAmd())
    probeStore(address(s, i), spec.stores); // looked at before the exception is raised
  state.ip = s.x87.ip;
  state.dp = s.x87.dp;
  state.opcode = s.x87.opcode;
  s.x87 = state;
  if (setsFlags(spec.encoding))
    setStatusFlags(s, rflags);
}

} // namespace

Trap x87Execute(CpuState &s, const Insn &i, const X87Spec &spec) {
  if (!spec.encoding)
    return Trap::Unimplemented;
  if (X87Stack(s.x87).pending())
    return Trap::MF;
  host::X87Memory memory;
  if (spec.loads)
    std::memcpy(memory, pointer(address(s, i)), spec.loads);
  if (spec.shape == X87Shape::Whole || !compute(s, i, spec, memory))
    run(s, i, spec, memory);
  rememberInstruction(s, i, spec.encoding);
  return Trap::None;
}

//===--- Moves ---===//

namespace {
/// FCHS and FABS: the sign bit of ST(0), kept or not, then flipped or not.
Trap changeSign(CpuState &s, const Insn &i, uint16_t encoding, bool keep, uint16_t flip) {
  X87Stack stack(s.x87);
  if (stack.pending() || !stack.valid(0))
    return x87Execute(s, i, {encoding, X87Shape::Unary});
  rememberInstruction(s, i, encoding);
  uint16_t &word = stack.st(0).signExponent;
  word = static_cast<uint16_t>((keep ? word : word & 0x7fff) ^ flip);
  stack.clearC1();
  return Trap::None;
}
Trap pushConstant(CpuState &s, const Insn &i, uint16_t encoding, const X87State::Value &v) {
  X87Stack stack(s.x87);
  if (stack.pending() || stack.valid(7))
    return x87Execute(s, i, {encoding, X87Shape::Push});
  rememberInstruction(s, i, encoding);
  stack.push(v);
  stack.clearC1();
  return Trap::None;
}
} // namespace

Trap fchs(CpuState &s, const Insn &i) { return changeSign(s, i, 0xd9e0, true, 0x8000); }
Trap fabs(CpuState &s, const Insn &i) { return changeSign(s, i, 0xd9e1, false, 0); }
Trap fld1(CpuState &s, const Insn &i) { return pushConstant(s, i, 0xd9e8, {uint64_t(1) << 63, 0x3fff}); }
Trap fldz(CpuState &s, const Insn &i) { return pushConstant(s, i, 0xd9ee, {0, 0}); }

Trap fld(CpuState &s, const Insn &i) {
  X87Stack stack(s.x87);
  const X87Spec spec = fldSpec(i);
  const bool fromMemory = spec.loads != 0;
  if ((fromMemory && spec.loads != 10) || stack.pending() || stack.valid(7) || (!fromMemory && !stack.valid(spec.sti)))
    return x87Execute(s, i, spec);
  X87State::Value v = {};
  if (fromMemory)
    std::memcpy(&v, pointer(address(s, i)), 10);
  else
    v = stack.st(spec.sti);
  rememberInstruction(s, i, spec.encoding);
  stack.push(v);
  stack.clearC1();
  return Trap::None;
}

namespace {
Trap storeRegister(CpuState &s, const Insn &i, const X87Spec &spec, bool pop) {
  X87Stack stack(s.x87);
  if (stack.pending() || !stack.valid(0))
    return x87Execute(s, i, spec);
  rememberInstruction(s, i, spec.encoding);
  stack.st(spec.sti) = stack.st(0);
  s.x87.valid |= static_cast<uint8_t>(1u << stack.physical(spec.sti));
  if (pop)
    stack.pop();
  stack.clearC1();
  return Trap::None;
}
} // namespace

Trap fst(CpuState &s, const Insn &i) {
  const X87Spec spec = fstSpec(i);
  return spec.stores ? x87Execute(s, i, spec) : storeRegister(s, i, spec, false);
}

Trap fstp(CpuState &s, const Insn &i) {
  const X87Spec spec = fstpSpec(i);
  if (!spec.stores)
    return storeRegister(s, i, spec, true);
  X87Stack stack(s.x87);
  if (spec.stores != 10 || stack.pending() || !stack.valid(0))
    return x87Execute(s, i, spec);
  storeWhole(address(s, i), &stack.st(0), 10);
  rememberInstruction(s, i, spec.encoding);
  stack.pop();
  stack.clearC1();
  return Trap::None;
}

Trap fxch(CpuState &s, const Insn &i) {
  X87Stack stack(s.x87);
  const X87Spec spec = x87Sti<0xd9c8, X87Shape::Whole>(i);
  if (stack.pending() || !stack.valid(0) || !stack.valid(spec.sti))
    return x87Execute(s, i, spec);
  rememberInstruction(s, i, spec.encoding);
  std::swap(stack.st(0), stack.st(spec.sti));
  stack.clearC1();
  return Trap::None;
}

Trap ffree(CpuState &s, const Insn &i) {
  X87Stack stack(s.x87);
  if (stack.pending())
    return Trap::MF;
  unsigned sti = x87Register(i);
  rememberInstruction(s, i, static_cast<uint16_t>(0xddc0 + sti));
  stack.free(sti);
  stack.clearC1();
  return Trap::None;
}

Trap ffreep(CpuState &s, const Insn &i) {
  if (Trap t = ffree(s, i); t != Trap::None)
    return t;
  X87Stack stack(s.x87);
  stack.pop();
  return Trap::None;
}

Trap x87Fcmov(CpuState &s, const Insn &i, Cond cond, const X87Spec &spec) {
  X87Stack stack(s.x87);
  if (stack.pending() || !stack.valid(0) || !stack.valid(spec.sti))
    return x87Execute(s, i, spec);
  rememberInstruction(s, i, spec.encoding);
  if (evaluate(s.flags, cond))
    stack.st(0) = stack.st(spec.sti);
  return Trap::None;
}

} // namespace dbt::helpers
