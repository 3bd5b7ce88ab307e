//===- EmitMemory.cpp - Guest memory and operands -------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The host is an x86-64, whose loads and stores have the order that the guest
// expects; LLVM is kept from reordering them, by volatile, once there is more
// than one thread. Plain atomics would be wrong: guest accesses may be unaligned.
//===----------------------------------------------------------------------===//
#include "Lift/Emitter.h"
#include "Lift/Lanes.h"
#include "Lift/RegionBuilder.h"

#include "Guest/Fxsave.h"

#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/IntrinsicsX86.h"

using namespace llvm;

namespace dbt::lift {

namespace {
Value *pointer(RegionBuilder &b, Value *at) { return b.ir.CreateIntToPtr(at, b.ir.getPtrTy()); }
} // namespace

Value *Emitter::offset() {
  IRBuilder<> &ir = b.ir;
  const Insn &i = *b.insn;
  Value *sum = nullptr;
  auto plus = [&](Value *v) { sum = sum ? ir.CreateAdd(sum, v) : v; };
  if (i.base != Reg::None)
    plus(b.gpr(i.base));
  if (i.index != Reg::None)
    plus(i.scale ? ir.CreateShl(b.gpr(i.index), i.scale) : b.gpr(i.index));
  if (i.disp || !sum)
    plus(ir.getInt64(static_cast<uint64_t>(i.disp)));
  if (i.addrSize == 4)
    sum = ir.CreateAnd(sum, 0xffffffffull);
  return sum;
}

Value *Emitter::address() {
  Value *at = offset();
  return b.insn->segment == Reg::None ? at : b.ir.CreateAdd(at, segmentBase(b.insn->segment));
}

Value *Emitter::load(unsigned bits, V at) {
  b.beforeFault();
  return b.guestAccess(b.ir.CreateAlignedLoad(b.ir.getIntNTy(bits), pointer(b, at), Align(1)));
}

void Emitter::store(V at, V v) {
  b.beforeFault();
  b.mayStore = true;
  b.guestAccess(b.ir.CreateAlignedStore(v, pointer(b, at), Align(1)));
}

/// What is known of \p at, behind the check that it is as aligned as \p align asks for.
Align Emitter::checkAlignment(V at, uint64_t bytes, Alignment align) {
  if (align == Alignment::Unaligned)
    return Align(1);
  Value *misaligned = b.ir.CreateICmpNE(b.ir.CreateAnd(at, bytes - 1), b.ir.getInt64(0));
  if (align == Alignment::Required || !hasFeature(Isa::Misalignsse)) {
    trapIf(misaligned, Trap::GP);
    return Align(bytes);
  }
  BasicBlock *look = b.newBlock("misaligned"), *on = b.newBlock("");
  b.expect(misaligned, look, on);
  b.ir.SetInsertPoint(look);
  trapIf(b.ir.CreateICmpEQ(b.ir.CreateAnd(loadMxcsr(), MxcsrMisaligned), b.ir.getInt32(0)), Trap::GP);
  b.ir.CreateBr(on);
  b.ir.SetInsertPoint(on);
  return Align(1);
}

Value *Emitter::loadVec(unsigned bits, V at, Alignment align) {
  b.beforeFault();
  auto *type = FixedVectorType::get(b.ir.getInt64Ty(), bits / 64);
  const Align known = checkAlignment(at, bits / 8, align);
  return b.guestAccess(b.ir.CreateAlignedLoad(type, pointer(b, at), known));
}

void Emitter::storeVec(V at, V v, Alignment align) {
  b.beforeFault();
  b.mayStore = true;
  const Align known = checkAlignment(at, v->getType()->getPrimitiveSizeInBits() / 8, align);
  b.guestAccess(b.ir.CreateAlignedStore(v, pointer(b, at), known));
}

/// The host's own instruction with side effects: LLVM must not drop, move or widen
/// what may fault for some of its lanes.
Value *Emitter::maskLoad(unsigned lane, V at, V mask) {
  b.beforeFault();
  auto *type = FunctionType::get(mask->getType(), {mask->getType(), at->getType()}, false);
  StringRef text = lane == 32 ? "vmaskmovps ($2), $1, $0" : "vmaskmovpd ($2), $1, $0";
  return b.ir.CreateCall(InlineAsm::get(type, text, "=x,x,r,~{memory}", true), {mask, at});
}
void Emitter::maskStore(unsigned lane, V at, V mask, V v) {
  b.beforeFault();
  b.mayStore = true;
  if (lane == 8) {
    if (bitsOf(v) == 64) {
      // As half of 16 bytes none of which lies in a page that the 8 do not.
      Value *nearEnd = b.ir.CreateICmpUGT(b.ir.CreateAnd(at, 0xfff), b.ir.getInt64(0xff0));
      Value *upper = b.ir.CreateSelect(nearEnd, b.ir.getInt32(1), b.ir.getInt32(0));
      auto whole = [&](Value *half) {
        Value *none = vzero(128);
        return b.ir.CreateInsertElement(none, b.ir.CreateBitCast(half, b.ir.getInt64Ty()), upper);
      };
      v = whole(v);
      mask = whole(mask);
      at = b.ir.CreateSub(at, b.ir.CreateSelect(nearEnd, b.ir.getInt64(8), b.ir.getInt64(0)));
    }
    b.ir.CreateIntrinsic(Intrinsic::x86_sse2_maskmov_dqu, {}, {asInts(b.ir, 8, v), asInts(b.ir, 8, mask), pointer(b, at)});
    return;
  }
  auto *type = FunctionType::get(b.ir.getVoidTy(), {at->getType(), mask->getType(), v->getType()}, false);
  StringRef text = lane == 32 ? "vmaskmovps $2, $1, ($0)" : "vmaskmovpd $2, $1, ($0)";
  b.ir.CreateCall(InlineAsm::get(type, text, "r,x,x,~{memory}", true), {at, mask, v});
}

Value *Emitter::readOperand(unsigned bits, int i) {
  const Insn &insn = *b.insn;
  switch (insn.kind[i]) {
  case OpKind::Reg:
    if (isXmm(insn.reg[i]))
      return vextract(bits, readVecReg(128, insn.reg[i]), 0);
    if (isMmx(insn.reg[i]))
      return vextract(bits, readVecReg(64, insn.reg[i]), 0);
    return readReg(bits, insn.reg[i]);
  case OpKind::Imm:
    return constant(bits, static_cast<uint64_t>(insn.imm));
  default:
    return load(bits, address());
  }
}

void Emitter::writeOperand(unsigned bits, int i, V v) {
  if (b.insn->kind[i] == OpKind::Reg)
    writeReg(bits, b.insn->reg[i], v);
  else
    store(address(), v);
}

Value *Emitter::combine(Rmw how, V x, V y) {
  IRBuilder<> &ir = b.ir;
  switch (how) {
  case Rmw::Add: return ir.CreateAdd(x, y);
  case Rmw::Sub: return ir.CreateSub(x, y);
  case Rmw::And: return ir.CreateAnd(x, y);
  case Rmw::Or: return ir.CreateOr(x, y);
  case Rmw::Xor: return ir.CreateXor(x, y);
  case Rmw::Neg: return ir.CreateNeg(x);
  case Rmw::Xchg: return y;
  }
  llvm_unreachable("all kinds are handled");
}

/// The value before. Locked accesses say that they are aligned, for LLVM to emit
/// the instruction; an x86 host's is atomic at any address.
Value *Emitter::updateMemory(Rmw how, V at, V y) {
  IRBuilder<> &ir = b.ir;
  if (how != Rmw::Xchg && !b.insn->has(prefix::Lock)) {
    Value *before = load(y->getType()->getIntegerBitWidth(), at);
    store(at, combine(how, before, y));
    return before;
  }
  AtomicRMWInst::BinOp op = AtomicRMWInst::Xchg;
  switch (how) {
  case Rmw::Add: op = AtomicRMWInst::Add; break;
  case Rmw::Sub: op = AtomicRMWInst::Sub; break;
  case Rmw::And: op = AtomicRMWInst::And; break;
  case Rmw::Or: op = AtomicRMWInst::Or; break;
  case Rmw::Xor: op = AtomicRMWInst::Xor; break;
  case Rmw::Xchg: break;
  case Rmw::Neg: // no host instruction that gives the value before
    b.refuse();
    return y;
  }
  b.beforeFault();
  b.mayStore = true;
  const unsigned bytes = y->getType()->getIntegerBitWidth() / 8;
  return b.guestAccess(ir.CreateAtomicRMW(op, pointer(b, at), y, Align(bytes), AtomicOrdering::SequentiallyConsistent));
}

Value *Emitter::compareExchangeMemory(V at, V expected, V desired) {
  b.beforeFault();
  b.mayStore = true;
  const unsigned bytes = expected->getType()->getIntegerBitWidth() / 8;
  auto *exchange = b.guestAccess(b.ir.CreateAtomicCmpXchg(pointer(b, at), expected, desired, Align(bytes),
                                                          AtomicOrdering::SequentiallyConsistent,
                                                          AtomicOrdering::SequentiallyConsistent));
  return b.ir.CreateExtractValue(exchange, 0);
}

/// A compare-exchange writes in any case, and nothing that another thread has written is lost.
void Emitter::probeStore(V at) { compareExchangeMemory(at, b.ir.getInt8(0), b.ir.getInt8(0)); }

void Emitter::pause() { b.ir.CreateIntrinsic(Intrinsic::x86_sse2_pause, ArrayRef<Type *>(), ArrayRef<Value *>()); }
void Emitter::fence() { b.ir.CreateFence(AtomicOrdering::SequentiallyConsistent); }

} // namespace dbt::lift
