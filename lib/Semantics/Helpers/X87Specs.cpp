//===- X87Specs.cpp - How x87 instructions are encoded --------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 2, B.17: the floating-point instructions' formats.

#include "Semantics/Helpers/X87.h"

namespace dbt::helpers {

unsigned x87Register(const Insn &i) {
  for (int n = 0; n < i.numOps; ++n)
    if (isX87(i.reg[n]) && i.reg[n] != Reg::St0)
      return number(i.reg[n]) - number(Reg::St0);
  return 0;
}

X87Spec x87Arithmetic(const Insn &i, unsigned n, X87Form form) {
  constexpr unsigned Com = 2, Comp = 3;
  const bool compares = n == Com || n == Comp;
  const X87Codes codes = compares ? X87Codes::All : X87Codes::C1;
  if (i.memOperand() >= 0) {
    uint8_t size = i.size[static_cast<unsigned>(i.memOperand())];
    unsigned escape = form == X87Form::Integer ? (size == 2 ? 0xde : 0xda) : (size == 4 ? 0xd8 : 0xdc);
    auto encoding = static_cast<uint16_t>(escape << 8 | n << 3);
    return {encoding, n == Comp ? X87Shape::UnaryPop : X87Shape::Unary, codes, size};
  }
  // With ST(i) as the destination FSUB and FSUBR, FDIV and FDIVR change places.
  const unsigned reversed = n < 4 ? n : n ^ 1;
  const unsigned sti = x87Register(i);
  auto spec = [&](unsigned escape, unsigned number, X87Shape shape) -> X87Spec {
    return {static_cast<uint16_t>(escape << 8 | 0xc0 | number << 3 | sti), shape, codes, 0, 0, static_cast<uint8_t>(sti)};
  };
  if (form == X87Form::Pop)
    return spec(0xde, reversed, X87Shape::BinaryPop);
  if (i.numOps == 2 && i.reg[0] != Reg::St0 && !compares)
    return spec(0xdc, reversed, X87Shape::Binary);
  return spec(0xd8, n, n == Comp ? X87Shape::BinaryPop : X87Shape::Binary);
}

X87Spec x87Memory(const Insn &i, const X87Sizes &sizes, X87Shape shape) {
  const uint8_t size = i.size[0];
  const uint16_t encoding = size == 2 ? sizes.m16 : size == 4 ? sizes.m32 : size == 8 ? sizes.m64 : sizes.m80;
  const bool load = shape == X87Shape::Push;
  return {encoding, shape, X87Codes::C1, load ? size : uint8_t(0), load ? uint8_t(0) : size};
}

X87Spec fldSpec(const Insn &i) {
  return i.kind[0] == OpKind::Mem ? x87Memory(i, {0, 0xd900, 0xdd00, 0xdb28}, X87Shape::Push)
                                  : x87Sti<0xd9c0, X87Shape::Whole>(i);
}
X87Spec fstSpec(const Insn &i) {
  return i.kind[0] == OpKind::Mem ? x87Memory(i, {0, 0xd910, 0xdd10, 0}, X87Shape::Unary)
                                  : x87Sti<0xddd0, X87Shape::Whole>(i);
}
X87Spec fstpSpec(const Insn &i) {
  return i.kind[0] == OpKind::Mem ? x87Memory(i, {0, 0xd918, 0xdd18, 0xdb38}, X87Shape::UnaryPop)
                                  : x87Sti<0xddd8, X87Shape::Whole>(i);
}

X87Spec fldcwSpec(const Insn &) { return {0xd928, X87Shape::Whole, X87Codes::None, 2, 0, 0, true}; }
X87Spec fnstcwSpec(const Insn &) { return {0xd938, X87Shape::Whole, X87Codes::None, 0, 2, 0, true}; }
X87Spec fnstswSpec(const Insn &i) {
  if (i.kind[0] == OpKind::Mem)
    return {0xdd38, X87Shape::Whole, X87Codes::None, 0, 2, 0, true};
  return {0xdfe0, X87Shape::Whole, X87Codes::None, 0, 0, 0, true};
}

} // namespace dbt::helpers
