//===- EmitMxcsr.cpp - Reading and writing MXCSR --------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The guest's MXCSR is in the host's register while compiled code runs. LLVM takes
// floating-point operations for functions of their operands, and would move them over a
// change of the rounding mode or a look at the flags. So all guest registers pass
// through empty assembly on both sides: what was computed before is there before, and
// what comes after depends on what is known only then.
//===----------------------------------------------------------------------===//
#include "Lift/Emitter.h"
#include "Lift/Opaque.h"
#include "Lift/RegionBuilder.h"

#include "Guest/Fxsave.h"

#include "llvm/IR/IntrinsicsX86.h"

using namespace llvm;

namespace dbt::lift {

namespace {

void barrier(RegionBuilder &b) {
  if (b.request.inMemory) // the instruction's effect on memory is enough
    return;
  for (unsigned n = 0; n < 16; ++n)
    b.setGpr(static_cast<Reg>(n), opaque(b.ir, b.gpr(static_cast<Reg>(n))));
  for (unsigned n = 0; n < 16; ++n)
    b.passVector(n, [&b](Value *v) { return opaque(b.ir, v); });
  // Flags may wait for a comparison.
  RegionBuilder::Thunk t = b.thunk();
  Value *op = opaque(b.ir, t.op), *x = opaque(b.ir, t.a), *y = opaque(b.ir, t.b);
  b.setThunk(op, x, y);
  b.defineFlags(FlagDef());
}

/// CpuState::mxcsr, as a plain address.
Value *place(RegionBuilder &b) {
  Value *self = b.loadField(b.ir.getPtrTy(), offsetof(CpuState, self));
  return b.ir.CreateConstGEP1_64(b.ir.getInt8Ty(), self, offsetof(CpuState, mxcsr));
}

} // namespace

/// The host's register as it is, which for the flags and the rounding mode is too early or too late.
Value *Emitter::loadMxcsr() {
  b.ir.CreateIntrinsic(Intrinsic::x86_sse_stmxcsr, {}, {place(b)});
  return b.ir.CreateAlignedLoad(b.ir.getInt32Ty(), place(b), Align(4));
}

Value *Emitter::mxcsr() {
  barrier(b);
  Value *v = loadMxcsr();
  barrier(b);
  return opaque(b.ir, v);
}

void Emitter::setMxcsr(V v) {
  trapIf(b.ir.CreateICmpNE(b.ir.CreateAnd(v, b.ir.getInt32(~mxcsrMask())), b.ir.getInt32(0)), Trap::GP);
  // With an exception unmasked the interpreter goes on: it has the state exact wherever one
  // may be raised.
  BasicBlock *unmasked = b.newBlock("unmasked"), *on = b.newBlock("");
  b.expect(b.ir.CreateICmpNE(b.ir.CreateAnd(v, b.ir.getInt32(MxcsrMasks)), b.ir.getInt32(MxcsrMasks)), unmasked, on);
  b.ir.SetInsertPoint(unmasked);
  b.leave(ExitReason::Interpret, b.insn->pc);
  b.terminated = false;
  b.ir.SetInsertPoint(on);
  barrier(b);
  b.ir.CreateAlignedStore(v, place(b), Align(4));
  b.ir.CreateIntrinsic(Intrinsic::x86_sse_ldmxcsr, {}, {place(b)});
  barrier(b);
}

} // namespace dbt::lift
