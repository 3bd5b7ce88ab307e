//===- Unit.h - A piece of guest code and its copy --------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_COPY_UNIT_H
#define DBT_COPY_UNIT_H

#include "Guest/Reg.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace dbt {

/// From \p offset in a unit's host code on, it is for the guest instruction at \p pc, and
/// the guest's values of the registers \p borrowed are in CpuState::copyScratch.
struct CopyLine {
  uint32_t offset;
  std::array<Reg, 3> borrowed = {Reg::None, Reg::None, Reg::None};
  uint64_t pc;
};

/// Where copied code goes for a guest address: to its copy, or to a stub that leaves with
/// it as RIP.
struct CopySlot {
  std::atomic<const void *> code;
  const void *stub;
};

struct CopyUnit {
  uint64_t pc = 0;
  const uint8_t *code = nullptr;
  uint32_t bytes = 0;
  uint32_t insns = 0;
  uint32_t floats = 0; ///< of these, those that round as MXCSR says
  bool dead = false;
  /// Guest address → host code. All guest state is in the same places everywhere, so any
  /// instruction can be one; these are the blocks, and where polls go on.
  std::vector<std::pair<uint64_t, const uint8_t *>> entries;
  std::vector<std::pair<uint64_t, uint64_t>> spans; ///< guest code: start and end of each block
  std::vector<CopyLine> lines;
};

using CopySlots = std::function<CopySlot *(uint64_t pc)>;

} // namespace dbt

#endif
