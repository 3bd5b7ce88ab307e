//===- Shape.h - What a handler knows of its operands -----------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_INTERP_SHAPE_H
#define DBT_INTERP_SHAPE_H

#include "Decode/Insn.h"
#include "Guest/Flags.h"

namespace dbt::interp {

/// Knows nothing: looks at the Insn.
struct Dynamic {
  static constexpr bool PlainAddress = false, IntegerRegs = false, HasFlagHint = false;
  static OpKind kind(const Insn &insn, int i) { return insn.kind[i]; }
};

/// Operands 0 and 1 are of these kinds, registers are general-purpose ones (no
/// high bytes), the address has no segment and 64 bits.
template <OpKind K0, OpKind K1> struct Static {
  static constexpr bool PlainAddress = true, IntegerRegs = true, HasFlagHint = false;
  static constexpr OpKind kind(const Insn &, int i) { return i == 0 ? K0 : K1; }
};

/// The flags were set by an operation of this kind and width, within the block.
template <FlagKind Kind, unsigned N> struct Flagged : Dynamic {
  static constexpr bool HasFlagHint = true;
  static constexpr FlagKind HintKind = Kind;
  static constexpr unsigned HintBits = N;
};

} // namespace dbt::interp

#endif
