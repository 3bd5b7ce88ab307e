//===- JumpTable.h - Where an indirect jump may lead ------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Compilers turn a switch into a table of addresses, or of distances from the table
// (position-independent code), and a jump to what they load from it. What is found
// here is only a guess: compiled code compares the guest's own target with it.
//===----------------------------------------------------------------------===//
#ifndef DBT_DECODE_JUMPTABLE_H
#define DBT_DECODE_JUMPTABLE_H

#include "Decode/CodeBytes.h"
#include "Decode/Insn.h"

#include <functional>
#include <span>
#include <vector>

namespace dbt {

/// Copies up to \p size readable bytes at guest address \p at, and says how many.
using DataReader = std::function<size_t(uint64_t at, void *to, size_t size)>;

struct JumpTable {
  uint64_t load = 0;             ///< the address of the instruction that reads the table
  Reg index = Reg::None;         ///< its index register, 64 bits wide
  std::vector<uint64_t> targets; ///< by index; empty: no table found
};

/// \p path is what runs before the jump, which is its last instruction, in the order of
/// addresses and without gaps.
JumpTable findJumpTable(std::span<const Insn> path, const CodeReader &read, const DataReader &readData);

} // namespace dbt

#endif
