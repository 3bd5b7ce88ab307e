//===- Fxsave.h - The FXSAVE image ------------------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_FXSAVE_H
#define DBT_GUEST_FXSAVE_H

#include "Guest/CpuState.h"
#include "Guest/Features.h"

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

/// MM of AMD's processors: legacy SSE operands in memory need not be aligned (APM Vol. 1, MXCSR register).
inline constexpr uint32_t MxcsrMisaligned = 1u << 17;
/// The bits of MXCSR that may be set.
inline uint32_t mxcsrMask() { return 0xffff | (hasFeature(Isa::Misalignsse) ? MxcsrMisaligned : 0); }
/// Those that mask exceptions.
inline constexpr uint32_t MxcsrMasks = 0x1f80;
/// Whether a floating-point exception would be a fault: compiled code has the state exact
/// where memory is accessed, not wherever it computes.
inline bool unmasksFp(uint32_t mxcsr) { return (mxcsr & MxcsrMasks) != MxcsrMasks; }

/// CS of the last x87 instruction. Intel's processors no longer keep it (SDM Vol. 1, 8.1.8).
inline uint16_t x87CodeSelector(const X87State &x) { return guestIsAmd() && x.ip ? 0x33 : 0; }

/// The x87 part. AMD's processors show the last instruction only where its exception is
/// pending, else zeros (APM Vol. 2, FXSAVE and FXRSTOR Instructions). \p wide: with REX.W, which stores pointers of 64 bits; without they are
/// 32 bits and a selector, which processors no longer keep.
inline void storeX87(const X87State &x, FxsaveImage &image, bool wide) {
  image.control = x.control;
  image.status = x.status;
  image.valid = x.valid;
  image.reserved0 = 0;
  constexpr uint16_t Pending = 0x80;
  const bool shown = !guestIsAmd() || (x.status & Pending);
  image.opcode = shown ? x.opcode : 0;
  image.ip = !shown ? 0 : wide ? x.ip : static_cast<uint32_t>(x.ip) | uint64_t(x87CodeSelector(x)) << 32;
  image.dp = !shown ? 0 : wide ? x.dp : static_cast<uint32_t>(x.dp);
  unsigned top = x.status >> 11 & 7;
  for (unsigned i = 0; i < 8; ++i) {
    const X87State::Value &v = x.st[(top + i) & 7];
    image.st[i] = {v.significand, v.signExponent, {}};
  }
}

inline void loadX87(X87State &x, const FxsaveImage &image, bool wide) {
  x.control = static_cast<uint16_t>((image.control & 0x1f3f) | 0x40);
  // ES and B follow from the exceptions and their masks.
  constexpr uint16_t Summary = 0x8080;
  const bool pending = image.status & ~image.control & 0x3f;
  x.status = static_cast<uint16_t>(pending ? image.status | Summary : image.status & ~Summary);
  x.valid = image.valid;
  x.opcode = image.opcode & 0x7ff;
  x.ip = wide ? image.ip : static_cast<uint32_t>(image.ip);
  x.dp = wide ? image.dp : static_cast<uint32_t>(image.dp);
  unsigned top = x.status >> 11 & 7;
  for (unsigned i = 0; i < 8; ++i)
    x.st[(top + i) & 7] = {image.st[i].significand, image.st[i].signExponent};
}

/// All of it but for the reserved bytes, which FXSAVE leaves as they are.
inline void fxsave(const CpuState &s, FxsaveImage &image, bool wide = true) {
  storeX87(s.x87, image, wide);
  image.mxcsr = s.mxcsr;
  image.mxcsrMask = mxcsrMask();
  std::memcpy(image.xmm, s.xmm, sizeof image.xmm);
}

/// MXCSR must be legal.
inline void fxrstor(CpuState &s, const FxsaveImage &image, bool wide = true) {
  loadX87(s.x87, image, wide);
  s.mxcsr = image.mxcsr;
  std::memcpy(s.xmm, image.xmm, sizeof s.xmm);
}

} // namespace dbt

#endif
