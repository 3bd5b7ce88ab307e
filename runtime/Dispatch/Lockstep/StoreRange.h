//===- StoreRange.h - Where an instruction may store ------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_DISPATCH_LOCKSTEP_STORERANGE_H
#define DBT_DISPATCH_LOCKSTEP_STORERANGE_H

#include "Decode/Insn.h"
#include "Guest/CpuState.h"

namespace dbt {

/// How an instruction's stores are found, once an instruction.
enum class StoreRule : uint8_t {
  None,
  Operand, ///< the memory operand
  Bits,    ///< BTS and the like with a register: beyond the operand, too
  Pop,     ///< the memory operand, whose address may use RSP after the instruction
  Push,    ///< below RSP
  Enter,
  String, ///< MOVS, STOS: up from RDI or down, RCX times if repeated
  Masked, ///< MASKMOVDQU: at RDI
};
StoreRule storeRule(const Insn &insn);

struct StoreRange {
  uint64_t start = 0, size = 0;
};
/// What \p insn may store to when it runs from \p s: not less than it does, and
/// seldom more.
StoreRange storeRange(const CpuState &s, const Insn &insn, StoreRule rule);

} // namespace dbt

#endif
