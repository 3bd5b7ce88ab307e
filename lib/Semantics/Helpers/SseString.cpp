//===- SseString.cpp - SSE4.2 string comparison and CRC32 ----------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, 12.10 and Vol. 2, 4.1 "Imm8 control byte operation".

#include "Semantics/Helpers.h"
#include "Semantics/Helpers/Operands.h"

#include <bit>

namespace dbt::helpers {

namespace {

struct Bytes16 {
  uint8_t b[16];
};

Bytes16 &xmm(CpuState &s, Reg r) { return reinterpret_cast<Bytes16 &>(s.xmm[number(r) - number(Reg::Xmm0)]); }

Bytes16 source(CpuState &s, const Insn &i, int n) {
  return i.kind[n] == OpKind::Mem ? loadAs<Bytes16>(address(s, i)) : xmm(s, i.reg[n]);
}

/// The control byte's fields.
struct Control {
  uint8_t imm;
  bool words() const { return imm & 1; }
  bool isSigned() const { return imm & 2; }
  unsigned aggregation() const { return imm >> 2 & 3; }
  unsigned polarity() const { return imm >> 4 & 3; }
  bool mostSignificant() const { return imm & 0x40; }
  unsigned count() const { return words() ? 8 : 16; }
};

int element(const Bytes16 &v, unsigned i, Control c) {
  if (c.words()) {
    uint16_t w;
    std::memcpy(&w, &v.b[2 * i], 2);
    return c.isSigned() ? static_cast<int16_t>(w) : w;
  }
  return c.isSigned() ? static_cast<int8_t>(v.b[i]) : v.b[i];
}

unsigned implicitLength(const Bytes16 &v, Control c) {
  unsigned n = 0;
  while (n < c.count() && element(v, n, c) != 0)
    ++n;
  return n;
}

unsigned explicitLength(uint64_t reg, bool wide, Control c) {
  int64_t v = wide ? static_cast<int64_t>(reg) : static_cast<int32_t>(reg);
  uint64_t magnitude = v < 0 ? 0 - static_cast<uint64_t>(v) : static_cast<uint64_t>(v);
  return magnitude > c.count() ? c.count() : static_cast<unsigned>(magnitude);
}

/// IntRes1: what the aggregation of all comparisons gives, one bit an element of b.
unsigned aggregate(const Bytes16 &a, unsigned la, const Bytes16 &b, unsigned lb, Control c) {
  const unsigned n = c.count();
  unsigned result = 0;
  switch (c.aggregation()) {
  case 0: // equal any
    for (unsigned j = 0; j < lb; ++j)
      for (unsigned i = 0; i < la; ++i)
        if (element(a, i, c) == element(b, j, c))
          result |= 1u << j;
    return result;
  case 1: // ranges
    for (unsigned j = 0; j < lb; ++j)
      for (unsigned i = 0; i + 1 < la; i += 2)
        if (element(a, i, c) <= element(b, j, c) && element(b, j, c) <= element(a, i + 1, c))
          result |= 1u << j;
    return result;
  case 2: // equal each: both ended is equal, one ended is not
    for (unsigned j = 0; j < n; ++j) {
      bool va = j < la, vb = j < lb;
      if (va && vb ? element(a, j, c) == element(b, j, c) : va == vb)
        result |= 1u << j;
    }
    return result;
  default: // equal ordered: a, as far as it is valid, found in b from j on
    for (unsigned j = 0; j < n; ++j) {
      bool match = true;
      for (unsigned i = 0; i < la && i + j < n && match; ++i)
        match = i + j < lb && element(a, i, c) == element(b, i + j, c);
      if (match)
        result |= 1u << j;
    }
    return result;
  }
}

unsigned polarize(unsigned r, unsigned lb, Control c) {
  const unsigned all = (1u << c.count()) - 1;
  switch (c.polarity()) {
  case 1: return ~r & all;
  case 3: return (r ^ ((1u << lb) - 1)) & all;
  default: return r;
  }
}

struct Outcome {
  unsigned bits;
  Control control;
};

Outcome compare(CpuState &s, const Insn &i, bool isExplicit) {
  Control c{static_cast<uint8_t>(i.imm)};
  Bytes16 b = source(s, i, 1), a = source(s, i, 0);
  bool wide = i.has(prefix::RexW);
  unsigned la = isExplicit ? explicitLength(s.reg(Reg::Rax), wide, c) : implicitLength(a, c);
  unsigned lb = isExplicit ? explicitLength(s.reg(Reg::Rdx), wide, c) : implicitLength(b, c);
  unsigned bits = polarize(aggregate(a, la, b, lb, c), lb, c);
  uint64_t flags = (bits ? flag::CF : 0) | (lb < c.count() ? flag::ZF : 0) | (la < c.count() ? flag::SF : 0) |
                   (bits & 1 ? flag::OF : 0);
  s.flags = {flagOp(FlagKind::Literal, 64), flags, 0};
  return {bits, c};
}

void toIndex(CpuState &s, Outcome o) {
  unsigned n = o.control.count();
  if (o.bits)
    n = o.control.mostSignificant() ? 31 - static_cast<unsigned>(std::countl_zero(o.bits))
                                    : static_cast<unsigned>(std::countr_zero(o.bits));
  s.reg(Reg::Rcx) = n;
}

void toMask(CpuState &s, const Insn &insn, Outcome o) {
  Bytes16 r = {};
  if (!o.control.mostSignificant()) {
    std::memcpy(r.b, &o.bits, 2);
  } else {
    unsigned size = 16 / o.control.count();
    for (unsigned i = 0; i < 16; ++i)
      r.b[i] = o.bits >> i / size & 1 ? 0xff : 0;
  }
  xmm(s, Reg::Xmm0) = r;
  if (insn.has(prefix::Vex))
    s.ymmHigh[0] = {0, 0};
}

} // namespace

Trap pcmpistri(CpuState &s, const Insn &i) {
  toIndex(s, compare(s, i, false));
  return Trap::None;
}
Trap pcmpistrm(CpuState &s, const Insn &i) {
  toMask(s, i, compare(s, i, false));
  return Trap::None;
}
Trap pcmpestri(CpuState &s, const Insn &i) {
  toIndex(s, compare(s, i, true));
  return Trap::None;
}
Trap pcmpestrm(CpuState &s, const Insn &i) {
  toMask(s, i, compare(s, i, true));
  return Trap::None;
}

Trap crc32(CpuState &s, const Insn &i) {
  uint64_t data = 0;
  if (i.kind[1] == OpKind::Mem)
    std::memcpy(&data, pointer(address(s, i)), i.size[1]);
  else if (isHighByte(i.reg[1]))
    data = s.gpr[number(i.reg[1]) - number(Reg::Ah)] >> 8 & 0xff;
  else
    std::memcpy(&data, &s.gpr[number(i.reg[1])], i.size[1]);
  uint32_t crc = static_cast<uint32_t>(s.reg(i.reg[0]));
  for (unsigned byte = 0; byte < i.size[1]; ++byte) {
    crc ^= static_cast<uint8_t>(data >> 8 * byte);
    for (int bit = 0; bit < 8; ++bit)
      crc = crc & 1 ? crc >> 1 ^ 0x82f63b78u : crc >> 1; // the Castagnoli polynomial, reflected
  }
  s.reg(i.reg[0]) = crc;
  return Trap::None;
}

Trap maskmovq(CpuState &s, const Insn &i) {
  auto bytes = [&](Reg r) { return reinterpret_cast<const uint8_t *>(&s.x87.st[number(r) - number(Reg::Mm0)]); };
  uint64_t at = s.reg(Reg::Rdi);
  if (i.addrSize == 4)
    at = static_cast<uint32_t>(at);
  at += segmentBase(s, i.segment);
  for (unsigned k = 0; k < 8; ++k)
    if (bytes(i.reg[1])[k] & 0x80)
      storeAs(at + k, bytes(i.reg[0])[k]);
  return Trap::None;
}

} // namespace dbt::helpers
