//===- EmitBits.cpp - Bit fields and checksums ----------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The host's instructions. The guest has BMI2 on every host, SSE4.2 only where the host
// has it (Features.def).
//===----------------------------------------------------------------------===//
#include "Lift/Emitter.h"
#include "Lift/Lanes.h"
#include "Lift/RegionBuilder.h"

#include "llvm/IR/IntrinsicsX86.h"

using namespace llvm;

namespace dbt::lift {

namespace {

Value *moveBits(RegionBuilder &b, Intrinsic::ID narrow, Intrinsic::ID wide, const char *function, Value *x, Value *mask) {
  IRBuilder<> &ir = b.ir;
  if (b.request.bitFields)
    return ir.CreateIntrinsic(bitsOf(x) == 32 ? narrow : wide, {}, {x, mask});
  Type *word = ir.getInt64Ty();
  FunctionCallee callee = b.module.getOrInsertFunction(function, FunctionType::get(word, {word, word}, false));
  auto *f = cast<Function>(callee.getCallee());
  f->setDoesNotAccessMemory();
  f->setDoesNotThrow();
  f->setWillReturn();
  return ir.CreateTrunc(ir.CreateCall(callee, {ir.CreateZExt(x, word), ir.CreateZExt(mask, word)}), x->getType());
}

} // namespace

Value *Emitter::depositBits(V x, V mask) {
  return moveBits(b, Intrinsic::x86_bmi_pdep_32, Intrinsic::x86_bmi_pdep_64, RegionAbi::DepositBits, x, mask);
}
Value *Emitter::extractBits(V x, V mask) {
  return moveBits(b, Intrinsic::x86_bmi_pext_32, Intrinsic::x86_bmi_pext_64, RegionAbi::ExtractBits, x, mask);
}

Value *Emitter::crc32(V crc, V data) {
  IRBuilder<> &ir = b.ir;
  switch (bitsOf(data)) {
  case 8: return ir.CreateIntrinsic(Intrinsic::x86_sse42_crc32_32_8, {}, {crc, data});
  case 16: return ir.CreateIntrinsic(Intrinsic::x86_sse42_crc32_32_16, {}, {crc, data});
  case 32: return ir.CreateIntrinsic(Intrinsic::x86_sse42_crc32_32_32, {}, {crc, data});
  default: return trunc(32, ir.CreateIntrinsic(Intrinsic::x86_sse42_crc32_64_64, {}, {zext(64, crc), data}));
  }
}

} // namespace dbt::lift
