//===- Lanes.h - Vectors as lanes -------------------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Between operations vectors are <n x i64> and scalars integers; an operation sees
// them as it needs them.
//===----------------------------------------------------------------------===//
#ifndef DBT_LIFT_LANES_H
#define DBT_LIFT_LANES_H

#include "llvm/IR/IRBuilder.h"

namespace dbt::lift {

inline unsigned bitsOf(llvm::Value *v) {
  return static_cast<unsigned>(v->getType()->getPrimitiveSizeInBits().getFixedValue());
}
inline llvm::Value *asInts(llvm::IRBuilder<> &ir, unsigned lane, llvm::Value *v) {
  return ir.CreateBitCast(v, llvm::FixedVectorType::get(ir.getIntNTy(lane), bitsOf(v) / lane));
}
inline llvm::Type *floatType(llvm::IRBuilder<> &ir, unsigned lane) {
  return lane == 32 ? ir.getFloatTy() : ir.getDoubleTy();
}
inline llvm::Value *asFloats(llvm::IRBuilder<> &ir, unsigned lane, llvm::Value *v) {
  return ir.CreateBitCast(v, llvm::FixedVectorType::get(floatType(ir, lane), bitsOf(v) / lane));
}
inline llvm::Value *asFloat(llvm::IRBuilder<> &ir, unsigned lane, llvm::Value *v) {
  return ir.CreateBitCast(v, floatType(ir, lane));
}
/// Back to <n x i64>.
inline llvm::Value *plain(llvm::IRBuilder<> &ir, llvm::Value *v) {
  return ir.CreateBitCast(v, llvm::FixedVectorType::get(ir.getInt64Ty(), bitsOf(v) / 64));
}
inline llvm::Value *plainScalar(llvm::IRBuilder<> &ir, llvm::Value *v) {
  return ir.CreateBitCast(v, ir.getIntNTy(bitsOf(v)));
}
/// The lanes of \p v from \p first on.
inline llvm::Value *someLanes(llvm::IRBuilder<> &ir, llvm::Value *v, unsigned first, unsigned count) {
  llvm::SmallVector<int, 16> indices;
  for (unsigned i = 0; i < count; ++i)
    indices.push_back(static_cast<int>(first + i));
  return ir.CreateShuffleVector(v, indices);
}

} // namespace dbt::lift

#endif
