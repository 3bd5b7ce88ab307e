//===- EmitInt.cpp - Integers and registers -------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Lift/Emitter.h"
#include "Lift/RegionBuilder.h"

#include "llvm/IR/IntrinsicsX86.h"

using namespace llvm;

namespace dbt::lift {

const Insn &Emitter::instruction() const { return *b.insn; }

Value *Emitter::constant(unsigned bits, uint64_t k) {
  APInt value(64, k);
  return ConstantInt::get(b.context, bits <= 64 ? value.trunc(bits) : value.zext(bits));
}

Value *Emitter::binary(IntOp op, V x, V y) {
  IRBuilder<> &ir = b.ir;
  switch (op) {
  case IntOp::Add: return ir.CreateAdd(x, y);
  case IntOp::Sub: return ir.CreateSub(x, y);
  case IntOp::Mul: return ir.CreateMul(x, y);
  case IntOp::And: return ir.CreateAnd(x, y);
  case IntOp::Or: return ir.CreateOr(x, y);
  case IntOp::Xor: return ir.CreateXor(x, y);
  case IntOp::Shl: return ir.CreateShl(x, y);
  case IntOp::Lshr: return ir.CreateLShr(x, y);
  case IntOp::Ashr: return ir.CreateAShr(x, y);
  case IntOp::Rotl: return ir.CreateIntrinsic(Intrinsic::fshl, {x->getType()}, {x, x, y});
  case IntOp::Rotr: return ir.CreateIntrinsic(Intrinsic::fshr, {x->getType()}, {x, x, y});
  case IntOp::Udiv: return ir.CreateUDiv(x, y);
  case IntOp::Urem: return ir.CreateURem(x, y);
  case IntOp::Sdiv: return ir.CreateSDiv(x, y);
  case IntOp::Srem: return ir.CreateSRem(x, y);
  }
  llvm_unreachable("all operations are handled");
}

Value *Emitter::unary(UnaryOp op, V x) {
  IRBuilder<> &ir = b.ir;
  switch (op) {
  case UnaryOp::Not: return ir.CreateNot(x);
  case UnaryOp::Neg: return ir.CreateNeg(x);
  case UnaryOp::Popcount: return ir.CreateUnaryIntrinsic(Intrinsic::ctpop, x);
  case UnaryOp::Clz: return ir.CreateBinaryIntrinsic(Intrinsic::ctlz, x, ir.getFalse());
  case UnaryOp::Ctz: return ir.CreateBinaryIntrinsic(Intrinsic::cttz, x, ir.getFalse());
  case UnaryOp::Bswap: return ir.CreateUnaryIntrinsic(Intrinsic::bswap, x);
  }
  llvm_unreachable("all operations are handled");
}

Value *Emitter::compare(Relation relation, V x, V y) {
  static constexpr CmpInst::Predicate Predicates[] = {CmpInst::ICMP_EQ, CmpInst::ICMP_NE, CmpInst::ICMP_ULT,
                                                      CmpInst::ICMP_ULE, CmpInst::ICMP_SLT, CmpInst::ICMP_SLE};
  return b.ir.CreateICmp(Predicates[static_cast<unsigned>(relation)], x, y);
}

Value *Emitter::zext(unsigned bits, V x) { return b.ir.CreateZExt(x, b.ir.getIntNTy(bits)); }
Value *Emitter::sext(unsigned bits, V x) { return b.ir.CreateSExt(x, b.ir.getIntNTy(bits)); }
Value *Emitter::trunc(unsigned bits, V x) { return b.ir.CreateTrunc(x, b.ir.getIntNTy(bits)); }
Value *Emitter::select(V c, V x, V y) { return b.ir.CreateSelect(c, b.loadedForGood(x), b.loadedForGood(y)); }

Value *Emitter::parity(V x) {
  Value *ones = b.ir.CreateUnaryIntrinsic(Intrinsic::ctpop, b.ir.CreateTrunc(x, b.ir.getInt8Ty()));
  return b.ir.CreateNot(b.ir.CreateTrunc(ones, b.ir.getInt1Ty()));
}

/// The common dividends are one word, zero- or sign-extended, for which the host
/// has a 64-bit division; the others go to the interpreter.
Value *Emitter::divideWide(bool isSigned, V high, V low, V divisor, V &remainder) {
  IRBuilder<> &ir = b.ir;
  trapIf(ir.CreateICmpEQ(divisor, ir.getInt64(0)), Trap::DE);
  Value *extension = isSigned ? ir.CreateAShr(low, 63) : ir.getInt64(0);
  Value *wide = ir.CreateICmpNE(high, extension);
  if (isSigned) // the one quotient that does not fit
    wide = ir.CreateOr(wide, ir.CreateAnd(ir.CreateICmpEQ(low, ir.getInt64(uint64_t(1) << 63)),
                                          ir.CreateICmpEQ(divisor, ir.getInt64(~uint64_t(0)))));
  BasicBlock *rare = b.newBlock("wide"), *usual = b.newBlock("");
  b.expect(wide, rare, usual);
  ir.SetInsertPoint(rare);
  b.leave(ExitReason::Interpret, b.insn->pc);
  b.terminated = false;
  ir.SetInsertPoint(usual);
  remainder = isSigned ? ir.CreateSRem(low, divisor) : ir.CreateURem(low, divisor);
  return isSigned ? ir.CreateSDiv(low, divisor) : ir.CreateUDiv(low, divisor);
}

Value *Emitter::readReg(unsigned bits, Reg r) {
  IRBuilder<> &ir = b.ir;
  if (isHighByte(r)) {
    Value *whole = b.gpr(static_cast<Reg>(number(r) - number(Reg::Ah)));
    return ir.CreateTrunc(ir.CreateLShr(whole, 8), ir.getInt8Ty());
  }
  Value *whole = b.gpr(r);
  return bits == 64 ? whole : ir.CreateTrunc(whole, ir.getIntNTy(bits));
}

void Emitter::writeReg(unsigned bits, Reg r, V v) {
  IRBuilder<> &ir = b.ir;
  if (bits == 64)
    return b.setGpr(r, v);
  Value *wide = ir.CreateZExt(v, ir.getInt64Ty());
  if (bits == 32)
    return b.setGpr(r, wide);
  const bool high = isHighByte(r);
  Reg whole = high ? static_cast<Reg>(number(r) - number(Reg::Ah)) : r;
  const unsigned shift = high ? 8 : 0;
  const uint64_t mask = (bits == 8 ? 0xffull : 0xffffull) << shift;
  Value *kept = ir.CreateAnd(b.gpr(whole), ~mask);
  b.setGpr(whole, ir.CreateOr(kept, ir.CreateShl(wide, shift)));
}

void Emitter::writeRegIf(V c, unsigned bits, Reg r, V v) {
  Reg whole = isHighByte(r) ? static_cast<Reg>(number(r) - number(Reg::Ah)) : r;
  Value *before = b.gpr(whole);
  writeReg(bits, r, b.loadedForGood(v));
  b.setGpr(whole, b.ir.CreateSelect(c, b.gpr(whole), before));
}

Value *Emitter::segmentBase(Reg segment) {
  return b.loadField(b.ir.getInt64Ty(), segment == Reg::Fs ? offsetof(CpuState, fsBase) : offsetof(CpuState, gsBase));
}
void Emitter::setSegmentBase(Reg segment, V v) {
  b.storeField(v, segment == Reg::Fs ? offsetof(CpuState, fsBase) : offsetof(CpuState, gsBase));
}

} // namespace dbt::lift
