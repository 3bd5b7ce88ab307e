//===- Stubs.cpp - The ways into copied code and out of it ----------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Copy/x86_64/Stubs.h"

#include "Copy/x86_64/Fields.h"
#include "Guest/CopyTable.h"
#include "Guest/ExitReason.h"
#include "Guest/Features.h"

namespace dbt::copy {

namespace {

constexpr Reg CalleeSaved[] = {Reg::Rbx, Reg::Rbp, Reg::R12, Reg::R13, Reg::R14, Reg::R15};

void push(Assembler &out, Reg r) {
  if (bit3(r))
    out.byte(0x41);
  out.byte(0x50 | low3(r));
}
void pop(Assembler &out, Reg r) {
  if (bit3(r))
    out.byte(0x41);
  out.byte(0x58 | low3(r));
}

/// MOVAPS between a vector register and a field: opcode 28 loads, 29 stores.
void moveVector(Assembler &out, uint8_t opcode, unsigned i) {
  out.byte(0x65);
  if (i >= 8)
    out.byte(0x44);
  out.byte(0x0f);
  out.byte(opcode);
  out.modrm(i & 7, {.disp = static_cast<int32_t>(offsetof(CpuState, xmm) + sizeof(Vec128) * i)});
}

/// VINSERTF128 ymm, ymm, field, 1 (opcode 18) or VEXTRACTF128 field, ymm, 1 (19).
void moveUpper(Assembler &out, uint8_t opcode, unsigned i) {
  const unsigned source = opcode == 0x18 ? i : 0;
  out.byte(0x65);
  out.byte(0xc4);
  out.byte(i >= 8 ? 0x63 : 0xe3);
  out.byte((~source & 15) << 3 | 5);
  out.byte(opcode);
  out.modrm(i & 7, {.disp = static_cast<int32_t>(offsetof(CpuState, ymmHigh) + sizeof(Vec128) * i)});
  out.byte(1);
}

void zeroUppers(Assembler &out) {
  out.byte(0xc5);
  out.byte(0xf8);
  out.byte(0x77);
}

constexpr unsigned NumVectors = 16;
constexpr unsigned Zero = 4; // JE

void emitEnter(Assembler &out, bool avx) {
  for (Reg r : CalleeSaved)
    push(out, r);
  out.storeField(field::HostStack, Reg::Rsp);
  out.storeField(field::Target, Reg::Rdi);
  push(out, Reg::Rsi);
  uint8_t *narrow = nullptr, *done = nullptr;
  if (avx) {
    out.byte(0x84); // TEST dl, dl
    out.byte(0xd2);
    zeroUppers(out);
    narrow = out.jumpIf(Zero);
    for (unsigned i = 0; i < NumVectors; ++i) {
      moveVector(out, 0x28, i);
      moveUpper(out, 0x18, i);
    }
    done = out.jump();
    Assembler::patch(narrow, out.here());
  }
  for (unsigned i = 0; i < NumVectors; ++i)
    moveVector(out, 0x28, i);
  if (avx)
    Assembler::patch(done, out.here());
  out.byte(0x9d); // POPFQ
  for (unsigned i = 0; i < 16; ++i)
    out.loadField(static_cast<Reg>(i), field::gpr(static_cast<Reg>(i)));
  out.jumpField(field::Target);
}

void emitExit(Assembler &out, bool avx) {
  for (unsigned i = 0; i < 16; ++i)
    out.storeField(field::gpr(static_cast<Reg>(i)), static_cast<Reg>(i));
  out.loadField(Reg::Rsp, field::HostStack);
  out.byte(0x9c); // PUSHFQ
  pop(out, Reg::Rax);
  out.fieldOp(0x89, Reg::Rax, field::Flags, false);
  out.byte(0xfc); // CLD
  for (unsigned i = 0; i < NumVectors; ++i)
    moveVector(out, 0x29, i);
  if (avx) {
    for (unsigned i = 0; i < NumVectors; ++i)
      moveUpper(out, 0x19, i);
    zeroUppers(out);
  }
  for (unsigned i = std::size(CalleeSaved); i-- > 0;)
    pop(out, CalleeSaved[i]);
  out.byte(0xc3); // RET
}

} // namespace

Stubs emitStubs(Assembler &out) {
  const bool avx = hostHas(Isa::Avx);
  Stubs stubs;
  stubs.enter = reinterpret_cast<void (*)(const void *, uint64_t, bool)>(out.here());
  emitEnter(out, avx);
  const uint8_t *exit = out.here();
  emitExit(out, avx);

  stubs.lookup = out.here();
  out.storeField32(field::ExitReason, static_cast<uint32_t>(ExitReason::Lookup));
  out.jumpTo(exit);
  stubs.branch = out.here();
  emitBranch(out, stubs);
  stubs.interpret = out.here();
  out.storeField32(field::ExitReason, static_cast<uint32_t>(ExitReason::Interpret));
  out.jumpTo(exit);
  stubs.sample = out.here();
  out.storeField32(field::ExitReason, static_cast<uint32_t>(ExitReason::Sample));
  out.jumpTo(exit);
  return stubs;
}

void emitBranch(Assembler &out, const Stubs &stubs) {
  // R10 and R11 hold nothing across most calls, so nobody waits for their old values.
  constexpr Reg Target = Reg::Rcx, Entry = Reg::R11, Value = Reg::R10;
  constexpr Reg Borrowed[] = {Target, Value, Entry};
  auto restore = [&] {
    for (unsigned i = 0; i < std::size(Borrowed); ++i)
      out.loadField(Borrowed[i], field::scratch(i));
  };
  static_assert(CopyTable::Size == 1 << 16 && sizeof(CopyTable::Entry) == 16);
  out.storeField(field::scratch(1), Value);
  out.storeField(field::scratch(2), Entry);
  out.storeField(field::Rip, Target);
  out.byte(0x40 | bit3(Value) << 2); // MOVZX r10d, cx
  out.byte(0x0f);
  out.byte(0xb7);
  out.byte(0xc0 | low3(Value) << 3 | low3(Target));
  out.loadField(Entry, field::Table);
  out.lea(Value, {.base = Value, .index = Value});
  out.lea(Entry, {.base = Entry, .index = Value, .scale = 3});
  uint8_t *hit[2];
  for (unsigned i = 0; i < 2; ++i) {
    const auto at = static_cast<int32_t>(i * sizeof(CopyTable::Entry));
    if (i)
      out.loadField(Target, field::Rip);
    out.load(Value, {.base = Entry, .disp = at});
    out.lea(Target, {.base = Target, .index = Value});
    out.byte(0xe3); // JRCXZ
    out.byte(0);
    hit[i] = out.here();
  }
  restore();
  out.jumpTo(stubs.lookup);
  for (unsigned i = 0; i < 2; ++i) {
    const auto at = static_cast<int32_t>(i * sizeof(CopyTable::Entry) + offsetof(CopyTable::Entry, slot));
    hit[i][-1] = static_cast<uint8_t>(out.here() - hit[i]);
    static_assert(offsetof(CodeSlot, code) == 0);
    out.load(Value, {.base = Entry, .disp = at});
    out.load(Value, {.base = Value});
    out.storeField(field::Target, Value);
    restore();
    out.jumpField(field::Target);
  }
}

void emitSlotStub(Assembler &out, const Stubs &stubs, uint64_t pc) {
  out.storeField64(field::Rip, pc);
  out.jumpTo(stubs.lookup);
}

} // namespace dbt::copy
