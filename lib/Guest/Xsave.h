//===- Xsave.h - The XSAVE area and its components --------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, chapter 13. AVX is the first component behind the header, so that the
// standard and the compacted format place all that is here alike; they differ in
// what the header says, in what is initialised, and in where MXCSR belongs.
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_XSAVE_H
#define DBT_GUEST_XSAVE_H

#include "Guest/Fxsave.h"

namespace dbt {

/// Bits of XCR0, XSTATE_BV, XCOMP_BV and an instruction's EDX:EAX.
namespace xstate {
enum : uint64_t { X87 = 1, Sse = 2, Avx = 4 };
inline constexpr uint64_t Compacted = uint64_t(1) << 63; ///< in XCOMP_BV
}

struct XsaveHeader {
  uint64_t inUse;     ///< XSTATE_BV
  uint64_t compacted; ///< XCOMP_BV
  uint64_t reserved[6];
};

struct alignas(64) XsaveArea {
  FxsaveImage legacy;
  XsaveHeader header;
  Vec128 ymmHigh[16];
};
static_assert(sizeof(XsaveArea) == 832 && offsetof(XsaveArea, ymmHigh) == 576);

/// XCR0: what the guest's operating system has enabled, a matter of its features.
uint64_t enabledComponents();
/// The bytes of an area with all of \p components.
constexpr unsigned xsaveBytes(uint64_t components) {
  return components & xstate::Avx ? sizeof(XsaveArea) : offsetof(XsaveArea, ymmHigh);
}
/// XINUSE: the components that are not as after a reset (SDM Vol. 1, 13.6).
uint64_t componentsInUse(const CpuState &s);

/// Writes the data of \p components, and nothing else, into \p area. MXCSR is none of
/// them.
void storeComponents(const CpuState &s, uint64_t components, XsaveArea &area, bool wide);
/// MXCSR and its mask.
void storeMxcsr(const CpuState &s, FxsaveImage &image);

/// Whether XRSTOR accepts \p header.
bool isLegalHeader(const XsaveHeader &header);
/// XRSTOR of \p requested, a part of XCR0, from an area whose header is legal: what the
/// area does not have becomes as after a reset. False, and nothing is changed: MXCSR is
/// illegal. Of \p area only what the header and \p requested name is read.
bool loadComponents(CpuState &s, uint64_t requested, const XsaveArea &area, bool wide);

} // namespace dbt

#endif
