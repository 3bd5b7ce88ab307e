//===- EmitCrypto.cpp - Cryptographic instructions ------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Target intrinsics: the guest has these instructions only where the host does.
//===----------------------------------------------------------------------===//
#include "Lift/Emitter.h"
#include "Lift/Lanes.h"
#include "Lift/RegionBuilder.h"

#include "llvm/IR/IntrinsicsX86.h"

using namespace llvm;

namespace dbt::lift {

namespace {

/// How an intrinsic takes its operands.
enum class Operands { Unary, UnaryImm, Binary, BinaryImm };

struct Choice {
  Intrinsic::ID narrow, wide; ///< at 128 and at 256 bits
  unsigned lane;
  Operands operands;
};

Choice choose(CryptoOp op) {
  constexpr Intrinsic::ID None = Intrinsic::not_intrinsic;
  using enum Operands;
  switch (op) {
  case CryptoOp::AesEnc: return {Intrinsic::x86_aesni_aesenc, Intrinsic::x86_aesni_aesenc_256, 64, Binary};
  case CryptoOp::AesEncLast: return {Intrinsic::x86_aesni_aesenclast, Intrinsic::x86_aesni_aesenclast_256, 64, Binary};
  case CryptoOp::AesDec: return {Intrinsic::x86_aesni_aesdec, Intrinsic::x86_aesni_aesdec_256, 64, Binary};
  case CryptoOp::AesDecLast: return {Intrinsic::x86_aesni_aesdeclast, Intrinsic::x86_aesni_aesdeclast_256, 64, Binary};
  case CryptoOp::AesImc: return {Intrinsic::x86_aesni_aesimc, None, 64, Unary};
  case CryptoOp::AesKeyGenAssist: return {Intrinsic::x86_aesni_aeskeygenassist, None, 64, UnaryImm};
  case CryptoOp::Pclmulqdq: return {Intrinsic::x86_pclmulqdq, Intrinsic::x86_pclmulqdq_256, 64, BinaryImm};
  case CryptoOp::Sha1Msg1: return {Intrinsic::x86_sha1msg1, None, 32, Binary};
  case CryptoOp::Sha1Msg2: return {Intrinsic::x86_sha1msg2, None, 32, Binary};
  case CryptoOp::Sha1NextE: return {Intrinsic::x86_sha1nexte, None, 32, Binary};
  case CryptoOp::Sha1Rnds4: return {Intrinsic::x86_sha1rnds4, None, 32, BinaryImm};
  case CryptoOp::Sha256Msg1: return {Intrinsic::x86_sha256msg1, None, 32, Binary};
  case CryptoOp::Sha256Msg2: return {Intrinsic::x86_sha256msg2, None, 32, Binary};
  case CryptoOp::Gf2p8Mul: return {Intrinsic::x86_vgf2p8mulb_128, Intrinsic::x86_vgf2p8mulb_256, 8, Binary};
  case CryptoOp::Gf2p8Affine: return {Intrinsic::x86_vgf2p8affineqb_128, Intrinsic::x86_vgf2p8affineqb_256, 8, BinaryImm};
  case CryptoOp::Gf2p8AffineInv: return {Intrinsic::x86_vgf2p8affineinvqb_128, Intrinsic::x86_vgf2p8affineinvqb_256, 8, BinaryImm};
  }
  llvm_unreachable("all operations are handled");
}

} // namespace

Value *Emitter::vcrypto(CryptoOp op, uint8_t imm, V x, V y) {
  IRBuilder<> &ir = b.ir;
  const Choice choice = choose(op);
  SmallVector<Value *, 3> operands;
  if (choice.operands == Operands::Binary || choice.operands == Operands::BinaryImm)
    operands.push_back(asInts(ir, choice.lane, x));
  operands.push_back(asInts(ir, choice.lane, y));
  if (op == CryptoOp::Sha1Rnds4)
    imm &= 3; // the rest is ignored, and code generation wants it so
  if (choice.operands == Operands::UnaryImm || choice.operands == Operands::BinaryImm)
    operands.push_back(ir.getInt8(imm));
  return plain(ir, ir.CreateIntrinsic(bitsOf(y) == 256 ? choice.wide : choice.narrow, {}, operands));
}

Value *Emitter::vsha256Rounds(V x, V y, V xmm0) {
  IRBuilder<> &ir = b.ir;
  return plain(ir, ir.CreateIntrinsic(Intrinsic::x86_sha256rnds2, {}, {asInts(ir, 32, x), asInts(ir, 32, y), asInts(ir, 32, xmm0)}));
}

} // namespace dbt::lift
