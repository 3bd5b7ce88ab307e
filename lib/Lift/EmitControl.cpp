//===- EmitControl.cpp - Control transfer, traps and helpers --------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Lift/Emitter.h"
#include "Lift/RegionBuilder.h"

using namespace llvm;

namespace dbt::lift {

void Emitter::jump() {
  const auto target = static_cast<uint64_t>(b.insn->imm);
  b.noteFlagsFor(target);
  b.ir.CreateBr(b.edge(target));
  b.terminated = true;
}

void Emitter::jumpIf(V c) {
  const auto target = static_cast<uint64_t>(b.insn->imm);
  b.noteFlagsFor(target);
  b.noteFlagsFor(b.insn->nextPc());
  b.ir.CreateCondBr(c, b.edge(target), b.edge(b.insn->nextPc()));
  b.terminated = true;
}

void Emitter::jumpTo(V target) { b.jumpIndirect(target); }
void Emitter::call(V target) { b.callRegion(target); }
void Emitter::retTo(V target) { b.returnRip(target); }
void Emitter::syscall() { b.leave(ExitReason::Syscall, b.insn->nextPc()); }
void Emitter::trap(Trap t) { b.leave(ExitReason::Trap, b.insn->pc, t); }

void Emitter::trapIf(V c, Trap t) {
  if (auto *known = dyn_cast<ConstantInt>(c); known && known->isZero())
    return;
  BasicBlock *raise = b.newBlock("trap"), *on = b.newBlock("");
  b.expect(c, raise, on);
  b.ir.SetInsertPoint(raise);
  b.leave(ExitReason::Trap, b.insn->pc, t);
  b.terminated = false;
  b.ir.SetInsertPoint(on);
}

/// Only IRET needs it.
void Emitter::setRflagsWord(V) { b.refuse(); }

void Emitter::callHelper() {
  IRBuilder<> &ir = b.ir;
  b.lifted.helpers.push_back(b.rowName);
  auto *image = ConstantDataArray::getRaw(StringRef(reinterpret_cast<const char *>(b.insn), sizeof(Insn)), sizeof(Insn),
                                          ir.getInt8Ty());
  auto *insn = new GlobalVariable(b.module, image->getType(), true, GlobalValue::PrivateLinkage, image,
                                  "insn_" + Twine::utohexstr(b.insn->pc));
  insn->setAlignment(Align(8));
  FunctionCallee helper = b.module.getOrInsertFunction(std::string(RegionAbi::HelperPrefix) + b.rowName,
                                                       FunctionType::get(ir.getInt8Ty(), {ir.getPtrTy(), ir.getPtrTy()}, false));
  cast<Function>(helper.getCallee())->setDoesNotThrow();
  b.writeAll();
  b.storeField(insn, offsetof(CpuState, currentInsn));
  Value *self = b.loadField(ir.getPtrTy(), offsetof(CpuState, self));
  Value *trap = ir.CreateCall(helper, {self, insn}, "trap");
  b.reloadAll();
  b.inMmx = false;
  b.x87InHost = false;
  BasicBlock *raise = b.newBlock("trap"), *on = b.newBlock("");
  b.expect(ir.CreateICmpNE(trap, ir.getInt8(0)), raise, on);
  ir.SetInsertPoint(raise);
  b.storeField(trap, offsetof(CpuState, trap));
  b.leave(ExitReason::Trap, b.insn->pc);
  b.terminated = false;
  ir.SetInsertPoint(on);
  b.mayStore = true;
}

} // namespace dbt::lift
