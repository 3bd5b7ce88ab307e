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

/// SHA's operands in memory need not be aligned on AMD's processors.
inline Alignment shaAlignment() { return guestIsAmd() ? Alignment::Unaligned : Alignment::Natural; }
constexpr MakersDiffer ShaDiffers = {
    "a misaligned operand in memory raises #GP", "it may be misaligned, whatever MXCSR.MM is",
    "SDM Vol. 2, SHA1MSG1 and its like (exceptions of type 4); measured on family 19h"};

template <CryptoOp Op> constexpr auto sha = [](auto &m) {
  auto b = m.readVec(w128, 1, shaAlignment());
  m.writeVec(w128, 0, m.vcrypto(Op, immediate(m.instruction()), m.readVec(w128, 0), b));
};

/// "vaesenc": AESENC, VAESENC and, of \p wide, its form with 256 bits.
template <CryptoOp Op> constexpr auto row(const char *name, Isa isa, Isa wide) {
  return bothWithAvx(vex(name, isa, crypto<Op>), wide);
}
template <CryptoOp Op> constexpr auto unaryRow(const char *name, Isa isa) {
  return bothWithAvx(fixed(name, isa, cryptoUnary<Op>), isa);
}
template <CryptoOp Op> constexpr auto shaRow(const char *name) { return fixed(name, Isa::Sha, sha<Op>).makers(ShaDiffers); }

} // namespace

DBT_FAMILY(Crypto,
  row<CryptoOp::AesEnc>("vaesenc", Isa::Aes, Isa::Vaes), row<CryptoOp::AesEncLast>("vaesenclast", Isa::Aes, Isa::Vaes),
  row<CryptoOp::AesDec>("vaesdec", Isa::Aes, Isa::Vaes), row<CryptoOp::AesDecLast>("vaesdeclast", Isa::Aes, Isa::Vaes),
  unaryRow<CryptoOp::AesImc>("vaesimc", Isa::Aes),
  unaryRow<CryptoOp::AesKeyGenAssist>("vaeskeygenassist", Isa::Aes),
  row<CryptoOp::Pclmulqdq>("vpclmulqdq", Isa::Pclmul, Isa::Vpclmul),
  shaRow<CryptoOp::Sha1Msg1>("sha1msg1"), shaRow<CryptoOp::Sha1Msg2>("sha1msg2"),
  shaRow<CryptoOp::Sha1NextE>("sha1nexte"), shaRow<CryptoOp::Sha1Rnds4>("sha1rnds4"),
  shaRow<CryptoOp::Sha256Msg1>("sha256msg1"), shaRow<CryptoOp::Sha256Msg2>("sha256msg2"),
  fixed("sha256rnds2", Isa::Sha, [](auto &m) {
    auto b = m.readVec(w128, 1, shaAlignment());
    m.writeVec(w128, 0, m.vsha256Rounds(m.readVec(w128, 0), b, m.vecReg(w128, Reg::Xmm0)));
  }).makers(ShaDiffers),
  row<CryptoOp::Gf2p8Mul>("vgf2p8mulb", Isa::Gfni, Isa::Gfni), row<CryptoOp::Gf2p8Affine>("vgf2p8affineqb", Isa::Gfni, Isa::Gfni),
  row<CryptoOp::Gf2p8AffineInv>("vgf2p8affineinvqb", Isa::Gfni, Isa::Gfni))
