//===- FormCache.cpp - Decoded forms, for their other instances -----------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decode/FormCache.h"

#include <bit>
#include <cstring>

namespace dbt {

namespace {

constexpr unsigned MaxPrefixes = 3;
constexpr unsigned MaxKey = 12;
constexpr size_t MaxForms = 0xffff;

/// Opcodes with a ModRM byte, one bit each (SDM Vol. 2, Tables ).
constexpr uint32_t OneByteModRm[8] = {
    0x0f0f0f0f, 0x0f0f0f0f, 0x00000000, 0x00000a08, // 00-1f, 20-3f, 40-5f, 60-7f
    0x0000ffff, 0x00000000, 0xff0f00c3, 0xc0c00000, // 80-9f, a0-bf, c0-df, e0-ff
};
constexpr uint32_t TwoByteModRm[8] = {
    0xffff200f, 0x0000ff0f, 0xffffffff, 0xff7fffff, // 00-1f, 20-3f, 40-5f, 60-7f
    0xffff0000, 0xfffff838, 0xffff00ff, 0xffffffff, // 80-9f, a0-bf, c0-df, e0-ff
};

bool bit(const uint32_t (&map)[8], uint8_t opcode) { return map[opcode >> 5] >> (opcode & 31) & 1; }

/// Legacy prefixes but 67, whose addresses wrap.
bool isPrefix(uint8_t b) {
  return b == 0x66 || b == 0xf2 || b == 0xf3 || b == 0xf0 || b == 0x64 || b == 0x65 || b == 0x2e || b == 0x3e ||
         b == 0x26 || b == 0x36;
}

bool isDirectBranch(uint8_t opcode, uint8_t second) {
  return (opcode & 0xf0) == 0x70 || (opcode & 0xfc) == 0xe0 || opcode == 0xe8 || opcode == 0xe9 || opcode == 0xeb ||
         (opcode == 0x0f && (second & 0xf0) == 0x80);
}

uint64_t load(const uint8_t *field, unsigned size) {
  uint64_t value = 0;
  std::memcpy(&value, field, size);
  return value;
}

int64_t extend(uint64_t value, unsigned size) {
  const unsigned shift = 64 - 8 * size;
  return static_cast<int64_t>(value << shift) >> shift;
}

} // namespace

FormCache::Key FormCache::keyOf(const uint8_t *bytes, size_t available, unsigned &dispSize) {
  dispSize = 0;
  if (available < 15)
    return {}; // at the end of a mapping
  unsigned at = 0;
  bool sized = false;
  while (at < MaxPrefixes && isPrefix(bytes[at]))
    sized |= bytes[at++] == 0x66;
  if ((bytes[at] & 0xf0) == 0x40)
    ++at;
  const uint8_t opcode = bytes[at++];
  if (sized && isDirectBranch(opcode, bytes[at]))
    return {}; // may be of 16 bits
  bool modRm;
  if (opcode == 0x0f) {
    const uint8_t second = bytes[at++];
    if (second == 0x0f)
      return {}; // 3DNow! has its opcode behind the operands
    if (second == 0x78)
      return {}; // EXTRQ and INSERTQ, with their two immediates
    if (second == 0x38 || second == 0x3a) {
      ++at;
      modRm = true;
    } else {
      modRm = bit(TwoByteModRm, second);
    }
  } else if (opcode == 0xc5) {
    at += 2;
    modRm = bytes[at - 1] != 0x77; // VZEROUPPER
  } else if (opcode == 0xc4) {
    at += 3;
    modRm = true;
    if ((bytes[at - 3] & 31) == 3 && bytes[at - 1] >= 0x4a && bytes[at - 1] <= 0x4c)
      return {}; // VBLENDVPS: the immediate is a register
  } else if (opcode == 0x62 || opcode == 0x67 || opcode == 0xc8 || isPrefix(opcode) || (opcode & 0xf0) == 0x40) {
    return {}; // EVEX; a prefix too many, or REX twice; ENTER, with its two immediates
  } else {
    modRm = bit(OneByteModRm, opcode);
  }
  if (modRm) {
    const uint8_t m = bytes[at++], mode = m >> 6;
    uint8_t base = m & 7;
    if (mode != 3 && base == 4)
      base = bytes[at++] & 7;
    dispSize = mode == 1 ? 1 : mode == 2 || (mode == 0 && base == 5) ? 4 : 0;
  } else if (opcode >= 0xa0 && opcode <= 0xa3) {
    dispSize = 8; // MOV with an absolute address
  }
  if (at > MaxKey)
    return {};
  Key key;
  key.low = load(bytes, 8);
  if (at <= 8)
    key.low &= ~uint64_t(0) >> (64 - 8 * at);
  else
    key.high = load(bytes + 8, at - 8);
  key.high |= uint64_t(at) << 56;
  return key;
}

unsigned FormCache::slotOf(const Key &key) {
  return static_cast<unsigned>((key.low ^ key.high * 0x9e3779b97f4a7c15) * 0xd6e8feb86659fd93 >> (64 - IndexBits));
}

bool FormCache::find(const Key &key, const uint8_t *bytes, uint64_t pc, Insn &out) const {
  const unsigned at = index[slotOf(key)];
  if (at == 0 || key.length() == 0 || !(forms[at - 1].key == key))
    return false;
  const Form &form = forms[at - 1];
  const uint8_t *field = bytes + key.length();
  const uint64_t end = pc + form.insn.length;
  auto take = [&](Value kind, unsigned size, int64_t &value) {
    const uint64_t raw = load(field, size);
    field += size;
    switch (kind) {
    case Value::None: break;
    case Value::Signed: value = extend(raw, size); break;
    case Value::Unsigned: value = static_cast<int64_t>(raw); break;
    case Value::NotNegative:
      if (extend(raw, size) < 0)
        return false;
      value = static_cast<int64_t>(raw);
      break;
    case Value::Relative: value = static_cast<int64_t>(end) + extend(raw, size); break;
    }
    return true;
  };
  out = form.insn;
  out.pc = pc;
  return take(form.disp, form.dispSize, out.disp) && take(form.imm, form.immSize, out.imm);
}

/// What makes \p insn's immediate of the field; None if nothing does.
FormCache::Value FormCache::valueOf(const Insn &insn, const uint8_t *field, unsigned size, bool branch) {
  const uint64_t raw = load(field, size);
  const int64_t extended = extend(raw, size);
  if (branch)
    return insn.imm == static_cast<int64_t>(insn.nextPc()) + extended ? Value::Relative : Value::None;
  if (insn.imm == extended)
    return extended >= 0 && size < 8 ? Value::NotNegative : Value::Signed;
  return insn.imm == static_cast<int64_t>(raw) ? Value::Unsigned : Value::None;
}

void FormCache::insert(const Key &key, const uint8_t *bytes, const Insn &insn, unsigned dispSize) {
  // Anything that is not understood here is decoded by Capstone each time.
  if (key.length() == 0 || key.length() + dispSize > insn.length)
    return;
  const unsigned immSize = insn.length - key.length() - dispSize;
  if (immSize > 8 || !std::has_single_bit(immSize + (immSize == 0)))
    return;
  Form form = {key, insn, Value::None, Value::None, static_cast<uint8_t>(dispSize), static_cast<uint8_t>(immSize)};
  const uint8_t *field = bytes + key.length();
  if (dispSize) {
    form.disp = insn.ripRelative ? Value::Relative : Value::Signed;
    const int64_t origin = insn.ripRelative ? static_cast<int64_t>(insn.nextPc()) : 0;
    if (insn.disp != origin + extend(load(field, dispSize), dispSize))
      return;
  }
  if (immSize) {
    const bool branch = insn.flow == Flow::Jump || insn.flow == Flow::CondJump || insn.flow == Flow::Call;
    form.imm = valueOf(insn, field + dispSize, immSize, branch);
    if (form.imm == Value::None)
      return;
  }
  uint16_t &slot = index[slotOf(key)];
  if (forms.size() == MaxForms) {
    forms.clear();
    index.fill(0);
  }
  forms.push_back(form);
  slot = static_cast<uint16_t>(forms.size());
}

} // namespace dbt
