//===- EmitString.cpp - SSE4.2's string comparison ------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// One intrinsic for the result and one for each flag that is read: code generation makes
// one instruction of those in a block.
//===----------------------------------------------------------------------===//
#include "Lift/Emitter.h"
#include "Lift/Lanes.h"
#include "Lift/RegionBuilder.h"

#include "llvm/IR/IntrinsicsX86.h"

using namespace llvm;

namespace dbt::lift {

namespace {

/// What an instruction and its twin with another result have.
struct Comparison {
  Intrinsic::ID index, mask, carry, zero, sign, overflow;
};
constexpr Comparison Implicit = {Intrinsic::x86_sse42_pcmpistri128,  Intrinsic::x86_sse42_pcmpistrm128,
                                 Intrinsic::x86_sse42_pcmpistric128, Intrinsic::x86_sse42_pcmpistriz128,
                                 Intrinsic::x86_sse42_pcmpistris128, Intrinsic::x86_sse42_pcmpistrio128};
constexpr Comparison Explicit = {Intrinsic::x86_sse42_pcmpestri128,  Intrinsic::x86_sse42_pcmpestrm128,
                                 Intrinsic::x86_sse42_pcmpestric128, Intrinsic::x86_sse42_pcmpestriz128,
                                 Intrinsic::x86_sse42_pcmpestris128, Intrinsic::x86_sse42_pcmpestrio128};

/// The result that is \p result's of a comparison, and the flags as in RFLAGS.
Value *match(IRBuilder<> &ir, StringCompare how, Intrinsic::ID Comparison::*result, ArrayRef<Value *> operands, Value *&flags) {
  const Comparison &comparison = how.isExplicit ? Explicit : Implicit;
  flags = ir.getInt64(0);
  auto add = [&](Intrinsic::ID id, uint32_t flag) {
    Value *set = ir.CreateTrunc(ir.CreateIntrinsic(id, {}, operands), ir.getInt1Ty());
    flags = ir.CreateOr(flags, ir.CreateSelect(set, ir.getInt64(flag), ir.getInt64(0)));
  };
  add(comparison.carry, flag::CF);
  add(comparison.zero, flag::ZF);
  add(comparison.sign, flag::SF);
  add(comparison.overflow, flag::OF);
  return ir.CreateIntrinsic(comparison.*result, {}, operands);
}

SmallVector<Value *, 5> operandsOf(IRBuilder<> &ir, StringCompare how, Value *x, Value *lengthX, Value *y, Value *lengthY) {
  x = asInts(ir, 8, x);
  y = asInts(ir, 8, y);
  if (how.isExplicit)
    return {x, lengthX, y, lengthY, ir.getInt8(how.control)};
  return {x, y, ir.getInt8(how.control)};
}

} // namespace

Value *Emitter::vstringIndex(StringCompare how, V x, V lengthX, V y, V lengthY, V &flags) {
  return match(b.ir, how, &Comparison::index, operandsOf(b.ir, how, x, lengthX, y, lengthY), flags);
}
Value *Emitter::vstringMask(StringCompare how, V x, V lengthX, V y, V lengthY, V &flags) {
  return plain(b.ir, match(b.ir, how, &Comparison::mask, operandsOf(b.ir, how, x, lengthX, y, lengthY), flags));
}

} // namespace dbt::lift
