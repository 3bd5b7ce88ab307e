//===- Random.h - Random numbers and values ---------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_TOOLS_DBT_FUZZ_RANDOM_H
#define DBT_TOOLS_DBT_FUZZ_RANDOM_H

#include <cstdint>

namespace dbt::fuzz {

/// splitmix64: the same numbers from the same seed on every host.
class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}

  uint64_t next() {
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  unsigned below(unsigned n) { return static_cast<unsigned>(next() % n); }
  bool oneIn(unsigned n) { return below(n) == 0; }

  /// An integer as programs have them: small, near a power of two, or any.
  uint64_t integer();
  /// A value of any floating-point class, as its bits: 4 or 8 bytes.
  uint32_t single();
  uint64_t real();
  /// 64 bits of a vector: an integer, a double or two floats.
  uint64_t lanes();
  /// An 80-bit value of any class.
  void extended(uint8_t *p);

private:
  template <class Bits> Bits floating(Bits exponentMask, unsigned exponentShift);

  uint64_t state;
};

} // namespace dbt::fuzz

#endif
