//===- Effects.h - What an instruction reads and writes ---------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Found by running the instruction's body on a machine whose values are not known
// (Machine.h), so that it cannot differ from what the tiers do.
//===----------------------------------------------------------------------===//
#ifndef DBT_EFFECTS_EFFECTS_H
#define DBT_EFFECTS_EFFECTS_H

#include "Decode/Insn.h"
#include "Guest/Flags.h"

#include <optional>

namespace dbt {

/// State that has no masks of its own in Effects.
namespace part {
enum : uint8_t {
  Memory = 1,
  X87 = 2, ///< the x87 registers, which are MMX's, too, and its control and status words
  Mxcsr = 4,
  Segments = 8, ///< the bases of FS and GS, selectors
  OtherFlags = 16, ///< AC, ID, NT and TF of RFLAGS
  All = Memory | X87 | Mxcsr | Segments | OtherFlags,
};
}

/// What is read may be more than the SDM says, never less; what is written likewise.
/// A register that is written only in part or only sometimes is read as well: its old
/// value survives. So a register that is written and not read is dead before.
struct Effects {
  /// By number(Reg) of Rax..R15; a high byte is its register.
  uint16_t gprsRead = 0, gprsWritten = 0;
  /// XMM0..XMM15. Bits 128 and up are kept by an instruction without VEX and zeroed by
  /// one with it.
  uint16_t vectorsRead = 0, vectorsWritten = 0;
  /// Of flag::Status and flag::DF. INC and DEC, which keep CF, neither read nor write it.
  uint32_t flagsRead = 0;
  uint32_t flagsWritten = 0;    ///< always
  uint32_t flagsMayWritten = 0; ///< by some values of the operands only
  /// Of part::.
  uint8_t partsRead = 0, partsWritten = 0;
  /// Raises an exception of its own for some operands (#DE, #GP, #MF); the faults of a
  /// memory operand and unmasked floating-point exceptions are not counted.
  bool mayTrap = false;
  /// What runs next is not told by Insn: an address from a register or memory, the
  /// kernel, a handler.
  bool leaves = false;
  /// A function of C++ (Row.h, HelperFn), of which this assumes that it reads and
  /// may write everything.
  bool helper = false;
};

/// None: there is no row for \p insn, or its processor feature is off. Used by one
/// thread at a time.
std::optional<Effects> effectsOf(const Insn &insn);

} // namespace dbt

#endif
