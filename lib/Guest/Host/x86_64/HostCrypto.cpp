//===- HostCrypto.cpp - Cryptographic instructions, on an x86-64 host -----===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Immediates must be known when this is compiled. Where one only adds a constant to the
// result, it is added by XOR.
//===----------------------------------------------------------------------===//

#include "Guest/Host/HostCrypto.h"

#include <bit>
#include <immintrin.h>

namespace dbt::host {

namespace {

#define DBT_AES __attribute__((target("aes")))
#define DBT_SHA __attribute__((target("sha,sse4.1")))
#define DBT_GFNI __attribute__((target("gfni")))

DBT_AES __m128i keyGenAssist(uint8_t imm, __m128i b) {
  return _mm_xor_si128(_mm_aeskeygenassist_si128(b, 0), _mm_set_epi32(imm, 0, imm, 0));
}

__attribute__((target("pclmul"))) __m128i pclmulqdq(uint8_t imm, __m128i a, __m128i b) {
  switch (imm & 0x11) {
  case 0x00: return _mm_clmulepi64_si128(a, b, 0x00);
  case 0x01: return _mm_clmulepi64_si128(a, b, 0x01);
  case 0x10: return _mm_clmulepi64_si128(a, b, 0x10);
  default: return _mm_clmulepi64_si128(a, b, 0x11);
  }
}

DBT_SHA __m128i sha1Rounds(uint8_t imm, __m128i a, __m128i b) {
  switch (imm & 3) {
  case 0: return _mm_sha1rnds4_epu32(a, b, 0);
  case 1: return _mm_sha1rnds4_epu32(a, b, 1);
  case 2: return _mm_sha1rnds4_epu32(a, b, 2);
  default: return _mm_sha1rnds4_epu32(a, b, 3);
  }
}

DBT_AES __m128i aes(CryptoOp op, __m128i a, __m128i b) {
  switch (op) {
  case CryptoOp::AesEnc: return _mm_aesenc_si128(a, b);
  case CryptoOp::AesEncLast: return _mm_aesenclast_si128(a, b);
  case CryptoOp::AesDec: return _mm_aesdec_si128(a, b);
  case CryptoOp::AesDecLast: return _mm_aesdeclast_si128(a, b);
  default: return _mm_aesimc_si128(b);
  }
}

DBT_SHA __m128i sha(CryptoOp op, __m128i a, __m128i b) {
  switch (op) {
  case CryptoOp::Sha1Msg1: return _mm_sha1msg1_epu32(a, b);
  case CryptoOp::Sha1Msg2: return _mm_sha1msg2_epu32(a, b);
  case CryptoOp::Sha1NextE: return _mm_sha1nexte_epu32(a, b);
  case CryptoOp::Sha256Msg1: return _mm_sha256msg1_epu32(a, b);
  default: return _mm_sha256msg2_epu32(a, b);
  }
}

DBT_GFNI __m128i galois(CryptoOp op, uint8_t imm, __m128i a, __m128i b) {
  const __m128i added = _mm_set1_epi8(static_cast<char>(imm));
  switch (op) {
  case CryptoOp::Gf2p8Mul: return _mm_gf2p8mul_epi8(a, b);
  case CryptoOp::Gf2p8Affine: return _mm_xor_si128(_mm_gf2p8affine_epi64_epi8(a, b, 0), added);
  default: return _mm_xor_si128(_mm_gf2p8affineinv_epi64_epi8(a, b, 0), added);
  }
}

} // namespace

Vec<128> crypto(CryptoOp op, uint8_t imm, Vec<128> left, Vec<128> right) {
  const auto a = std::bit_cast<__m128i>(left), b = std::bit_cast<__m128i>(right);
  auto result = [&] {
    switch (op) {
    case CryptoOp::AesEnc:
    case CryptoOp::AesEncLast:
    case CryptoOp::AesDec:
    case CryptoOp::AesDecLast:
    case CryptoOp::AesImc: return aes(op, a, b);
    case CryptoOp::AesKeyGenAssist: return keyGenAssist(imm, b);
    case CryptoOp::Pclmulqdq: return pclmulqdq(imm, a, b);
    case CryptoOp::Sha1Rnds4: return sha1Rounds(imm, a, b);
    case CryptoOp::Sha1Msg1:
    case CryptoOp::Sha1Msg2:
    case CryptoOp::Sha1NextE:
    case CryptoOp::Sha256Msg1:
    case CryptoOp::Sha256Msg2: return sha(op, a, b);
    case CryptoOp::Gf2p8Mul:
    case CryptoOp::Gf2p8Affine:
    case CryptoOp::Gf2p8AffineInv: return galois(op, imm, a, b);
    }
    __builtin_unreachable();
  };
  return std::bit_cast<Vec<128>>(result());
}

DBT_SHA Vec<128> sha256Rounds(Vec<128> a, Vec<128> b, Vec<128> xmm0) {
  return std::bit_cast<Vec<128>>(
      _mm_sha256rnds2_epu32(std::bit_cast<__m128i>(a), std::bit_cast<__m128i>(b), std::bit_cast<__m128i>(xmm0)));
}

} // namespace dbt::host
