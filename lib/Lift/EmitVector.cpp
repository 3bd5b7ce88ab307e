//===- EmitVector.cpp - Vector lanes --------------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// One IR operation or target intrinsic per instruction, so that code generation
// finds the host's instruction again. Vectors are <n x i64> between operations.
//===----------------------------------------------------------------------===//
#include "Lift/Emitter.h"
#include "Lift/RegionBuilder.h"

#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/IntrinsicsX86.h"
#include "llvm/TargetParser/Host.h"

using namespace llvm;

namespace dbt::lift {

namespace {

unsigned bitsOf(Value *v) { return static_cast<unsigned>(v->getType()->getPrimitiveSizeInBits().getFixedValue()); }

Value *asInts(IRBuilder<> &ir, unsigned lane, Value *v) {
  return ir.CreateBitCast(v, FixedVectorType::get(ir.getIntNTy(lane), bitsOf(v) / lane));
}
Type *floatType(IRBuilder<> &ir, unsigned lane) { return lane == 32 ? ir.getFloatTy() : ir.getDoubleTy(); }
Value *asFloats(IRBuilder<> &ir, unsigned lane, Value *v) {
  return ir.CreateBitCast(v, FixedVectorType::get(floatType(ir, lane), bitsOf(v) / lane));
}
Value *asFloat(IRBuilder<> &ir, unsigned lane, Value *v) { return ir.CreateBitCast(v, floatType(ir, lane)); }
/// Back to <n x i64>.
Value *plain(IRBuilder<> &ir, Value *v) {
  return ir.CreateBitCast(v, FixedVectorType::get(ir.getInt64Ty(), bitsOf(v) / 64));
}
Value *plainScalar(IRBuilder<> &ir, Value *v) { return ir.CreateBitCast(v, ir.getIntNTy(bitsOf(v))); }

/// MMX's 64 bits as the low half of 128, for intrinsics, and back.
Value *widened(IRBuilder<> &ir, Value *v) {
  if (bitsOf(v) >= 128)
    return v;
  return ir.CreateInsertElement(Constant::getNullValue(FixedVectorType::get(ir.getInt64Ty(), 2)),
                                ir.CreateBitCast(v, ir.getInt64Ty()), uint64_t(0));
}
Value *narrowed(IRBuilder<> &ir, unsigned bits, Value *v) {
  v = plain(ir, v);
  return bits >= 128 ? v : plain(ir, ir.CreateExtractElement(v, uint64_t(0)));
}
/// A target intrinsic of two vectors of the lanes \p lane.
Value *byIntrinsic(IRBuilder<> &ir, Intrinsic::ID id, unsigned lane, Value *x, Value *y) {
  return narrowed(ir, bitsOf(x), ir.CreateIntrinsic(id, {}, {asInts(ir, lane, widened(ir, x)), asInts(ir, lane, widened(ir, y))}));
}

bool isDouble(Value *v) { return v->getType()->getScalarType()->isDoubleTy(); }

/// An instruction whose operands must stay in order: x86 returns the first one's
/// NaN of two, and LLVM takes +, * and the dot product for commutative.
/// \p mnemonic is without p or s and without the type.
Value *inOrder(IRBuilder<> &ir, const Twine &mnemonic, const Twine &immediate, Value *x, Value *y) {
  static const bool avx = sys::getHostCPUFeatures().lookup("avx");
  std::string text = (Twine(avx ? "v" : "") + mnemonic + (x->getType()->isVectorTy() ? "p" : "s") +
                      (isDouble(x) ? "d " : "s ") + immediate + (avx ? "$2, $1, $0" : "$2, $0"))
                         .str();
  auto *type = FunctionType::get(x->getType(), {x->getType(), x->getType()}, false);
  return ir.CreateCall(InlineAsm::get(type, text, avx ? "=x,x,x" : "=x,0,x", false), {x, y});
}
Value *inOrder(IRBuilder<> &ir, const Twine &mnemonic, Value *x, Value *y) { return inOrder(ir, mnemonic, "", x, y); }

Value *firstLane(IRBuilder<> &ir, Value *x) {
  auto *type = FixedVectorType::get(x->getType(), 128 / bitsOf(x));
  return ir.CreateInsertElement(Constant::getNullValue(type), x, uint64_t(0));
}

/// MINPS's family: none of LLVM's minima has its rule for NaNs and zeros.
Value *extremum(IRBuilder<> &ir, bool least, Value *x, Value *y) {
  static constexpr Intrinsic::ID Ids[2][2][2] = {
      {{Intrinsic::x86_sse_max_ss, Intrinsic::x86_sse2_max_sd}, {Intrinsic::x86_sse_max_ps, Intrinsic::x86_sse2_max_pd}},
      {{Intrinsic::x86_sse_min_ss, Intrinsic::x86_sse2_min_sd}, {Intrinsic::x86_sse_min_ps, Intrinsic::x86_sse2_min_pd}}};
  if (x->getType()->isVectorTy())
    return ir.CreateIntrinsic(Ids[least][1][isDouble(x)], {}, {x, y});
  Value *both = ir.CreateIntrinsic(Ids[least][0][isDouble(x)], {}, {firstLane(ir, x), firstLane(ir, y)});
  return ir.CreateExtractElement(both, uint64_t(0));
}

Value *arithmetic(IRBuilder<> &ir, FOp op, Value *x, Value *y) {
  switch (op) {
  case FOp::Add: return inOrder(ir, "add", x, y);
  case FOp::Sub: return ir.CreateFSub(x, y);
  case FOp::Mul: return inOrder(ir, "mul", x, y);
  case FOp::Div: return ir.CreateFDiv(x, y);
  case FOp::Min: return extremum(ir, true, x, y);
  case FOp::Max: return extremum(ir, false, x, y);
  }
  llvm_unreachable("all operations are handled");
}

} // namespace

Value *Emitter::vzero(unsigned bits) {
  return Constant::getNullValue(FixedVectorType::get(b.ir.getInt64Ty(), bits / 64));
}
Value *Emitter::vextract(unsigned lane, V v, unsigned i) { return b.ir.CreateExtractElement(asInts(b.ir, lane, v), i); }
Value *Emitter::vinsert(unsigned lane, V v, unsigned i, V x) {
  return plain(b.ir, b.ir.CreateInsertElement(asInts(b.ir, lane, v), x, i));
}
Value *Emitter::vsplat(unsigned bits, V x) { return plain(b.ir, b.ir.CreateVectorSplat(bits / bitsOf(x), x)); }
Value *Emitter::vshuffle(unsigned lane, V x, V y, const int *indices, unsigned count) {
  return plain(b.ir, b.ir.CreateShuffleVector(asInts(b.ir, lane, x), asInts(b.ir, lane, y), ArrayRef<int>(indices, count)));
}
Value *Emitter::vshuffleBytes(V x, V index) {
  if (bitsOf(x) == 64) // the upper half of what is shuffled is not the register's
    index = b.ir.CreateAnd(index, plain(b.ir, b.ir.getInt64(0x8787878787878787)));
  return byIntrinsic(b.ir, Intrinsic::x86_ssse3_pshuf_b_128, 8, x, index);
}
Value *Emitter::vblend(unsigned lane, V x, V y, V mask) {
  Value *m = asInts(b.ir, lane, mask);
  Value *pick = b.ir.CreateICmpSLT(m, Constant::getNullValue(m->getType()));
  return plain(b.ir, b.ir.CreateSelect(pick, asInts(b.ir, lane, y), asInts(b.ir, lane, x)));
}
Value *Emitter::vmask(unsigned lane, V v) {
  switch (lane) {
  case 8: return b.ir.CreateIntrinsic(Intrinsic::x86_sse2_pmovmskb_128, {}, {asInts(b.ir, 8, widened(b.ir, v))});
  case 32: return b.ir.CreateIntrinsic(Intrinsic::x86_sse_movmsk_ps, {}, {asFloats(b.ir, 32, v)});
  default: return b.ir.CreateIntrinsic(Intrinsic::x86_sse2_movmsk_pd, {}, {asFloats(b.ir, 64, v)});
  }
}
Value *Emitter::vallZero(V v) {
  Value *whole = b.ir.CreateBitCast(v, b.ir.getIntNTy(bitsOf(v)));
  return b.ir.CreateICmpEQ(whole, Constant::getNullValue(whole->getType()));
}

Value *Emitter::vbin(VOp op, unsigned lane, V left, V right) {
  IRBuilder<> &ir = b.ir;
  Value *x = asInts(ir, lane, left), *y = asInts(ir, lane, right);
  auto *type = cast<FixedVectorType>(x->getType());
  auto wide = [&](Value *v, bool isSigned) {
    Type *to = VectorType::getExtendedElementVectorType(type);
    return isSigned ? ir.CreateSExt(v, to) : ir.CreateZExt(v, to);
  };
  auto high = [&](Value *product, unsigned shift) { return ir.CreateTrunc(ir.CreateLShr(product, shift), type); };
  auto lowHalf = [&](Value *v, bool isSigned) {
    if (isSigned)
      return ir.CreateAShr(ir.CreateShl(v, lane / 2), lane / 2);
    return ir.CreateAnd(v, ConstantInt::get(type, APInt::getLowBitsSet(lane, lane / 2)));
  };
  auto result = [&]() -> Value * {
    switch (op) {
    case VOp::Add: return ir.CreateAdd(x, y);
    case VOp::Sub: return ir.CreateSub(x, y);
    case VOp::Mul: return ir.CreateMul(x, y);
    case VOp::And: return ir.CreateAnd(x, y);
    case VOp::Or: return ir.CreateOr(x, y);
    case VOp::Xor: return ir.CreateXor(x, y);
    case VOp::AndNot: return ir.CreateAnd(ir.CreateNot(x), y);
    case VOp::AddSatS: return ir.CreateBinaryIntrinsic(Intrinsic::sadd_sat, x, y);
    case VOp::AddSatU: return ir.CreateBinaryIntrinsic(Intrinsic::uadd_sat, x, y);
    case VOp::SubSatS: return ir.CreateBinaryIntrinsic(Intrinsic::ssub_sat, x, y);
    case VOp::SubSatU: return ir.CreateBinaryIntrinsic(Intrinsic::usub_sat, x, y);
    case VOp::MinS: return ir.CreateBinaryIntrinsic(Intrinsic::smin, x, y);
    case VOp::MinU: return ir.CreateBinaryIntrinsic(Intrinsic::umin, x, y);
    case VOp::MaxS: return ir.CreateBinaryIntrinsic(Intrinsic::smax, x, y);
    case VOp::MaxU: return ir.CreateBinaryIntrinsic(Intrinsic::umax, x, y);
    case VOp::Eq: return ir.CreateSExt(ir.CreateICmpEQ(x, y), type);
    case VOp::GtS: return ir.CreateSExt(ir.CreateICmpSGT(x, y), type);
    case VOp::AvgU: {
      Value *sum = ir.CreateAdd(wide(x, false), wide(y, false));
      return high(ir.CreateAdd(sum, ConstantInt::get(sum->getType(), 1)), 1);
    }
    case VOp::MulHiS: return high(ir.CreateMul(wide(x, true), wide(y, true)), lane);
    case VOp::MulHiU: return high(ir.CreateMul(wide(x, false), wide(y, false)), lane);
    case VOp::MulHrS: return byIntrinsic(ir, Intrinsic::x86_ssse3_pmul_hr_sw_128, 16, left, right);
    case VOp::MulLowU: return ir.CreateMul(lowHalf(x, false), lowHalf(y, false));
    case VOp::MulLowS: return ir.CreateMul(lowHalf(x, true), lowHalf(y, true));
    case VOp::Sign: {
      Value *zero = Constant::getNullValue(type);
      Value *kept = ir.CreateSelect(ir.CreateICmpEQ(y, zero), zero, x);
      return ir.CreateSelect(ir.CreateICmpSLT(y, zero), ir.CreateNeg(x), kept);
    }
    }
    llvm_unreachable("all operations are handled");
  };
  return plain(ir, result());
}

Value *Emitter::vshift(Shift how, unsigned lane, V v, V n) {
  IRBuilder<> &ir = b.ir;
  Value *x = asInts(ir, lane, v);
  if (auto *known = dyn_cast<ConstantInt>(n)) {
    uint64_t count = known->getZExtValue();
    if (how == Shift::Sar)
      return plain(ir, ir.CreateAShr(x, ConstantInt::get(x->getType(), std::min<uint64_t>(count, lane - 1))));
    if (count >= lane)
      return vzero(bitsOf(v));
    Constant *by = ConstantInt::get(x->getType(), count);
    return plain(ir, how == Shift::Shl ? ir.CreateShl(x, by) : ir.CreateLShr(x, by));
  }
  // The host's own rules for counts that are too large.
  static constexpr Intrinsic::ID Ids[3][3] = {
      {Intrinsic::x86_sse2_psll_w, Intrinsic::x86_sse2_psll_d, Intrinsic::x86_sse2_psll_q},
      {Intrinsic::x86_sse2_psrl_w, Intrinsic::x86_sse2_psrl_d, Intrinsic::x86_sse2_psrl_q},
      {Intrinsic::x86_sse2_psra_w, Intrinsic::x86_sse2_psra_d, Intrinsic::not_intrinsic}};
  Value *count = vinsert(64, vzero(128), 0, n);
  unsigned column = lane == 16 ? 0 : lane == 32 ? 1 : 2;
  return byIntrinsic(ir, Ids[static_cast<unsigned>(how)][column], lane, v, count);
}

Value *Emitter::vabs(unsigned lane, V v) {
  return plain(b.ir, b.ir.CreateBinaryIntrinsic(Intrinsic::abs, asInts(b.ir, lane, v), b.ir.getFalse()));
}
Value *Emitter::vwiden(bool isSigned, unsigned to, unsigned from, unsigned bits, V v) {
  IRBuilder<> &ir = b.ir;
  SmallVector<int, 16> low;
  for (unsigned i = 0; i < bits / to; ++i)
    low.push_back(static_cast<int>(i));
  Value *x = ir.CreateShuffleVector(asInts(ir, from, v), low);
  Type *type = FixedVectorType::get(ir.getIntNTy(to), bits / to);
  return plain(ir, isSigned ? ir.CreateSExt(x, type) : ir.CreateZExt(x, type));
}
Value *Emitter::vpack(bool toSigned, unsigned lane, V x, V y) {
  Intrinsic::ID id = lane == 16 ? (toSigned ? Intrinsic::x86_sse2_packsswb_128 : Intrinsic::x86_sse2_packuswb_128)
                                : (toSigned ? Intrinsic::x86_sse2_packssdw_128 : Intrinsic::x86_sse41_packusdw);
  if (bitsOf(x) == 64) // both are one operand's halves
    return narrowed(b.ir, 64, byIntrinsic(b.ir, id, lane, vinsert(64, widened(b.ir, x), 1, b.ir.CreateBitCast(y, b.ir.getInt64Ty())), vzero(128)));
  return byIntrinsic(b.ir, id, lane, x, y);
}
Value *Emitter::vmaddWords(V x, V y) {
  return byIntrinsic(b.ir, Intrinsic::x86_sse2_pmadd_wd, 16, x, y);
}
Value *Emitter::vmaddBytes(V x, V y) {
  return byIntrinsic(b.ir, Intrinsic::x86_ssse3_pmadd_ub_sw_128, 8, x, y);
}
Value *Emitter::vsad(V x, V y) {
  return byIntrinsic(b.ir, Intrinsic::x86_sse2_psad_bw, 8, x, y);
}

Value *Emitter::fscalar(FOp op, unsigned lane, V x, V y) {
  return plainScalar(b.ir, arithmetic(b.ir, op, asFloat(b.ir, lane, x), asFloat(b.ir, lane, y)));
}
Value *Emitter::fbin(FOp op, unsigned lane, V x, V y) {
  return plain(b.ir, arithmetic(b.ir, op, asFloats(b.ir, lane, x), asFloats(b.ir, lane, y)));
}
Value *Emitter::faddKeepingNan(unsigned lane, V x, V y, V nans) {
  IRBuilder<> &ir = b.ir;
  Value *original = asFloats(ir, lane, nans);
  Value *operand = ir.CreateSelect(ir.CreateFCmpUNO(original, original), original, asFloats(ir, lane, y));
  return plain(ir, inOrder(ir, "add", asFloats(ir, lane, x), operand));
}

Value *Emitter::funary(FUnary op, unsigned lane, V v) {
  IRBuilder<> &ir = b.ir;
  Value *x = asFloats(ir, lane, v);
  switch (op) {
  case FUnary::Sqrt: return plain(ir, ir.CreateUnaryIntrinsic(Intrinsic::sqrt, x));
  case FUnary::Reciprocal: return plain(ir, ir.CreateIntrinsic(Intrinsic::x86_sse_rcp_ps, {}, {x}));
  case FUnary::ReciprocalSqrt: return plain(ir, ir.CreateIntrinsic(Intrinsic::x86_sse_rsqrt_ps, {}, {x}));
  }
  llvm_unreachable("all operations are handled");
}
Value *Emitter::funaryScalar(FUnary op, unsigned lane, V v) {
  IRBuilder<> &ir = b.ir;
  if (op == FUnary::Sqrt)
    return plainScalar(ir, ir.CreateUnaryIntrinsic(Intrinsic::sqrt, asFloat(ir, lane, v)));
  Intrinsic::ID id = op == FUnary::Reciprocal ? Intrinsic::x86_sse_rcp_ss : Intrinsic::x86_sse_rsqrt_ss;
  Value *x = asFloats(ir, lane, vinsert(lane, vzero(128), 0, v));
  return vextract(lane, plain(ir, ir.CreateIntrinsic(id, {}, {x})), 0);
}

Value *Emitter::fcompare(unsigned predicate, unsigned lane, V x, V y) {
  IRBuilder<> &ir = b.ir;
  Intrinsic::ID id = lane == 32 ? Intrinsic::x86_sse_cmp_ps : Intrinsic::x86_sse2_cmp_pd;
  return plain(ir, ir.CreateIntrinsic(id, {}, {asFloats(ir, lane, x), asFloats(ir, lane, y), ir.getInt8(predicate & 7)}));
}
Value *Emitter::fcompareScalar(unsigned predicate, unsigned lane, V x, V y) {
  IRBuilder<> &ir = b.ir;
  Intrinsic::ID id = lane == 32 ? Intrinsic::x86_sse_cmp_ss : Intrinsic::x86_sse2_cmp_sd;
  Value *result = ir.CreateIntrinsic(id, {}, {firstLane(ir, asFloat(ir, lane, x)), firstLane(ir, asFloat(ir, lane, y)),
                                              ir.getInt8(predicate & 7)});
  return plainScalar(ir, ir.CreateExtractElement(result, uint64_t(0)));
}
Value *Emitter::fdot(unsigned imm, unsigned lane, V x, V y) {
  return plain(b.ir, inOrder(b.ir, "dp", "$$" + Twine(imm) + ", ", asFloats(b.ir, lane, x), asFloats(b.ir, lane, y)));
}
Value *Emitter::fresize(unsigned to, unsigned from, V v) {
  IRBuilder<> &ir = b.ir;
  Value *x = asFloat(ir, from, v);
  return plainScalar(ir, to > from ? ir.CreateFPExt(x, floatType(ir, to)) : ir.CreateFPTrunc(x, floatType(ir, to)));
}
Value *Emitter::fromInt(unsigned to, V v) { return plainScalar(b.ir, b.ir.CreateSIToFP(v, floatType(b.ir, to))); }

/// The host's conversions: they give the integer indefinite and follow MXCSR.
Value *Emitter::toInt(bool truncate, unsigned to, unsigned from, V v) {
  static constexpr Intrinsic::ID Ids[2][2][2] = {
      {{Intrinsic::x86_sse_cvtss2si, Intrinsic::x86_sse_cvtss2si64}, {Intrinsic::x86_sse2_cvtsd2si, Intrinsic::x86_sse2_cvtsd2si64}},
      {{Intrinsic::x86_sse_cvttss2si, Intrinsic::x86_sse_cvttss2si64},
       {Intrinsic::x86_sse2_cvttsd2si, Intrinsic::x86_sse2_cvttsd2si64}}};
  Value *x = asFloats(b.ir, from, vinsert(from, vzero(128), 0, v));
  return b.ir.CreateIntrinsic(Ids[truncate][from == 64][to == 64], {}, {x});
}

Value *Emitter::fround(unsigned mode, unsigned lane, V v) {
  IRBuilder<> &ir = b.ir;
  Value *x = asFloats(ir, lane, vinsert(lane, vzero(128), 0, v));
  Intrinsic::ID id = lane == 32 ? Intrinsic::x86_sse41_round_ss : Intrinsic::x86_sse41_round_sd;
  return vextract(lane, plain(ir, ir.CreateIntrinsic(id, {}, {x, x, ir.getInt32(mode & 15)})), 0);
}

} // namespace dbt::lift
