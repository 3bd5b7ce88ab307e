//===- Fxsave.h - The FXSAVE image ------------------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_FXSAVE_H
#define DBT_GUEST_FXSAVE_H

#include "Guest/CpuState.h"

#include <cstring>

namespace dbt {

/// The 64-bit FXSAVE layout (SDM Vol. 1, Table 10-2): x87, MXCSR, XMM.
struct FxsaveImage {
  uint16_t control, status;
  uint8_t valid, reserved0;
  uint16_t opcode;
  uint64_t ip, dp;
  uint32_t mxcsr, mxcsrMask;
  struct {
    uint64_t significand;
    uint16_t signExponent;
    uint16_t reserved[3];
  } st[8]; ///< relative to TOP
  Vec128 xmm[16];
  uint8_t reserved1[96];
};
static_assert(sizeof(FxsaveImage) == 512);

/// The bits of MXCSR that may be set.
inline constexpr uint32_t MxcsrMask = 0xffff;

/// The reserved bytes are left as they are, as FXSAVE does.
inline void fxsave(const CpuState &s, FxsaveImage &image) {
  const X87State &x = s.x87;
  image.control = x.control;
  image.status = x.status;
  image.valid = x.valid;
  image.opcode = x.opcode;
  image.ip = x.ip;
  image.dp = x.dp;
  image.mxcsr = s.mxcsr;
  image.mxcsrMask = MxcsrMask;
  unsigned top = x.status >> 11 & 7;
  for (unsigned i = 0; i < 8; ++i) {
    const X87State::Value &v = x.st[(top + i) & 7];
    image.st[i] = {v.significand, v.signExponent, {}};
  }
  std::memcpy(image.xmm, s.xmm, sizeof image.xmm);
}

inline void fxrstor(CpuState &s, const FxsaveImage &image) {
  X87State &x = s.x87;
  x.control = image.control;
  x.status = image.status;
  x.valid = image.valid;
  x.opcode = image.opcode;
  x.ip = image.ip;
  x.dp = image.dp;
  s.mxcsr = image.mxcsr & MxcsrMask;
  unsigned top = x.status >> 11 & 7;
  for (unsigned i = 0; i < 8; ++i)
    x.st[(top + i) & 7] = {image.st[i].significand, image.st[i].signExponent};
  std::memcpy(s.xmm, image.xmm, sizeof image.xmm);
}

} // namespace dbt

#endif
