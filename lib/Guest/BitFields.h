//===- BitFields.h - Bit fields and checksums on any host -------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// What the interpreter does everywhere, and compiled code on hosts that have no
// instruction for it.
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_BITFIELDS_H
#define DBT_GUEST_BITFIELDS_H

#include <cstdint>

namespace dbt {

/// PDEP: \p v's low bits, in their order, where \p mask has ones.
inline uint64_t depositBits(uint64_t v, uint64_t mask) {
  uint64_t result = 0;
  for (; mask; mask &= mask - 1, v >>= 1)
    if (v & 1)
      result |= mask & -mask;
  return result;
}

/// PEXT: \p v's bits where \p mask has ones, next to each other.
inline uint64_t extractBits(uint64_t v, uint64_t mask) {
  uint64_t result = 0;
  for (uint64_t bit = 1; mask; mask &= mask - 1, bit <<= 1)
    if (v & mask & -mask)
      result |= bit;
  return result;
}

/// CRC32: \p crc continued by the low \p bytes bytes of \p data. The polynomial is
/// Castagnoli's, reflected (SDM Vol. 2, CRC32).
inline uint32_t continueCrc32(uint32_t crc, uint64_t data, unsigned bytes) {
  for (unsigned byte = 0; byte < bytes; ++byte) {
    crc ^= static_cast<uint8_t>(data >> 8 * byte);
    for (int bit = 0; bit < 8; ++bit)
      crc = crc & 1 ? crc >> 1 ^ 0x82f63b78u : crc >> 1;
  }
  return crc;
}

} // namespace dbt

#endif
