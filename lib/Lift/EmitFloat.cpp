//===- EmitFloat.cpp - Floating-point lanes -------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// One IR operation, target intrinsic or host instruction per instruction. Which NaN
// comes out of several, and what is raised, must be as on the host: where LLVM does
// not promise that the instruction itself is named.
//===----------------------------------------------------------------------===//
#include "Lift/Emitter.h"
#include "Lift/Lanes.h"
#include "Lift/Opaque.h"
#include "Lift/RegionBuilder.h"

#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/IntrinsicsX86.h"
#include "llvm/TargetParser/Host.h"

using namespace llvm;

namespace dbt::lift {

namespace {

bool isDouble(Value *v) { return v->getType()->getScalarType()->isDoubleTy(); }

/// A host instruction as it is. Each one's sticky flags count, so none may be dropped, done
/// twice or moved over what may fault; x86 returns the first one's NaN of two, while LLVM
/// takes +, * and the dot product for commutative, and so does its assembler where that
/// makes a shorter VEX prefix. \p mnemonic is without p or s and without the type.
Value *inOrder(IRBuilder<> &ir, const Twine &mnemonic, const Twine &immediate, Value *x, Value *y) {
  static const bool avx = sys::getHostCPUFeatures().lookup("avx");
  std::string text = (Twine(avx ? "{vex3} v" : "") + mnemonic + (x->getType()->isVectorTy() ? "p" : "s") +
                      (isDouble(x) ? "d " : "s ") + immediate + (avx ? "$2, $1, $0" : "$2, $0"))
                         .str();
  auto *type = FunctionType::get(x->getType(), {x->getType(), x->getType()}, false);
  return ir.CreateCall(InlineAsm::get(type, text, avx ? "=x,x,x" : "=x,0,x", true), {x, y});
}
Value *inOrder(IRBuilder<> &ir, const Twine &mnemonic, Value *x, Value *y) { return inOrder(ir, mnemonic, "", x, y); }

Value *firstLane(IRBuilder<> &ir, Value *x) {
  auto *type = FixedVectorType::get(x->getType(), 128 / bitsOf(x));
  return ir.CreateInsertElement(Constant::getNullValue(type), x, uint64_t(0));
}

Value *arithmetic(IRBuilder<> &ir, FOp op, Value *x, Value *y) {
  switch (op) {
  case FOp::Add: return inOrder(ir, "add", x, y);
  case FOp::Sub: return inOrder(ir, "sub", x, y);
  case FOp::Mul: return inOrder(ir, "mul", x, y);
  case FOp::Div: return inOrder(ir, "div", x, y);
  case FOp::Min: return inOrder(ir, "min", x, y);
  case FOp::Max: return inOrder(ir, "max", x, y);
  }
  llvm_unreachable("all operations are handled");
}

/// The guest's own FMA instruction: LLVM would swap the factors.
Value *fused(IRBuilder<> &ir, FmaOp op, FmaOrder order, Value *x, Value *y, Value *z) {
  static constexpr const char *Names[] = {"vfmadd", "vfmsub", "vfnmadd", "vfnmsub", "vfmaddsub", "vfmsubadd"};
  static constexpr const char *Digits[] = {"132", "213", "231"};
  std::string text = std::string(Names[static_cast<unsigned>(op)]) + Digits[static_cast<unsigned>(order)] +
                     (x->getType()->isVectorTy() ? "p" : "s") + (isDouble(x) ? "d" : "s") + " $3, $2, $0";
  auto *type = FunctionType::get(x->getType(), {x->getType(), x->getType(), x->getType()}, false);
  return ir.CreateCall(InlineAsm::get(type, text, "=x,0,x,x", true), {x, y, z});
}

} // namespace

Value *Emitter::fscalar(FOp op, unsigned lane, V x, V y) {
  return plainScalar(b.ir, arithmetic(b.ir, op, asFloat(b.ir, lane, x), asFloat(b.ir, lane, y)));
}
Value *Emitter::fbin(FOp op, unsigned lane, V x, V y) {
  return plain(b.ir, arithmetic(b.ir, op, asFloats(b.ir, lane, x), asFloats(b.ir, lane, y)));
}
Value *Emitter::faddSub(unsigned lane, V x, V y) {
  return plain(b.ir, inOrder(b.ir, "addsub", asFloats(b.ir, lane, x), asFloats(b.ir, lane, y)));
}

Value *Emitter::funary(FUnary op, unsigned lane, V v) {
  IRBuilder<> &ir = b.ir;
  Value *x = asFloats(ir, lane, v);
  const bool wide = bitsOf(v) == 256;
  switch (op) {
  case FUnary::Sqrt: return plain(ir, kept(ir, ir.CreateUnaryIntrinsic(Intrinsic::sqrt, opaque(ir, x))));
  case FUnary::Reciprocal: return plain(ir, ir.CreateIntrinsic(wide ? Intrinsic::x86_avx_rcp_ps_256 : Intrinsic::x86_sse_rcp_ps, {}, {x}));
  case FUnary::ReciprocalSqrt: return plain(ir, ir.CreateIntrinsic(wide ? Intrinsic::x86_avx_rsqrt_ps_256 : Intrinsic::x86_sse_rsqrt_ps, {}, {x}));
  }
  llvm_unreachable("all operations are handled");
}
Value *Emitter::funaryScalar(FUnary op, unsigned lane, V v) {
  IRBuilder<> &ir = b.ir;
  if (op == FUnary::Sqrt)
    return plainScalar(ir, kept(ir, ir.CreateUnaryIntrinsic(Intrinsic::sqrt, opaque(ir, asFloat(ir, lane, v)))));
  Intrinsic::ID id = op == FUnary::Reciprocal ? Intrinsic::x86_sse_rcp_ss : Intrinsic::x86_sse_rsqrt_ss;
  Value *x = asFloats(ir, lane, vinsert(lane, vzero(128), 0, v));
  return vextract(lane, plain(ir, ir.CreateIntrinsic(id, {}, {x})), 0);
}

Value *Emitter::fcompare(unsigned predicate, unsigned lane, V x, V y) {
  IRBuilder<> &ir = b.ir;
  static constexpr Intrinsic::ID Ids[2][2] = {{Intrinsic::x86_sse_cmp_ps, Intrinsic::x86_avx_cmp_ps_256},
                                              {Intrinsic::x86_sse2_cmp_pd, Intrinsic::x86_avx_cmp_pd_256}};
  Value *result = ir.CreateIntrinsic(Ids[lane == 64][bitsOf(x) == 256], {},
                                     {opaque(ir, asFloats(ir, lane, x)), asFloats(ir, lane, y), ir.getInt8(static_cast<uint8_t>(predicate))});
  return plain(ir, kept(ir, result));
}
Value *Emitter::fcompareScalar(unsigned predicate, unsigned lane, V x, V y) {
  IRBuilder<> &ir = b.ir;
  Intrinsic::ID id = lane == 32 ? Intrinsic::x86_sse_cmp_ss : Intrinsic::x86_sse2_cmp_sd;
  Value *result = ir.CreateIntrinsic(id, {}, {firstLane(ir, opaque(ir, asFloat(ir, lane, x))), firstLane(ir, asFloat(ir, lane, y)),
                                              ir.getInt8(static_cast<uint8_t>(predicate))});
  return plainScalar(ir, ir.CreateExtractElement(kept(ir, result), uint64_t(0)));
}
Value *Emitter::fdot(unsigned imm, unsigned lane, V x, V y) {
  return plain(b.ir, inOrder(b.ir, "dp", "$$" + Twine(imm) + ", ", asFloats(b.ir, lane, x), asFloats(b.ir, lane, y)));
}
Value *Emitter::fresize(unsigned to, unsigned from, V v) {
  IRBuilder<> &ir = b.ir;
  Value *x = opaque(ir, asFloat(ir, from, v));
  return plainScalar(ir, kept(ir, to > from ? ir.CreateFPExt(x, floatType(ir, to)) : ir.CreateFPTrunc(x, floatType(ir, to))));
}
Value *Emitter::fromInt(unsigned to, V v) { return plainScalar(b.ir, kept(b.ir, b.ir.CreateSIToFP(opaque(b.ir, v), floatType(b.ir, to)))); }

/// The host's conversions: they give the integer indefinite and follow MXCSR.
Value *Emitter::toInt(bool truncate, unsigned to, unsigned from, V v) {
  static constexpr Intrinsic::ID Ids[2][2][2] = {
      {{Intrinsic::x86_sse_cvtss2si, Intrinsic::x86_sse_cvtss2si64}, {Intrinsic::x86_sse2_cvtsd2si, Intrinsic::x86_sse2_cvtsd2si64}},
      {{Intrinsic::x86_sse_cvttss2si, Intrinsic::x86_sse_cvttss2si64},
       {Intrinsic::x86_sse2_cvttsd2si, Intrinsic::x86_sse2_cvttsd2si64}}};
  Value *x = asFloats(b.ir, from, vinsert(from, vzero(128), 0, v));
  return kept(b.ir, b.ir.CreateIntrinsic(Ids[truncate][from == 64][to == 64], {}, {opaque(b.ir, x)}));
}

Value *Emitter::fround(unsigned mode, unsigned lane, V v) {
  IRBuilder<> &ir = b.ir;
  Value *x = opaque(ir, asFloats(ir, lane, vinsert(lane, vzero(128), 0, v)));
  Intrinsic::ID id = lane == 32 ? Intrinsic::x86_sse41_round_ss : Intrinsic::x86_sse41_round_sd;
  return vextract(lane, plain(ir, kept(ir, ir.CreateIntrinsic(id, {}, {x, x, ir.getInt32(mode & 15)}))), 0);
}

Value *Emitter::vround(unsigned mode, unsigned lane, V v) {
  static constexpr Intrinsic::ID Ids[2][2] = {{Intrinsic::x86_sse41_round_ps, Intrinsic::x86_avx_round_ps_256},
                                              {Intrinsic::x86_sse41_round_pd, Intrinsic::x86_avx_round_pd_256}};
  Value *x = opaque(b.ir, asFloats(b.ir, lane, v));
  return plain(b.ir, kept(b.ir, b.ir.CreateIntrinsic(Ids[lane == 64][bitsOf(v) == 256], {}, {x, b.ir.getInt32(mode & 15)})));
}

Value *Emitter::vfromInt(unsigned bits, unsigned to, V v) {
  IRBuilder<> &ir = b.ir;
  Value *x = someLanes(ir, opaque(ir, asInts(ir, 32, v)), 0, bits / to);
  return plain(ir, kept(ir, ir.CreateSIToFP(x, FixedVectorType::get(floatType(ir, to), bits / to))));
}
Value *Emitter::vtoInt(bool truncate, unsigned, unsigned from, V v) {
  // By [truncate][double][256 bits].
  static constexpr Intrinsic::ID Ids[2][2][2] = {
      {{Intrinsic::x86_sse2_cvtps2dq, Intrinsic::x86_avx_cvt_ps2dq_256}, {Intrinsic::x86_sse2_cvtpd2dq, Intrinsic::x86_avx_cvt_pd2dq_256}},
      {{Intrinsic::x86_sse2_cvttps2dq, Intrinsic::x86_avx_cvtt_ps2dq_256},
       {Intrinsic::x86_sse2_cvttpd2dq, Intrinsic::x86_avx_cvtt_pd2dq_256}}};
  Value *x = opaque(b.ir, asFloats(b.ir, from, v));
  return plain(b.ir, kept(b.ir, b.ir.CreateIntrinsic(Ids[truncate][from == 64][bitsOf(v) == 256], {}, {x})));
}
Value *Emitter::vresize(unsigned bits, unsigned to, unsigned from, V v) {
  IRBuilder<> &ir = b.ir;
  Value *x = opaque(ir, asFloats(ir, from, v));
  if (to > from)
    return plain(ir, kept(ir, ir.CreateFPExt(someLanes(ir, x, 0, bits / to), FixedVectorType::get(floatType(ir, to), bits / to))));
  if (bitsOf(v) == 128) // the upper half becomes zero
    return plain(ir, kept(ir, ir.CreateIntrinsic(Intrinsic::x86_sse2_cvtpd2ps, {}, {x})));
  return plain(ir, kept(ir, ir.CreateFPTrunc(x, FixedVectorType::get(floatType(ir, to), bits / to))));
}

/// No IR operation: on some hosts it would be another instruction with other exceptions.
Value *Emitter::vfromHalf(unsigned bits, V v) {
  auto *type = FunctionType::get(FixedVectorType::get(b.ir.getFloatTy(), bits / 32), {v->getType()}, false);
  return plain(b.ir, b.ir.CreateCall(InlineAsm::get(type, "vcvtph2ps $1, $0", "=x,x", true), {v}));
}
Value *Emitter::vtoHalf(unsigned mode, V v) {
  Intrinsic::ID id = bitsOf(v) == 256 ? Intrinsic::x86_vcvtps2ph_256 : Intrinsic::x86_vcvtps2ph_128;
  return plain(b.ir, kept(b.ir, b.ir.CreateIntrinsic(id, {}, {opaque(b.ir, asFloats(b.ir, 32, v)), b.ir.getInt32(mode & 7)})));
}

Value *Emitter::fma(FmaOp op, FmaOrder order, unsigned lane, V x, V y, V z) {
  return plain(b.ir, fused(b.ir, op, order, asFloats(b.ir, lane, x), asFloats(b.ir, lane, y), asFloats(b.ir, lane, z)));
}
Value *Emitter::fmaScalar(FmaOp op, FmaOrder order, unsigned lane, V x, V y, V z) {
  return plainScalar(b.ir, fused(b.ir, op, order, asFloat(b.ir, lane, x), asFloat(b.ir, lane, y), asFloat(b.ir, lane, z)));
}

} // namespace dbt::lift
