//===- Unit.h - A piece of guest code and its copy --------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_COPY_UNIT_H
#define DBT_COPY_UNIT_H

#include "Code/CodeObject.h"
#include "Guest/CodeSlot.h"
#include "Guest/Reg.h"

#include <array>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace dbt {

class CopyArena;

/// From \p offset in a unit's host code on, it is for the guest instruction at \p pc, and
/// the guest's values of the registers \p borrowed are in CpuState::copyScratch.
struct CopyLine {
  uint32_t offset;
  std::array<Reg, 3> borrowed = {Reg::None, Reg::None, Reg::None};
  uint64_t pc;
};

struct CopyUnit final : CodeObject {
  CopyUnit() : CodeObject(TierId::Copy) {}
  ~CopyUnit() override;

  uint64_t pc = 0;
  const uint8_t *code = nullptr;
  uint32_t bytes = 0;
  uint32_t insns = 0;
  uint32_t floats = 0; ///< of these, those that round as MXCSR says
  /// All guest state is in the same places everywhere, so any instruction can be an entry; these
  /// are the blocks, and where polls go on.
  std::vector<Entry> entryList;
  std::vector<GuestSpan> blockSpans; ///< guest code, a span a block
  std::vector<uint8_t> blockBytes;
  std::vector<CopyLine> lines;
  CopyArena *arena = nullptr; ///< where its code is, and in which of its chunks
  unsigned chunk = 0;

  std::span<const Entry> entries() const override { return entryList; }
  std::span<const GuestSpan> spans() const override { return blockSpans; }
  const uint8_t *guestBytes() const override { return blockBytes.data(); }
};

using CopySlots = std::function<CodeSlot *(uint64_t pc)>;

} // namespace dbt

#endif
