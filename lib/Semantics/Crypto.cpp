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

template <CryptoOp Op> constexpr auto crypto = [](auto &m, auto w) {
  auto [a, b] = sources(m, w);
  m.writeVec(w, 0, m.vcrypto(Op, immediate(m.instruction()), a, b));
};

/// From operand 1 alone.
template <CryptoOp Op> constexpr auto cryptoUnary = [](auto &m) {
  auto b = m.readVec(w128, 1);
  m.writeVec(w128, 0, m.vcrypto(Op, immediate(m.instruction()), b, b));
};

/// "vaesenc": AESENC, VAESENC and, of \p wide, its form with 256 bits.
template <CryptoOp Op> constexpr auto row(const char *name, Isa isa, Isa wide) {
  return bothWithAvx(vex(name, isa, crypto<Op>), wide);
}
template <CryptoOp Op> constexpr auto unaryRow(const char *name, Isa isa) {
  return bothWithAvx(fixed(name, isa, cryptoUnary<Op>), isa);
}
template <CryptoOp Op> constexpr auto legacyRow(const char *name, Isa isa) {
  return fixed(name, isa, [](auto &m) { crypto<Op>(m, w128); });
}

} // namespace

DBT_FAMILY(Crypto,
  row<CryptoOp::AesEnc>("vaesenc", Isa::Aes, Isa::Vaes), row<CryptoOp::AesEncLast>("vaesenclast", Isa::Aes, Isa::Vaes),
  row<CryptoOp::AesDec>("vaesdec", Isa::Aes, Isa::Vaes), row<CryptoOp::AesDecLast>("vaesdeclast", Isa::Aes, Isa::Vaes),
  unaryRow<CryptoOp::AesImc>("vaesimc", Isa::Aes),
  unaryRow<CryptoOp::AesKeyGenAssist>("vaeskeygenassist", Isa::Aes),
  row<CryptoOp::Pclmulqdq>("vpclmulqdq", Isa::Pclmul, Isa::Vpclmul),
  legacyRow<CryptoOp::Sha1Msg1>("sha1msg1", Isa::Sha), legacyRow<CryptoOp::Sha1Msg2>("sha1msg2", Isa::Sha),
  legacyRow<CryptoOp::Sha1NextE>("sha1nexte", Isa::Sha), legacyRow<CryptoOp::Sha1Rnds4>("sha1rnds4", Isa::Sha),
  legacyRow<CryptoOp::Sha256Msg1>("sha256msg1", Isa::Sha), legacyRow<CryptoOp::Sha256Msg2>("sha256msg2", Isa::Sha),
  fixed("sha256rnds2", Isa::Sha, [](auto &m) {
    auto b = m.readVec(w128, 1);
    m.writeVec(w128, 0, m.vsha256Rounds(m.readVec(w128, 0), b, m.vecReg(w128, Reg::Xmm0)));
  }),
  row<CryptoOp::Gf2p8Mul>("vgf2p8mulb", Isa::Gfni, Isa::Gfni), row<CryptoOp::Gf2p8Affine>("vgf2p8affineqb", Isa::Gfni, Isa::Gfni),
  row<CryptoOp::Gf2p8AffineInv>("vgf2p8affineinvqb", Isa::Gfni, Isa::Gfni))
