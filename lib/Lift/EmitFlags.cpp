//===- EmitFlags.cpp - Flags and conditions -------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Where it is known what set the flags, a flag is computed from that operation's
// operands, by the formulas of Guest/Flags.h. Where several definitions meet it is a phi
// of what each of them gives; and where it is CpuState's thunk, computed from that.
//===----------------------------------------------------------------------===//
#include "Lift/Lanes.h"
#include "Lift/Machine.h"
#include "Lift/RegionBuilder.h"

#include "llvm/IR/InlineAsm.h"
#include "llvm/TargetParser/Host.h"

using namespace llvm;

namespace dbt::lift {

namespace {

/// Calls f(Bits<N>) for the width of a definition.
template <class F> auto atWidth(unsigned bits, F f) {
  switch (bits) {
  case 8: return f(w8);
  case 16: return f(w16);
  case 32: return f(w32);
  default: return f(w64);
  }
}

/// COMISS or UCOMISS for what it does to MXCSR, whether or not its flags are read.
void noteComparison(IRBuilder<> &ir, bool signalling, Value *x, Value *y) {
  static const bool avx = sys::getHostCPUFeatures().lookup("avx");
  const std::string text = (Twine(avx ? "v" : "") + (signalling ? "comis" : "ucomis") + (x->getType()->isFloatTy() ? "s" : "d") + " $1, $0").str();
  auto *type = FunctionType::get(ir.getVoidTy(), {x->getType(), x->getType()}, false);
  ir.CreateCall(InlineAsm::get(type, text, "x,x,~{flags}", true), {x, y});
}

/// a + b + carry or a - b - carry, with a carry that is not known.
Value *resultWithCarry(RegionBuilder &b, const FlagDef &d) {
  IRBuilder<> &ir = b.ir;
  Value *carry = ir.CreateZExt(d.carry, d.a->getType());
  return d.kind == FlagKind::Adc ? ir.CreateAdd(ir.CreateAdd(d.a, d.b), carry) : ir.CreateSub(ir.CreateSub(d.a, d.b), carry);
}

Value *flagWithCarry(RegionBuilder &b, const FlagDef &d, uint32_t which) {
  IRBuilder<> &ir = b.ir;
  Value *r = resultWithCarry(b, d), *zero = ConstantInt::get(r->getType(), 0);
  const bool adding = d.kind == FlagKind::Adc;
  Emitter e(b);
  switch (which) {
  case flag::CF: {
    // The shape that instruction selection turns into ADC and SBB.
    auto id = adding ? Intrinsic::uadd_with_overflow : Intrinsic::usub_with_overflow;
    Value *first = ir.CreateBinaryIntrinsic(id, d.a, d.b);
    Value *second = ir.CreateBinaryIntrinsic(id, ir.CreateExtractValue(first, 0), ir.CreateZExt(d.carry, d.a->getType()));
    return ir.CreateOr(ir.CreateExtractValue(first, 1), ir.CreateExtractValue(second, 1));
  }
  case flag::PF: return e.parity(r);
  case flag::AF:
    return ir.CreateICmpNE(ir.CreateAnd(ir.CreateXor(ir.CreateXor(d.a, d.b), r), 16), zero);
  case flag::ZF: return ir.CreateICmpEQ(r, zero);
  case flag::SF: return ir.CreateICmpSLT(r, zero);
  default: {
    Value *other = adding ? ir.CreateXor(d.b, r) : ir.CreateXor(d.a, d.b);
    return ir.CreateICmpSLT(ir.CreateAnd(ir.CreateXor(d.a, r), other), zero);
  }
  }
}

/// The carry of a thunk of any kind: inline, since INC and DEC keep it, and a call
/// would cost all vector registers.
Value *carryOf(IRBuilder<> &ir, const RegionBuilder::Thunk &t) {
  auto isKind = [&](FlagKind kind) { return ir.CreateICmpEQ(ir.CreateLShr(t.op, 2), ir.getInt64(static_cast<uint64_t>(kind))); };
  auto bit = [&](Value *v) { return ir.CreateTrunc(v, ir.getInt1Ty()); };
  // Operands moved up to bit 63: 64 - (8 << log2 of the bytes).
  Value *up = ir.CreateSub(ir.getInt64(64), ir.CreateShl(ir.getInt64(8), ir.CreateAnd(t.op, 3)));
  Value *a = ir.CreateShl(t.a, up), *sum = ir.CreateAdd(a, ir.CreateShl(t.b, up));
  Value *sumAndOne = ir.CreateAdd(sum, ir.CreateShl(ir.getInt64(1), up));
  Value *c = bit(t.b); // Res, Inc, Dec
  c = ir.CreateSelect(isKind(FlagKind::Adc), ir.CreateICmpULE(sumAndOne, a), c);
  c = ir.CreateSelect(isKind(FlagKind::Add), ir.CreateICmpULT(sum, a), c);
  c = ir.CreateSelect(isKind(FlagKind::Sbb), ir.CreateICmpULE(t.a, t.b), c);
  c = ir.CreateSelect(isKind(FlagKind::Sub), ir.CreateICmpULT(t.a, t.b), c);
  return ir.CreateSelect(isKind(FlagKind::Literal), bit(t.a), c);
}

Value *statusWordOf(RegionBuilder &b, const RegionBuilder::Thunk &t) {
  Type *word = b.ir.getInt64Ty();
  FunctionCallee callee = b.module.getOrInsertFunction(RegionAbi::StatusFlags, FunctionType::get(word, {word, word, word}, false));
  auto *f = cast<Function>(callee.getCallee());
  f->setDoesNotAccessMemory();
  f->setDoesNotThrow();
  f->setWillReturn();
  return b.ir.CreateCall(callee, {t.op, t.a, t.b});
}

} // namespace

Value *RegionBuilder::joinedFlag(uint32_t which) {
  if (request.inMemory)
    return ir.CreateICmpNE(ir.CreateAnd(statusWordOf(*this, thunk()), which), ir.getInt64(0));
  AllocaInst *&place = flagPlaces[which];
  if (!place) {
    IRBuilder<>::InsertPointGuard guard(ir);
    ir.SetInsertPoint(ripToReturn); // the first of the allocas
    place = ir.CreateAlloca(ir.getInt1Ty(), nullptr, "flag.at");
  }
  return ir.CreateLoad(ir.getInt1Ty(), place, "flag");
}

void RegionBuilder::defineFlags(const FlagDef &def, Value *c) {
  if (!request.inMemory)
    flagPoints.push_back({&*std::prev(ir.GetInsertPoint()), def, c});
  flags = c ? FlagDef() : def;
}

void RegionBuilder::fillFlagPlaces() {
  Emitter e(*this);
  for (auto [which, place] : flagPlaces)
    for (const FlagPoint &point : flagPoints) {
      ir.SetInsertPoint(point.at->getParent(), std::next(point.at->getIterator()));
      ir.SetCurrentDebugLocation(point.at->getDebugLoc());
      flags = point.def;
      Value *v = nullptr;
      if (flags.known)
        v = e.flag(which);
      else if (Thunk t = thunk(); which == flag::CF)
        v = carryOf(ir, t);
      else
        v = ir.CreateICmpNE(ir.CreateAnd(statusWordOf(*this, t), which), ir.getInt64(0));
      if (point.condition)
        v = ir.CreateSelect(point.condition, v, ir.CreateLoad(ir.getInt1Ty(), place));
      ir.CreateStore(v, place);
    }
}

void Emitter::setFlags(FlagKind kind, unsigned bits, V x, V y) {
  b.setThunk(b.ir.getInt64(flagOp(kind, bits)), zext(64, x), zext(64, y));
  b.defineFlags({true, kind, bits, x, y, nullptr});
}

void Emitter::setFlagsIf(V c, FlagKind kind, unsigned bits, V x, V y) {
  if (auto *known = dyn_cast<ConstantInt>(c))
    return known->isOne() ? setFlags(kind, bits, x, y) : void();
  RegionBuilder::Thunk t = b.thunk();
  IRBuilder<> &ir = b.ir;
  b.setThunk(ir.CreateSelect(c, ir.getInt64(flagOp(kind, bits)), t.op), ir.CreateSelect(c, zext(64, x), t.a),
             ir.CreateSelect(c, zext(64, y), t.b));
  b.defineFlags({true, kind, bits, x, y, nullptr}, c);
}

void Emitter::setFlagsCarry(FlagKind kind, unsigned bits, V x, V y, V carry) {
  FlagKind without = kind == FlagKind::Adc ? FlagKind::Add : FlagKind::Sub;
  IRBuilder<> &ir = b.ir;
  b.setThunk(ir.CreateSelect(carry, ir.getInt64(flagOp(kind, bits)), ir.getInt64(flagOp(without, bits))), zext(64, x),
             zext(64, y));
  b.defineFlags({true, kind, bits, x, y, carry});
}

void Emitter::setFlagsFloat(bool signalling, unsigned lane, V x, V y) {
  b.flags = FlagDef();
  b.flags.known = b.flags.isFloat = true;
  b.flags.bits = lane;
  b.flags.a = x;
  b.flags.b = y;
  const FlagDef d = b.flags;
  noteComparison(b.ir, signalling, asFloat(b.ir, lane, x), asFloat(b.ir, lane, y));
  // For who needs the word: mostly nobody, so it must be free of side effects.
  setFlags(FlagKind::Literal, 64, statusWord(), b.ir.getInt64(0));
  b.flags = d;
}

/// A condition after a comparison of floats, which leaves OF, SF and AF clear: one
/// comparison, too. What that raises noteComparison() has raised already.
Value *Emitter::floatCondition(Cond cond) {
  IRBuilder<> &ir = b.ir;
  const FlagDef &d = b.flags;
  CmpInst::Predicate predicate;
  switch (cond) {
  case Cond::B: predicate = CmpInst::FCMP_ULT; break;
  case Cond::AE: predicate = CmpInst::FCMP_OGE; break;
  case Cond::E:
  case Cond::LE: predicate = CmpInst::FCMP_UEQ; break;
  case Cond::NE:
  case Cond::G: predicate = CmpInst::FCMP_ONE; break;
  case Cond::BE: predicate = CmpInst::FCMP_ULE; break;
  case Cond::A: predicate = CmpInst::FCMP_OGT; break;
  case Cond::P: predicate = CmpInst::FCMP_UNO; break;
  case Cond::NP: predicate = CmpInst::FCMP_ORD; break;
  case Cond::O:
  case Cond::S:
  case Cond::L: return ir.getFalse();
  default: return ir.getTrue(); // NO, NS, GE
  }
  Value *x = asFloat(ir, d.bits, d.a), *y = asFloat(ir, d.bits, d.b);
  return ir.CreateFCmp(predicate, x, y);
}

void Emitter::setFlagBits(V c, uint32_t mask, V word) {
  IRBuilder<> &ir = b.ir;
  Value *before = statusWord();
  Value *after = ir.CreateOr(ir.CreateAnd(before, flag::Status & ~mask), ir.CreateAnd(word, mask));
  setFlags(FlagKind::Literal, 64, c ? ir.CreateSelect(c, after, before) : after, ir.getInt64(0));
}

Value *Emitter::flag(uint32_t which) {
  const FlagDef d = b.flags;
  if (d.isFloat)
    return which == flag::CF   ? floatCondition(Cond::B)
           : which == flag::ZF ? floatCondition(Cond::E)
           : which == flag::PF ? floatCondition(Cond::P)
                               : b.ir.getFalse();
  if (!d.known)
    return b.joinedFlag(which);
  if (d.carry)
    return flagWithCarry(b, d, which);
  Machine m(*this);
  return atWidth(d.bits, [&]<unsigned N>(Bits<N> w) {
    return computeFlag(m, d.kind, which, w, Val<N>{d.a}, Val<N>{d.b}).v;
  });
}

Value *Emitter::condition(Cond cond) {
  const FlagDef d = b.flags;
  if (d.isFloat)
    return floatCondition(cond);
  if (d.known && !d.carry) {
    Machine m(*this);
    return atWidth(d.bits, [&]<unsigned N>(Bits<N> w) {
      return computeCond(m, d.kind, cond, w, Val<N>{d.a}, Val<N>{d.b}).v;
    });
  }
  IRBuilder<> &ir = b.ir;
  Value *positive = nullptr;
  switch (static_cast<Cond>(static_cast<unsigned>(cond) & ~1u)) {
  case Cond::O: positive = flag(flag::OF); break;
  case Cond::B: positive = flag(flag::CF); break;
  case Cond::E: positive = flag(flag::ZF); break;
  case Cond::BE: positive = ir.CreateOr(flag(flag::CF), flag(flag::ZF)); break;
  case Cond::S: positive = flag(flag::SF); break;
  case Cond::P: positive = flag(flag::PF); break;
  case Cond::L: positive = ir.CreateXor(flag(flag::SF), flag(flag::OF)); break;
  default: positive = ir.CreateOr(flag(flag::ZF), ir.CreateXor(flag(flag::SF), flag(flag::OF))); break;
  }
  return static_cast<unsigned>(cond) & 1 ? ir.CreateNot(positive) : positive;
}

Value *Emitter::statusWord() {
  IRBuilder<> &ir = b.ir;
  if (b.flags.known && !b.flags.isFloat && b.flags.kind == FlagKind::Literal)
    return b.flags.a;
  if (b.flags.known) {
    Value *word = ir.getInt64(0);
    for (uint32_t f : {flag::CF, flag::PF, flag::AF, flag::ZF, flag::SF, flag::OF})
      word = ir.CreateOr(word, ir.CreateSelect(flag(f), ir.getInt64(f), ir.getInt64(0)));
    return word;
  }
  return statusWordOf(b, b.thunk());
}

Value *Emitter::rflagsWord() {
  IRBuilder<> &ir = b.ir;
  Value *df = ir.CreateZExt(b.loadField(ir.getInt8Ty(), offsetof(CpuState, df)), ir.getInt64Ty());
  Value *others = ir.CreateZExt(b.loadField(ir.getInt32Ty(), offsetof(CpuState, otherFlags)), ir.getInt64Ty());
  Value *word = ir.CreateOr(ir.CreateOr(statusWord(), ir.CreateShl(df, 10)), others);
  return ir.CreateOr(word, 0x202); // IF, and bit 1, which is always set
}

Value *Emitter::direction() {
  return b.ir.CreateICmpNE(b.loadField(b.ir.getInt8Ty(), offsetof(CpuState, df)), b.ir.getInt8(0));
}
void Emitter::setDirection(bool down) { b.storeField(b.ir.getInt8(down), offsetof(CpuState, df)); }

} // namespace dbt::lift
