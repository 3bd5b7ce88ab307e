//===- StringCompare.cpp - SSE4.2's string comparison ---------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, 12.10 and Vol. 2, 4.1 "Imm8 control byte operation".

#include "Guest/StringCompare.h"

#include "Guest/Flags.h"

#include <bit>
#include <cstring>

namespace dbt::host {

namespace {

struct Bytes16 {
  uint8_t b[16];
};

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

unsigned explicitLength(int32_t length, Control c) {
  const uint32_t magnitude = length < 0 ? 0 - static_cast<uint32_t>(length) : static_cast<uint32_t>(length);
  return magnitude > c.count() ? c.count() : magnitude;
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

uint32_t indexOf(unsigned bits, Control c) {
  if (!bits)
    return c.count();
  return static_cast<uint32_t>(c.mostSignificant() ? 31 - std::countl_zero(bits) : std::countr_zero(bits));
}

Bytes16 maskOf(unsigned bits, Control c) {
  Bytes16 r = {};
  if (!c.mostSignificant()) {
    std::memcpy(r.b, &bits, 2);
    return r;
  }
  const unsigned size = 16 / c.count();
  for (unsigned i = 0; i < 16; ++i)
    r.b[i] = bits >> i / size & 1 ? 0xff : 0;
  return r;
}

} // namespace

StringMatch compareStrings(StringCompare how, Vec<128> a, int32_t la, Vec<128> b, int32_t lb) {
  const Control c{how.control};
  const auto x = std::bit_cast<Bytes16>(a), y = std::bit_cast<Bytes16>(b);
  const unsigned lx = how.isExplicit ? explicitLength(la, c) : implicitLength(x, c);
  const unsigned ly = how.isExplicit ? explicitLength(lb, c) : implicitLength(y, c);
  const unsigned bits = polarize(aggregate(x, lx, y, ly, c), ly, c);
  const uint64_t flags = (bits ? flag::CF : 0) | (ly < c.count() ? flag::ZF : 0) | (lx < c.count() ? flag::SF : 0) |
                         (bits & 1 ? flag::OF : 0);
  return {indexOf(bits, c), std::bit_cast<Vec<128>>(maskOf(bits, c)), flags};
}

} // namespace dbt::host
