//===- X87Spec.h - An x87 instruction as the unit knows it ------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A row names a function that says how its instruction is encoded, which the
// decoder has thrown away, and what it touches (docs/X87.md). The interpreter's
// helpers compute by it, and the lifter of a host that has the unit emits it.
//===----------------------------------------------------------------------===//
#ifndef DBT_SEMANTICS_X87SPEC_H
#define DBT_SEMANTICS_X87SPEC_H

#include "Guest/Host/HostX87.h"
#include "Semantics/Row.h"

namespace dbt {

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
  uint16_t encoding; ///< escape opcode and ModRM byte, of a memory form only its reg field; 0: none
  X87Shape shape;
  X87Codes codes = X87Codes::C1;
  uint8_t loads = 0;    ///< bytes read from memory
  uint8_t stores = 0;   ///< bytes written to memory
  uint8_t sti = 0;      ///< the other register of Binary and its kin
  bool control = false; ///< leaves the pointers to the last instruction alone
};
using X87SpecFn = X87Spec (*)(const Insn &);

/// An instruction of the x87 unit: \p Fn in the interpreter, and compiled on hosts
/// that lack the unit.
template <HelperFn Fn, X87SpecFn Spec> constexpr auto x87Row(const char *name) {
  auto body = [](auto &m) { m.template x87<Fn, Spec>(); };
  return Row<decltype(body), WidthFrom::Fixed, Heat::Cold, Widths<>>{
      {.name = name,
       .isa = Isa::X87,
       .widthFrom = WidthFrom::Fixed,
       .form = nullptr,
       .helper = host::RunsX87 ? nullptr : Fn,
       .why = host::RunsX87 ? nullptr : "the host has no x87 unit"}};
}

} // namespace dbt

#endif
