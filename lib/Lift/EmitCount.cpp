//===- EmitCount.cpp - How many guest instructions a region runs ----------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The count is a register that does not travel: an SSA value inside a region, in
// CpuState between regions. It is exact at every exit, so that --check can have
// the interpreter run as far as compiled code went, and costs what --stats costs.
//===----------------------------------------------------------------------===//
#include "Lift/RegionBuilder.h"

using namespace llvm;

namespace dbt::lift {

void RegionBuilder::makeCounter() {
  if (request.countInsns)
    counter = ir.CreateAlloca(ir.getInt64Ty(), nullptr, "insns.at");
}

Value *RegionBuilder::countPlace() {
  return request.inMemory ? field(offsetof(CpuState, compiledInsns)) : counter;
}

void RegionBuilder::addToCount(int64_t n) {
  if (!request.countInsns)
    return;
  Value *place = countPlace();
  ir.CreateStore(ir.CreateAdd(ir.CreateLoad(ir.getInt64Ty(), place), ir.getInt64(static_cast<uint64_t>(n))), place);
}

void RegionBuilder::storeCount() {
  if (counter)
    storeField(ir.CreateLoad(ir.getInt64Ty(), counter), offsetof(CpuState, compiledInsns));
}

void RegionBuilder::reloadCount() {
  if (counter)
    ir.CreateStore(loadField(ir.getInt64Ty(), offsetof(CpuState, compiledInsns)), counter);
}

Value *RegionBuilder::orLimitReached(Value *c) {
  if (!request.lockstep)
    return c;
  Value *count = ir.CreateLoad(ir.getInt64Ty(), countPlace());
  return ir.CreateOr(c, ir.CreateICmpUGE(count, loadField(ir.getInt64Ty(), offsetof(CpuState, insnLimit))));
}

} // namespace dbt::lift
