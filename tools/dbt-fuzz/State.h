//===- State.h - What an instance starts from and ends in -------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Registers as the processor has them, and guest memory at fixed addresses: host
// address == guest address, so all machines run the same bytes on the same memory.
//===----------------------------------------------------------------------===//
#ifndef DBT_TOOLS_DBT_FUZZ_STATE_H
#define DBT_TOOLS_DBT_FUZZ_STATE_H

#include "Guest/CpuState.h"
#include "Guest/Fxsave.h"

namespace dbt::fuzz {

struct alignas(64) State {
  uint64_t gpr[16];
  uint64_t rflags;
  uint64_t rip;
  uint64_t fsBase, gsBase;
  int signal; ///< that the last instruction raised, or 0
  uint32_t landing; ///< the native stub's: which landing it came out at
  alignas(64) FxsaveImage fx;
  Vec128 ymmHigh[16];
};

/// \name Guest data; what surrounds it is not mapped.
/// @{
inline constexpr uint64_t DataStart = 0x60000000, DataSize = 0x4000;
inline constexpr uint64_t DataEnd = DataStart + DataSize, Middle = DataStart + DataSize / 2;
inline uint8_t *data() { return reinterpret_cast<uint8_t *>(DataStart); }
/// @}

/// \name Guest code. A slot holds one sequence, and landings where branches go:
/// number 0 right behind the sequence, the others beyond it, number Back before it.
/// @{
inline constexpr uint64_t CodeStart = 0x20000000, SlotSize = 0x400;
inline constexpr unsigned NumSlots = 1024, MaxSequenceBytes = 20 * 15;
inline constexpr uint64_t LandingSize = 16;
inline constexpr unsigned NumLandings = 3, Back = NumLandings;
inline uint64_t codeAt(unsigned slot) { return CodeStart + slot * SlotSize + LandingSize; }
/// Where landing \p n of a sequence that ends at \p end and begins at \p start is.
inline uint64_t landingAt(uint64_t start, uint64_t end, unsigned n) {
  return n == Back ? start - LandingSize : end + n * LandingSize;
}
/// @}

void toCpu(const State &in, CpuState &cpu);
/// \c signal and \c landing are left alone.
void fromCpu(const CpuState &cpu, State &out);

/// Whether FS and GS bases can be set and read by user code here.
bool hasFsgsbase();
/// Whether the guest's YMM registers are compared: the guest and the host have them.
bool hasYmm();

} // namespace dbt::fuzz

#endif
