//===- X87.h - x87 instructions as helpers ----------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// X87Specs.cpp says how instructions are encoded and X87.cpp executes an encoding:
// what the usual cases need is taken from the stack and computed
// (host::x87Compute); stack faults and unmasked exceptions run again on the whole
// unit (host::x87Run).
//===----------------------------------------------------------------------===//
#ifndef DBT_SEMANTICS_HELPERS_X87_H
#define DBT_SEMANTICS_HELPERS_X87_H

#include "Guest/Flags.h"
#include "Semantics/X87Spec.h"

namespace dbt::helpers {

Trap x87Execute(CpuState &s, const Insn &i, const X87Spec &spec);
template <X87SpecFn Spec> Trap x87Execute(CpuState &s, const Insn &i) { return x87Execute(s, i, Spec(i)); }

//===--- Specs ---===//

/// The register operand that is not ST(0), or 0; with two, which is written.
unsigned x87Register(const Insn &i);

/// An instruction without operands; of two registers the other is ST(1).
template <uint16_t Encoding, X87Shape Shape, X87Codes Codes = X87Codes::C1> X87Spec x87(const Insn &) {
  return {Encoding, Shape, Codes, 0, 0, 1};
}

/// An instruction on ST(i) alone or ST(0) and ST(i).
template <uint16_t Encoding, X87Shape Shape, X87Codes Codes = X87Codes::C1> X87Spec x87Sti(const Insn &i) {
  const unsigned sti = x87Register(i);
  return {static_cast<uint16_t>(Encoding + sti), Shape, Codes, 0, 0, static_cast<uint8_t>(sti)};
}

/// FADD, FMUL, FCOM, FCOMP, FSUB, FSUBR, FDIV, FDIVR by their \p Number 0 to 7;
/// P is the popping form, I the one with an integer in memory.
enum class X87Form : uint8_t { Plain, Pop, Integer };
X87Spec x87Arithmetic(const Insn &i, unsigned number, X87Form form);
template <unsigned Number, X87Form Form> X87Spec x87Arith(const Insn &i) { return x87Arithmetic(i, Number, Form); }

/// Encodings of a load or store by the operand's size; 0: none.
struct X87Sizes {
  uint16_t m16, m32, m64, m80;
};
X87Spec x87Memory(const Insn &i, const X87Sizes &sizes, X87Shape shape);
template <uint16_t M16, uint16_t M32, uint16_t M64, uint16_t M80, X87Shape Shape> X87Spec x87Mem(const Insn &i) {
  return x87Memory(i, {M16, M32, M64, M80}, Shape);
}

X87Spec fldSpec(const Insn &i);
X87Spec fstSpec(const Insn &i);
X87Spec fstpSpec(const Insn &i);

/// Control: no operands, or a word that is loaded or stored.
template <uint16_t Encoding> X87Spec x87Control(const Insn &) {
  return {Encoding, X87Shape::Whole, X87Codes::None, 0, 0, 0, true};
}
X87Spec fldcwSpec(const Insn &i);
X87Spec fnstcwSpec(const Insn &i);
X87Spec fnstswSpec(const Insn &i);

//===--- Moves that need no arithmetic ---===//

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
Trap x87Fcmov(CpuState &s, const Insn &i, Cond cond, const X87Spec &spec);
template <Cond C, X87SpecFn Spec> Trap fcmov(CpuState &s, const Insn &i) { return x87Fcmov(s, i, C, Spec(i)); }

//===--- X87Control.cpp ---===//

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
