//===- Random.cpp - Random numbers and values -----------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Random.h"

#include <cstring>
#include <iterator>

namespace dbt::fuzz {

uint64_t Random::integer() {
  static constexpr uint64_t Edges[] = {0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000,
                                       0xffffffff, 0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff};
  switch (below(6)) {
  case 0: return Edges[below(std::size(Edges))];
  case 1: return below(100);
  case 2: return -static_cast<uint64_t>(below(100));
  case 3: return next() & 0xffffffff;
  default: return next();
  }
}

template <class Bits> Bits Random::floating(Bits exponentMask, unsigned exponentShift) {
  const Bits fraction = (Bits(1) << exponentShift) - 1, bias = exponentMask >> 1;
  Bits exponent, low = static_cast<Bits>(next()) & fraction;
  switch (below(9)) {
  case 0: exponent = 0; low = below(3) ? low : 0; break;                         // zero, denormal
  case 1: exponent = exponentMask; low = below(2) ? low : 0; break;              // infinity, NaN
  case 2: exponent = exponentMask; low |= Bits(1) << (exponentShift - 1); break; // quiet
  case 3: exponent = below(2) ? 1 : exponentMask - 1; break;                     // the least, the greatest
  case 4: exponent = bias + below(8); low = Bits(next() & 7) << (exponentShift - 3); break;
  case 5: exponent = bias + below(70); break; // about integers' limits
  case 6: exponent = static_cast<Bits>(next()) & exponentMask; break;
  default: exponent = bias - 10 + below(20); break;
  }
  return Bits(below(2)) << (sizeof(Bits) * 8 - 1) | exponent << exponentShift | low;
}

uint32_t Random::single() { return floating<uint32_t>(0xff, 23); }
uint64_t Random::real() { return floating<uint64_t>(0x7ff, 52); }

uint64_t Random::lanes() {
  switch (below(4)) {
  case 0: return integer();
  case 1: return real();
  default: {
    const uint64_t low = single();
    return low | uint64_t(single()) << 32;
  }
  }
}

void Random::extended(uint8_t *p) {
  static constexpr uint16_t Exponents[] = {0, 1, 0x3ffe, 0x3fff, 0x4000, 0x403e, 0x7ffe, 0x7fff, 0x3c00, 0x43ff, 0x3f80};
  static constexpr uint64_t Significands[] = {0, 0x8000000000000000, 0xc000000000000000, 0xa000000000000000,
                                              0xffffffffffffffff, 0x4000000000000000, 1, 0x8000000000000001};
  uint64_t significand = oneIn(3) ? Significands[below(8)] : next() | (below(8) ? uint64_t(1) << 63 : 0);
  uint16_t exponent;
  switch (below(5)) {
  case 0: exponent = Exponents[below(std::size(Exponents))]; break;
  case 1: exponent = static_cast<uint16_t>(next() & 0x7fff); break;
  case 2: // a small integer
    significand = uint64_t(1 + below(255)) << 56 | uint64_t(1) << 63;
    exponent = static_cast<uint16_t>(0x3fff + below(12));
    break;
  default: exponent = static_cast<uint16_t>(0x3fff - 40 + below(80)); break;
  }
  exponent |= static_cast<uint16_t>(below(2) << 15);
  std::memcpy(p, &significand, 8);
  std::memcpy(p + 8, &exponent, 2);
}

} // namespace dbt::fuzz
