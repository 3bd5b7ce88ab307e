//===- Forms.h - Instruction forms to try -----------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A form is a line of tokens, as the SDM writes encodings:
//   osz      one of no prefix, 66, REX.W, or another REX; rexw: 32 or 64 bits
//   C1, ...  that byte; lock, rep: a prefix now and then
//   /n       a ModRM byte with n in its reg field and any operand; /r: any reg
//   m        (behind /n or /r) only memory; g: only a register
//   /i       a ModRM byte with a register operand and everything else random
//   ib iw iz an immediate of 8, 16, or 16 or 32 bits; i2, i4, i7: 8 bits, 0 to 3, 0 to 16, 0 to 7
//   xx+i     the byte xx with a register in its low bits; /s: a segment register
//   vex.MAP.PP.W.L  a VEX prefix (W, L: 0, 1, or x for either; without L, 0), with a
//            random vvvv; vex0: with none
//   /vd /vq  a ModRM byte with any reg and a vector index, of which vector registers
//            then hold small ones of 32 or 64 bits
//===----------------------------------------------------------------------===//
#ifndef DBT_TEST_SEMANTICS_FORMS_H
#define DBT_TEST_SEMANTICS_FORMS_H

#include <cstdint>

namespace dbt::test {

struct Form {
  const char *name;
  const char *encoding;
  /// Flags that need not agree with the processor's: undefined by the SDM, and
  /// set there by rules that follow no simple formula.
  uint32_t undefinedFlags = 0;
  /// Undefined by the SDM too, but here they are as AMD's processors have them, and
  /// compared on those.
  uint32_t amdFlags = 0;
};

struct FormGroup {
  const char *name;
  const Form *forms;
  unsigned size;
  /// The x87 condition codes of which the same is true.
  uint16_t amdCodes;
  /// Registers and memory hold floating-point values of every class, and MXCSR is
  /// random.
  bool vectors = false;
};

extern const FormGroup IntegerForms, X87Forms, SseForms, MmxForms, AvxForms;

} // namespace dbt::test

#endif
