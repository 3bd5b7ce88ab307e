//===- Assembler.cpp - The few host instructions that copies need ---------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Copy/x86_64/Assembler.h"

namespace dbt::copy {

namespace {
constexpr uint8_t Gs = 0x65, RexW = 0x48;
/// ModRM.rm and SIB of [disp32] without a base (SDM Vol. 2, Table 2-3).
constexpr uint8_t HasSib = 4, NoBase = 5, NoIndex = 4;
} // namespace

void Assembler::modrm(unsigned field, const Address &a) {
  field <<= 3;
  if (a.base == Reg::None) {
    byte(field | HasSib);
    byte(static_cast<unsigned>(a.scale) << 6 | (a.index == Reg::None ? NoIndex : low3(a.index)) << 3 | NoBase);
    return word(static_cast<uint32_t>(a.disp));
  }
  const bool sib = a.index != Reg::None || low3(a.base) == HasSib;
  // RBP and R13 as a base mean something else without a displacement.
  const unsigned mod = a.disp == 0 && low3(a.base) != NoBase ? 0 : a.disp == static_cast<int8_t>(a.disp) ? 1 : 2;
  byte(mod << 6 | field | (sib ? HasSib : low3(a.base)));
  if (sib)
    byte(static_cast<unsigned>(a.scale) << 6 | (a.index == Reg::None ? NoIndex : low3(a.index)) << 3 | low3(a.base));
  if (mod == 1)
    byte(static_cast<uint8_t>(a.disp));
  else if (mod == 2)
    word(static_cast<uint32_t>(a.disp));
}

void Assembler::op(uint8_t opcode, Reg r, const Address &a) {
  byte(RexW | bit3(r) << 2 | bit3(a.index) << 1 | bit3(a.base));
  byte(opcode);
  modrm(low3(r), a);
}

void Assembler::move(Reg to, Reg from) {
  byte(RexW | bit3(from) << 2 | bit3(to));
  byte(0x89);
  byte(0xc0 | low3(from) << 3 | low3(to));
}

void Assembler::moveImm(Reg r, uint64_t v) {
  const bool wide = v >> 32 != 0;
  if (wide || bit3(r))
    byte((wide ? RexW : 0x40) | bit3(r));
  byte(0xb8 | low3(r));
  wide ? quad(v) : word(static_cast<uint32_t>(v));
}

void Assembler::fieldOp(uint8_t opcode, Reg r, uint32_t offset, bool wide) {
  byte(Gs);
  if (wide || bit3(r))
    byte((wide ? RexW : 0x40) | bit3(r) << 2);
  byte(opcode);
  modrm(low3(r), {.disp = static_cast<int32_t>(offset)});
}

void Assembler::storeField32(uint32_t offset, uint32_t v) {
  byte(Gs);
  byte(0xc7);
  modrm(0, {.disp = static_cast<int32_t>(offset)});
  word(v);
}

void Assembler::storeField64(uint32_t offset, uint64_t v) {
  if (static_cast<int32_t>(v) != static_cast<int64_t>(v)) {
    storeField32(offset, static_cast<uint32_t>(v));
    return storeField32(offset + 4, static_cast<uint32_t>(v >> 32));
  }
  byte(Gs);
  byte(RexW);
  byte(0xc7);
  modrm(0, {.disp = static_cast<int32_t>(offset)});
  word(static_cast<uint32_t>(v));
}

void Assembler::decrementField32(uint32_t offset) {
  byte(Gs);
  byte(0x83); // SUB r/m32, imm8
  modrm(5, {.disp = static_cast<int32_t>(offset)});
  byte(1);
}

void Assembler::jumpField(uint32_t offset) {
  byte(Gs);
  byte(0xff);
  modrm(4, {.disp = static_cast<int32_t>(offset)});
}

uint8_t *Assembler::jump() {
  byte(0xe9);
  word(0);
  return at - 4;
}

uint8_t *Assembler::jumpIf(unsigned condition) {
  byte(0x0f);
  byte(0x80 | condition);
  word(0);
  return at - 4;
}

void Assembler::jumpThrough(const void *pointer) {
  byte(0xff);
  byte(0x25); // JMP [rip + disp32]
  word(static_cast<uint32_t>(static_cast<const uint8_t *>(pointer) - (at + 4)));
}

void Assembler::patch(uint8_t *where, const uint8_t *target) {
  const auto distance = static_cast<int32_t>(target - (where + 4));
  std::memcpy(where, &distance, sizeof distance);
}

} // namespace dbt::copy
