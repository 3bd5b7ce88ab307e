//===- EmitVector.cpp - Vector registers and integer lanes ----------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// One IR operation or target intrinsic per instruction, so that code generation
// finds the host's instruction again. Floating point is EmitFloat.cpp's.
//===----------------------------------------------------------------------===//
#include "Lift/Emitter.h"
#include "Lift/Lanes.h"
#include "Lift/Opaque.h"
#include "Lift/RegionBuilder.h"

#include "llvm/IR/IntrinsicsX86.h"

using namespace llvm;

namespace dbt::lift {

namespace {

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
/// A target intrinsic of two vectors of the lanes \p lane, at 128 and at 256 bits.
Value *byIntrinsic(IRBuilder<> &ir, Intrinsic::ID xmm, Intrinsic::ID ymm, unsigned lane, Value *x, Value *y) {
  return narrowed(ir, bitsOf(x),
                  ir.CreateIntrinsic(bitsOf(x) == 256 ? ymm : xmm, {}, {asInts(ir, lane, widened(ir, x)), asInts(ir, lane, widened(ir, y))}));
}
/// The intrinsic for vectors of \p v's width.
Intrinsic::ID forWidth(Value *v, Intrinsic::ID xmm, Intrinsic::ID ymm) { return bitsOf(v) == 256 ? ymm : xmm; }

// MMX registers are the x87 unit's significands, and stay in CpuState.
uint64_t mmxOffset(Reg r) { return offsetof(CpuState, x87.st) + sizeof(X87State::Value) * (number(r) - number(Reg::Mm0)); }

Value *readMmx(RegionBuilder &b, Reg r) {
  return b.ir.CreateBitCast(b.loadField(b.ir.getInt64Ty(), mmxOffset(r)), FixedVectorType::get(b.ir.getInt64Ty(), 1));
}
void writeMmx(RegionBuilder &b, Reg r, Value *v) {
  b.storeField(b.ir.CreateBitCast(v, b.ir.getInt64Ty()), mmxOffset(r));
  b.storeField(b.ir.getInt16(0xffff), mmxOffset(r) + offsetof(X87State::Value, signExponent));
}

} // namespace

void Emitter::beginMmx() {
  if (b.inMmx)
    return;
  x87ToMemory();
  Value *status = b.loadField(b.ir.getInt16Ty(), offsetof(CpuState, x87.status));
  trapIf(b.ir.CreateICmpNE(b.ir.CreateAnd(status, x87status::Summary), b.ir.getInt16(0)), Trap::MF);
}

void Emitter::endMmx() {
  if (b.inMmx)
    return;
  Value *status = b.loadField(b.ir.getInt16Ty(), offsetof(CpuState, x87.status));
  b.storeField(b.ir.CreateAnd(status, static_cast<uint16_t>(~x87status::Top)), offsetof(CpuState, x87.status));
  b.storeField(b.ir.getInt8(0xff), offsetof(CpuState, x87.valid));
  b.inMmx = true;
}

void Emitter::emptyX87() {
  b.storeField(b.ir.getInt8(0), offsetof(CpuState, x87.valid));
  b.inMmx = false;
}

Value *Emitter::readVecReg(unsigned bits, Reg r) {
  if (bits == 64)
    return readMmx(b, r);
  const unsigned n = number(r) - number(Reg::Xmm0);
  return bits == 256 ? b.ymm(n) : b.xmm(n);
}
void Emitter::writeVecReg(unsigned bits, Reg r, V v) {
  if (bits == 64)
    return writeMmx(b, r, v);
  const unsigned n = number(r) - number(Reg::Xmm0);
  if (bits == 256)
    return b.setYmm(n, v);
  b.setXmm(n, v);
  if (b.insn->has(prefix::Vex))
    b.zeroUpper(n);
}
void Emitter::zeroUpper(Reg r) { b.zeroUpper(number(r) - number(Reg::Xmm0)); }

Value *Emitter::vzero(unsigned bits) {
  return Constant::getNullValue(FixedVectorType::get(b.ir.getInt64Ty(), bits / 64));
}
Value *Emitter::vhalf(V v, unsigned i) { return someLanes(b.ir, v, 2 * i, 2); }
Value *Emitter::vjoin(V low, V high) { return b.ir.CreateShuffleVector(low, high, ArrayRef<int>{0, 1, 2, 3}); }
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
  return byIntrinsic(b.ir, Intrinsic::x86_ssse3_pshuf_b_128, Intrinsic::x86_avx2_pshuf_b, 8, x, index);
}
Value *Emitter::vpermute(V x, V index) {
  return plain(b.ir, b.ir.CreateIntrinsic(Intrinsic::x86_avx2_permd, {}, {asInts(b.ir, 32, x), asInts(b.ir, 32, index)}));
}
Value *Emitter::vpermuteInLane(unsigned lane, V x, V control) {
  Intrinsic::ID id = lane == 32 ? forWidth(x, Intrinsic::x86_avx_vpermilvar_ps, Intrinsic::x86_avx_vpermilvar_ps_256)
                                : forWidth(x, Intrinsic::x86_avx_vpermilvar_pd, Intrinsic::x86_avx_vpermilvar_pd_256);
  return plain(b.ir, b.ir.CreateIntrinsic(id, {}, {asFloats(b.ir, lane, x), asInts(b.ir, lane, control)}));
}
Value *Emitter::vblend(unsigned lane, V x, V y, V mask) {
  Value *m = asInts(b.ir, lane, mask);
  Value *pick = b.ir.CreateICmpSLT(m, Constant::getNullValue(m->getType()));
  return plain(b.ir, b.ir.CreateSelect(pick, asInts(b.ir, lane, b.loadedForGood(y)), asInts(b.ir, lane, b.loadedForGood(x))));
}
Value *Emitter::vmask(unsigned lane, V v) {
  IRBuilder<> &ir = b.ir;
  switch (lane) {
  case 8: {
    // Of a comparison's lanes, which LLVM makes of it, the bytes of AX would be taken from a
    // mask register of AVX-512 that nobody has set.
    Intrinsic::ID id = forWidth(v, Intrinsic::x86_sse2_pmovmskb_128, Intrinsic::x86_avx2_pmovmskb);
    return hidden(ir, ir.CreateIntrinsic(id, {}, {asInts(ir, 8, widened(ir, v))}));
  }
  case 32: return ir.CreateIntrinsic(forWidth(v, Intrinsic::x86_sse_movmsk_ps, Intrinsic::x86_avx_movmsk_ps_256), {}, {asFloats(ir, 32, v)});
  default: return ir.CreateIntrinsic(forWidth(v, Intrinsic::x86_sse2_movmsk_pd, Intrinsic::x86_avx_movmsk_pd_256), {}, {asFloats(ir, 64, v)});
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
    case VOp::MulHrS: return byIntrinsic(ir, Intrinsic::x86_ssse3_pmul_hr_sw_128, Intrinsic::x86_avx2_pmul_hr_sw, 16, left, right);
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
  static constexpr Intrinsic::ID Ids[2][3][3] = {
      {{Intrinsic::x86_sse2_psll_w, Intrinsic::x86_sse2_psll_d, Intrinsic::x86_sse2_psll_q},
       {Intrinsic::x86_sse2_psrl_w, Intrinsic::x86_sse2_psrl_d, Intrinsic::x86_sse2_psrl_q},
       {Intrinsic::x86_sse2_psra_w, Intrinsic::x86_sse2_psra_d, Intrinsic::not_intrinsic}},
      {{Intrinsic::x86_avx2_psll_w, Intrinsic::x86_avx2_psll_d, Intrinsic::x86_avx2_psll_q},
       {Intrinsic::x86_avx2_psrl_w, Intrinsic::x86_avx2_psrl_d, Intrinsic::x86_avx2_psrl_q},
       {Intrinsic::x86_avx2_psra_w, Intrinsic::x86_avx2_psra_d, Intrinsic::not_intrinsic}}};
  Value *count = asInts(ir, lane, vinsert(64, vzero(128), 0, n));
  unsigned column = lane == 16 ? 0 : lane == 32 ? 1 : 2;
  Intrinsic::ID id = Ids[bitsOf(v) == 256][static_cast<unsigned>(how)][column];
  return narrowed(ir, bitsOf(v), ir.CreateIntrinsic(id, {}, {asInts(ir, lane, widened(ir, v)), count}));
}

Value *Emitter::vshiftEach(Shift how, unsigned lane, V v, V counts) {
  // By [how][lane is 64][256 bits].
  static constexpr Intrinsic::ID Ids[3][2][2] = {
      {{Intrinsic::x86_avx2_psllv_d, Intrinsic::x86_avx2_psllv_d_256}, {Intrinsic::x86_avx2_psllv_q, Intrinsic::x86_avx2_psllv_q_256}},
      {{Intrinsic::x86_avx2_psrlv_d, Intrinsic::x86_avx2_psrlv_d_256}, {Intrinsic::x86_avx2_psrlv_q, Intrinsic::x86_avx2_psrlv_q_256}},
      {{Intrinsic::x86_avx2_psrav_d, Intrinsic::x86_avx2_psrav_d_256}, {Intrinsic::not_intrinsic, Intrinsic::not_intrinsic}}};
  Intrinsic::ID id = Ids[static_cast<unsigned>(how)][lane == 64][bitsOf(v) == 256];
  return plain(b.ir, b.ir.CreateIntrinsic(id, {}, {asInts(b.ir, lane, v), asInts(b.ir, lane, counts)}));
}

Value *Emitter::vabs(unsigned lane, V v) {
  return plain(b.ir, b.ir.CreateBinaryIntrinsic(Intrinsic::abs, asInts(b.ir, lane, v), b.ir.getFalse()));
}
Value *Emitter::vwiden(bool isSigned, unsigned to, unsigned from, unsigned bits, V v) {
  IRBuilder<> &ir = b.ir;
  Value *x = someLanes(ir, asInts(ir, from, v), 0, bits / to);
  Type *type = FixedVectorType::get(ir.getIntNTy(to), bits / to);
  return plain(ir, isSigned ? ir.CreateSExt(x, type) : ir.CreateZExt(x, type));
}
Value *Emitter::vpack(bool toSigned, unsigned lane, V x, V y) {
  // By [signed][lane is 32][256 bits].
  static constexpr Intrinsic::ID Ids[2][2][2] = {
      {{Intrinsic::x86_sse2_packuswb_128, Intrinsic::x86_avx2_packuswb}, {Intrinsic::x86_sse41_packusdw, Intrinsic::x86_avx2_packusdw}},
      {{Intrinsic::x86_sse2_packsswb_128, Intrinsic::x86_avx2_packsswb}, {Intrinsic::x86_sse2_packssdw_128, Intrinsic::x86_avx2_packssdw}}};
  const Intrinsic::ID *ids = Ids[toSigned][lane == 32];
  if (bitsOf(x) == 64) // both are one operand's halves
    return narrowed(b.ir, 64,
                    byIntrinsic(b.ir, ids[0], ids[1], lane, vinsert(64, widened(b.ir, x), 1, b.ir.CreateBitCast(y, b.ir.getInt64Ty())), vzero(128)));
  return byIntrinsic(b.ir, ids[0], ids[1], lane, x, y);
}
Value *Emitter::vmaddWords(V x, V y) {
  return byIntrinsic(b.ir, Intrinsic::x86_sse2_pmadd_wd, Intrinsic::x86_avx2_pmadd_wd, 16, x, y);
}
Value *Emitter::vmaddBytes(V x, V y) {
  return byIntrinsic(b.ir, Intrinsic::x86_ssse3_pmadd_ub_sw_128, Intrinsic::x86_avx2_pmadd_ub_sw, 8, x, y);
}
Value *Emitter::vsad(V x, V y) {
  return byIntrinsic(b.ir, Intrinsic::x86_sse2_psad_bw, Intrinsic::x86_avx2_psad_bw, 8, x, y);
}
Value *Emitter::vmpsad(unsigned imm, V x, V y) {
  Intrinsic::ID id = forWidth(x, Intrinsic::x86_sse41_mpsadbw, Intrinsic::x86_avx2_mpsadbw);
  return plain(b.ir, b.ir.CreateIntrinsic(id, {}, {asInts(b.ir, 8, x), asInts(b.ir, 8, y), b.ir.getInt8(static_cast<uint8_t>(imm))}));
}
Value *Emitter::vminPosition(V v) {
  return plain(b.ir, b.ir.CreateIntrinsic(Intrinsic::x86_sse41_phminposuw, {}, {asInts(b.ir, 16, v)}));
}

} // namespace dbt::lift
