//===- Insn.h - One decoded guest instruction -------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The small fixed-size form in which every layer above the decoder sees an
// instruction. At most one operand is in memory (string instructions name
// theirs implicitly), so the address parts stand once.
//===----------------------------------------------------------------------===//
#ifndef DBT_DECODE_INSN_H
#define DBT_DECODE_INSN_H

#include "Guest/Reg.h"

#include <array>
#include <cstdint>

namespace dbt {

enum class OpKind : uint8_t { None, Reg, Imm, Mem };

namespace prefix {
enum : uint8_t {
  Lock = 1,
  Rep = 2,   ///< F3, where it means REP/REPE
  Repne = 4, ///< F2, where it means REPNE
  Vex = 8,   ///< VEX-encoded: a vector destination's upper bits are zeroed
  VexL = 16, ///< VEX.L: 256 bits, where the instruction has them
  RexW = 64,
  OpSize = 32, ///< 66, where it means a 16-bit operand
};
}

/// What the decoder found out that needs no table of instructions.
enum class Flow : uint8_t {
  Next,         ///< falls through
  Jump,         ///< direct unconditional jump to imm
  CondJump,     ///< to imm or falls through (Jcc, LOOPcc, JrCXZ)
  Call,         ///< direct call of imm
  IndirectJump, ///< JMP r/m
  IndirectCall, ///< CALL r/m
  Ret,          ///< RET, IRET
  Trap,         ///< always faults or traps (UD2, HLT, INT3, ...)
  Syscall,      ///< enters the kernel, then falls through
};

struct Insn {
  uint64_t pc;
  /// Immediate, sign-extended from its encoded width to 64 bits; for direct
  /// branches the absolute target.
  int64_t imm;
  /// Displacement; with RIP-relative addressing and with moffs64 the absolute
  /// address (base is Reg::None then).
  int64_t disp;
  /// Decoder::mnemonic's number of the instruction's name.
  uint16_t mnemonic;
  uint8_t length; ///< bytes, 1 to 15
  uint8_t numOps;
  uint8_t prefixes;
  Flow flow;
  uint8_t addrSize; ///< bytes: 8, or 4 with 67
  uint8_t imm2;     ///< the second immediate of ENTER, EXTRQ and INSERTQ
  std::array<OpKind, 4> kind;
  std::array<uint8_t, 4> size; ///< bytes
  std::array<Reg, 4> reg;
  Reg base, index;
  uint8_t scale; ///< log2: 0 to 3
  Reg segment;   ///< Fs, Gs or None (the others have base 0 in 64-bit mode)
  bool ripRelative;

  uint64_t nextPc() const { return pc + length; }
  bool has(uint8_t p) const { return (prefixes & p) != 0; }
  /// The operand in memory, or -1.
  int memOperand() const {
    for (int i = 0; i < numOps; ++i)
      if (kind[i] == OpKind::Mem)
        return i;
    return -1;
  }
};

inline bool isCall(const Insn &insn) { return insn.flow == Flow::Call || insn.flow == Flow::IndirectCall; }

/// Whether an operand is an MMX register.
inline bool usesMmx(const Insn &insn) { return isMmx(insn.reg[0]) || isMmx(insn.reg[1]); }
/// VZEROUPPER or VZEROALL: no other instruction has VEX and no operand.
inline bool zeroesUppers(const Insn &insn) { return insn.has(prefix::Vex) && insn.numOps == 0; }
/// Whether operand \p i is a whole YMM register.
inline bool isYmm(const Insn &insn, int i) {
  return insn.kind[i] == OpKind::Reg && isXmm(insn.reg[i]) && insn.size[i] == 32;
}

static_assert(sizeof(Insn) <= 56);

} // namespace dbt

#endif
