//===- Encoding.cpp - Where an instruction's bytes have its address -------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Copy/x86_64/Encoding.h"

namespace dbt::copy {

namespace {

constexpr uint8_t ShortVex = 0xc5, LongVex = 0xc4, Escape = 0x0f, Fs = 0x64, Gs = 0x65;

bool isLegacyPrefix(uint8_t b) {
  switch (b) {
  case 0x26: case 0x2e: case 0x36: case 0x3e: case Fs: case Gs: case 0x66: case 0x67: case 0xf0: case 0xf2: case 0xf3:
    return true;
  default:
    return false;
  }
}
bool isRex(uint8_t b) { return (b & 0xf0) == 0x40; }

} // namespace

Encoding::Encoding(const uint8_t *bytes, unsigned length) : bytes(bytes), length(static_cast<uint8_t>(length)) {
  // A REX prefix that is not the last one counts for nothing (SDM Vol. 2, 2.2.1).
  unsigned at = 0;
  while (isLegacyPrefix(bytes[at]) || isRex(bytes[at])) {
    rex = isRex(bytes[at]) ? bytes[at] : 0;
    ++at;
  }
  numLegacy = static_cast<uint8_t>(rex ? at - 1 : at);
  if (bytes[at] == ShortVex || bytes[at] == LongVex) {
    vex = bytes[at] == ShortVex ? 2 : 3;
    map = vex == 2 ? 1 : bytes[at + 1] & 0x1f;
    at += vex;
    opcodeAt = static_cast<uint8_t>(at);
  } else {
    opcodeAt = static_cast<uint8_t>(at);
    if (bytes[at] == Escape) {
      ++at;
      map = bytes[at] == 0x38 ? 2 : bytes[at] == 0x3a ? 3 : 1;
      at += map > 1;
    }
  }
  modrm = static_cast<uint8_t>(at + 1);
}

void Encoding::emitAt(Assembler &out, const Address &a) const {
  for (unsigned i = 0; i < numLegacy; ++i)
    if (bytes[i] != Fs && bytes[i] != Gs && !isRex(bytes[i]))
      out.byte(bytes[i]);
  constexpr uint8_t RexXB = 3, VexNotXB = 0x60;
  if (vex == 3) {
    out.byte(LongVex);
    out.byte((bytes[opcodeAt - 2] & ~VexNotXB) | (VexNotXB ^ bit3(a.base) << 5));
    out.byte(bytes[opcodeAt - 1]);
  } else if (vex == 2) {
    out.byte(ShortVex);
    out.byte(bytes[opcodeAt - 1]);
  } else if (rex || bit3(a.base)) {
    out.byte(((rex ? rex : 0x40) & ~RexXB) | bit3(a.base));
  }
  out.bytes(bytes + opcodeAt, modrm - opcodeAt);
  out.modrm(bytes[modrm] >> 3 & 7, a);
  // What is left behind the old address are immediates.
  const uint8_t mod = bytes[modrm] >> 6, rm = bytes[modrm] & 7;
  const bool sib = rm == 4;
  unsigned end = modrm + 1u + sib;
  if (mod == 1)
    end += 1;
  else if (mod == 2 || (mod == 0 && (rm == 5 || (sib && (bytes[modrm + 1] & 7) == 5))))
    end += 4;
  out.bytes(bytes + end, length - end);
}

} // namespace dbt::copy
