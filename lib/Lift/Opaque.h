//===- Opaque.h - What the optimiser must not see through -------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Empty assembly with side effects stays in its place, among guest memory accesses and
// others of its kind.
//===----------------------------------------------------------------------===//
#ifndef DBT_LIFT_OPAQUE_H
#define DBT_LIFT_OPAQUE_H

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InlineAsm.h"

namespace dbt::lift {

inline bool isInVectorRegister(const llvm::Value *v) {
  return v->getType()->isVectorTy() || v->getType()->isFloatingPointTy() || v->getType()->getPrimitiveSizeInBits() > 64;
}
/// \p v, of which nobody knows that it is: what uses it does not happen before this.
inline llvm::Value *opaque(llvm::IRBuilder<> &ir, llvm::Value *v) {
  auto *type = llvm::FunctionType::get(v->getType(), {v->getType()}, false);
  return ir.CreateCall(llvm::InlineAsm::get(type, "", isInVectorRegister(v) ? "=x,0" : "=r,0", /*hasSideEffects=*/true), {v});
}
/// \p v, into whose making nobody looks; it may be moved and dropped as ever.
inline llvm::Value *hidden(llvm::IRBuilder<> &ir, llvm::Value *v) {
  auto *type = llvm::FunctionType::get(v->getType(), {v->getType()}, false);
  return ir.CreateCall(llvm::InlineAsm::get(type, "", isInVectorRegister(v) ? "=x,0" : "=r,0", /*hasSideEffects=*/false), {v});
}
/// \p v, which is computed before this whether or not it is used.
inline llvm::Value *kept(llvm::IRBuilder<> &ir, llvm::Value *v) {
  auto *type = llvm::FunctionType::get(ir.getVoidTy(), {v->getType()}, false);
  ir.CreateCall(llvm::InlineAsm::get(type, "", isInVectorRegister(v) ? "x" : "r", /*hasSideEffects=*/true), {v});
  return v;
}

} // namespace dbt::lift

#endif
