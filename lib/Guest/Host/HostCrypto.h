//===- HostCrypto.h - Cryptographic instructions ----------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Shown to the guest only where the host has them (Features.def: Host), so that each
// is one host instruction in all tiers. Implemented in the folder named after the host.
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_HOST_HOSTCRYPTO_H
#define DBT_GUEST_HOST_HOSTCRYPTO_H

#include "Guest/HostValues.h"

namespace dbt {

/// Operations on 128 bits, named as the SDM names their instructions.
enum class CryptoOp : uint8_t {
  AesEnc, AesEncLast, AesDec, AesDecLast, AesImc, AesKeyGenAssist,
  Pclmulqdq,
  Sha1Msg1, Sha1Msg2, Sha1NextE, Sha1Rnds4, Sha256Msg1, Sha256Msg2,
  Gf2p8Mul, Gf2p8Affine, Gf2p8AffineInv,
};

namespace host {

/// \p op of the first and the second source and an immediate of 8 bits. Those with one
/// source take \p b.
Vec<128> crypto(CryptoOp op, uint8_t imm, Vec<128> a, Vec<128> b);
/// SHA256RNDS2, whose third source is XMM0.
Vec<128> sha256Rounds(Vec<128> a, Vec<128> b, Vec<128> xmm0);

} // namespace host
} // namespace dbt

#endif
