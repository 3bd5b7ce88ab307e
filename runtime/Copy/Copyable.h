//===- Copyable.h - What a processor may execute itself ---------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_COPY_COPYABLE_H
#define DBT_COPY_COPYABLE_H

#include "Effects/Effects.h"
#include "Interp/Block.h"

namespace dbt {

/// Whether a host of the guest's kind that has every register of the guest's in its own
/// does the same as the tiers with \p insn: its row says that it touches no other state
/// (its bodies do, by Effects.h), the host has what it needs, and is the guest's maker's
/// where that matters. \p effects of a helper
/// are those of its operands only.
bool isCopyable(const Insn &insn, Effects &effects);

/// The same of a whole block, but for what ends it by leaving to the kernel or by a trap.
bool isCopyable(const Block &block);

} // namespace dbt

#endif
