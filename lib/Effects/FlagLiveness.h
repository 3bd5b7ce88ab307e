//===- FlagLiveness.h - Whether anything reads the flags --------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_EFFECTS_FLAGLIVENESS_H
#define DBT_EFFECTS_FLAGLIVENESS_H

#include "Decode/Insn.h"

#include <functional>

namespace dbt {

/// The instruction at an address; false: there is none to be had.
using InsnReader = std::function<bool(uint64_t pc, Insn &out)>;

/// Whether on every path from \p pc all six status flags are written before one of
/// them is read, before anything leaves (an indirect jump, a system call, a trap) and
/// before a helper. Direct jumps and calls are followed. The faults of memory operands,
/// where a handler could see the flags, are left to the caller. False also where more
/// than \p limit instructions, of all paths together, would have to be looked at.
bool flagsDeadAt(uint64_t pc, const InsnReader &read, unsigned limit = 40);

} // namespace dbt

#endif
