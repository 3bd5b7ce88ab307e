//===- Crypto.cpp - AES, carry-less products, SHA, Galois fields ----------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, 12.13 (AES, PCLMULQDQ), 12.14 (SHA), and GFNI.

#include "Semantics/SimdOperands.h"

using namespace dbt;

namespace {

template <CryptoOp Op> constexpr auto crypto = [](auto &m) {
  auto [a, b] = sources(m, w128);
  m.writeVec(w128, 0, m.vcrypto(Op, immediate(m.instruction()), a, b));
};

/// From operand 1 alone.
template <CryptoOp Op> constexpr auto cryptoUnary = [](auto &m) {
  auto b = m.readVec(w128, 1);
  m.writeVec(w128, 0, m.vcrypto(Op, immediate(m.instruction()), b, b));
};

template <CryptoOp Op> constexpr auto row(const char *name, Isa isa) { return fixed(name, isa, crypto<Op>); }

} // namespace

DBT_FAMILY(Crypto,
  row<CryptoOp::AesEnc>("aesenc", Isa::Aes), row<CryptoOp::AesEncLast>("aesenclast", Isa::Aes),
  row<CryptoOp::AesDec>("aesdec", Isa::Aes), row<CryptoOp::AesDecLast>("aesdeclast", Isa::Aes),
  fixed("aesimc", Isa::Aes, cryptoUnary<CryptoOp::AesImc>),
  fixed("aeskeygenassist", Isa::Aes, cryptoUnary<CryptoOp::AesKeyGenAssist>),
  row<CryptoOp::Pclmulqdq>("pclmulqdq", Isa::Pclmul),
  row<CryptoOp::Sha1Msg1>("sha1msg1", Isa::Sha), row<CryptoOp::Sha1Msg2>("sha1msg2", Isa::Sha),
  row<CryptoOp::Sha1NextE>("sha1nexte", Isa::Sha), row<CryptoOp::Sha1Rnds4>("sha1rnds4", Isa::Sha),
  row<CryptoOp::Sha256Msg1>("sha256msg1", Isa::Sha), row<CryptoOp::Sha256Msg2>("sha256msg2", Isa::Sha),
  fixed("sha256rnds2", Isa::Sha, [](auto &m) {
    auto b = m.readVec(w128, 1);
    m.writeVec(w128, 0, m.vsha256Rounds(m.readVec(w128, 0), b, m.vecReg(w128, Reg::Xmm0)));
  }),
  row<CryptoOp::Gf2p8Mul>("gf2p8mulb", Isa::Gfni), row<CryptoOp::Gf2p8Affine>("gf2p8affineqb", Isa::Gfni),
  row<CryptoOp::Gf2p8AffineInv>("gf2p8affineinvqb", Isa::Gfni))
