//===- X87.h - x87 instructions as helpers ----------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A row gives an instruction's encodings, by operand; the decoder has thrown them
// away. X87.cpp executes an encoding: what the usual cases need is taken from
// the stack and computed (host::x87Compute); stack faults and unmasked exceptions
// run again on the whole unit (host::x87Run).
//===----------------------------------------------------------------------===//
#ifndef DBT_SEMANTICS_HELPERS_X87_H
#define DBT_SEMANTICS_HELPERS_X87_H

#include "Guest/Flags.h"
#include "Semantics/Row.h"

namespace dbt::helpers {

/// What an instruction does to the stack.
enum class X87Shape : uint8_t {
  Push,       ///< a new ST(0), from memory or nowhere
  Unary,      ///< ST(0), and memory perhaps
  UnaryPop,   ///< ST(0), and memory perhaps; pops
  Binary,     ///< ST(0) and ST(i), either of which may change
  BinaryPop,  ///< ST(0) and ST(i), into ST(i); pops
  BinaryPop2, ///< ST(0) and ST(1); pops both
  Whole,      ///< anything else, or rare
};

/// Which condition codes are written (SDM Vol. 1, 8.1.3.3): the others stay. Where
/// the SDM leaves them undefined this is what AMD's processors do.
enum class X87Codes : uint16_t {
  None = 0,
  C1 = 0x0200,
  C1C2 = 0x0600,
  All = 0x4700,
  Remainder = 0x4701, ///< all, but only C1 and C2 where the result is a NaN
};

struct X87Spec {
  uint16_t encoding; ///< escape opcode and ModRM byte; ST(i)'s number is added
  X87Shape shape;
  X87Codes codes = X87Codes::C1;
  uint8_t loads = 0;  ///< bytes read from memory
  uint8_t stores = 0; ///< bytes written to memory
};

/// Executes \p spec with ST(\p sti).
Trap x87Execute(CpuState &s, const Insn &i, X87Spec spec, unsigned sti);
/// The register operand that is not ST(0), or 0; with two, which is written.
unsigned x87Register(const Insn &i);

/// An instruction without operands.
template <uint16_t Encoding, X87Shape Shape, X87Codes Codes = X87Codes::C1>
Trap x87(CpuState &s, const Insn &i) {
  return x87Execute(s, i, {Encoding, Shape, Codes}, 1);
}

/// An instruction on ST(i) alone or ST(0) and ST(i).
template <uint16_t Encoding, X87Shape Shape, X87Codes Codes = X87Codes::C1>
Trap x87Sti(CpuState &s, const Insn &i) {
  return x87Execute(s, i, {Encoding, Shape, Codes}, x87Register(i));
}

/// FADD, FMUL, FCOM, FCOMP, FSUB, FSUBR, FDIV, FDIVR by their \p Number 0 to 7;
/// P is the popping form, I the one with an integer in memory.
enum class X87Form : uint8_t { Plain, Pop, Integer };
Trap x87Arithmetic(CpuState &s, const Insn &i, unsigned number, X87Form form);
template <unsigned Number, X87Form Form> Trap x87Arith(CpuState &s, const Insn &i) {
  return x87Arithmetic(s, i, Number, Form);
}

/// Encodings of a load or store by the operand's size; 0: none.
struct X87Sizes {
  uint16_t m16, m32, m64, m80;
};
Trap x87Memory(CpuState &s, const Insn &i, const X87Sizes &sizes, X87Shape shape);
template <uint16_t M16, uint16_t M32, uint16_t M64, uint16_t M80, X87Shape Shape>
Trap x87Mem(CpuState &s, const Insn &i) {
  return x87Memory(s, i, {M16, M32, M64, M80}, Shape);
}

// Moves that need no arithmetic.
Trap fld(CpuState &s, const Insn &i);
Trap fst(CpuState &s, const Insn &i);
Trap fstp(CpuState &s, const Insn &i);
Trap fxch(CpuState &s, const Insn &i);
Trap ffree(CpuState &s, const Insn &i);
Trap fchs(CpuState &s, const Insn &i);
Trap fabs(CpuState &s, const Insn &i);
Trap fld1(CpuState &s, const Insn &i);
Trap fldz(CpuState &s, const Insn &i);
Trap ffreep(CpuState &s, const Insn &i);
Trap x87Fcmov(CpuState &s, const Insn &i, Cond cond, uint16_t encoding);
template <Cond C, uint16_t Encoding> Trap fcmov(CpuState &s, const Insn &i) {
  return x87Fcmov(s, i, C, Encoding);
}

// X87Control.cpp
Trap fwait(CpuState &s, const Insn &i);
Trap fincstp(CpuState &s, const Insn &i);
Trap fdecstp(CpuState &s, const Insn &i);
Trap fldcw(CpuState &s, const Insn &i);
Trap fnstcw(CpuState &s, const Insn &i);
Trap fnstsw(CpuState &s, const Insn &i);
Trap fnclex(CpuState &s, const Insn &i);
Trap fninit(CpuState &s, const Insn &i);
Trap fnstenv(CpuState &s, const Insn &i);
Trap fldenv(CpuState &s, const Insn &i);
Trap fnsave(CpuState &s, const Insn &i);
Trap frstor(CpuState &s, const Insn &i);

} // namespace dbt::helpers

#endif
