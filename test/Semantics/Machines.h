//===- Machines.h - One instruction, natively and interpreted ---*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Both run the same bytes from the same state on the same memory. They need
// the low addresses that Machines.cpp maps, so there is one of them per process.
//===----------------------------------------------------------------------===//
#ifndef DBT_TEST_SEMANTICS_MACHINES_H
#define DBT_TEST_SEMANTICS_MACHINES_H

#include <cstddef>
#include <cstdint>

namespace dbt::test {

/// The x87 unit and environment as FNSAVE stores them.
struct __attribute__((packed)) X87Image {
  uint32_t control, status, tags, ip, opcode, dp, ds;
  uint8_t st[8][10]; ///< ST(0) first
};
static_assert(sizeof(X87Image) == 108);

struct alignas(64) State {
  uint64_t gpr[16];
  uint64_t rflags;
  uint64_t rip;
  int signal; ///< that the instruction raised, or 0
  alignas(64) uint8_t fx[512]; ///< MXCSR and the XMM registers as FXSAVE stores them
  uint8_t upper[16][16]; ///< bits 128 to 255 of the YMM registers, where there are any
  X87Image x87;

  uint32_t &mxcsr() { return *reinterpret_cast<uint32_t *>(fx + 24); }
  uint8_t *xmm(unsigned n) { return fx + 160 + 16 * n; }
};

/// Guest data, the same for both.
inline constexpr uint64_t DataStart = 0x60000000, DataSize = 0x4000;
/// Where the bytes run.
inline constexpr uint64_t CodeStart = 0x10000000;

/// Whether the processor that this runs on has YMM registers.
bool hasYmm();
void initMachines();
/// Runs \p size bytes at CodeStart and changes \p state to what follows.
void runNative(const uint8_t *bytes, size_t size, State &state);
/// The same at an address of its own, one for each \p slot: all are placed before the
/// first is run, so that a translator may keep what it makes of them.
void placeNative(unsigned slot, const uint8_t *bytes, size_t size);
void finishPlacing();
void runPlaced(unsigned slot, size_t size, State &state);
/// The same; false if there is no row or no such instruction.
bool runInterpreted(const uint8_t *bytes, size_t size, State &state);

} // namespace dbt::test

#endif
