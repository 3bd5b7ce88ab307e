//===- Xsave.cpp - The XSAVE area and its components ----------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Guest/Xsave.h"

#include "Guest/Features.h"
#include "Guest/Host/HostFp.h"

namespace dbt {

namespace {

constexpr uint16_t InitialX87Control = 0x37f;

bool isZero(const Vec128 (&registers)[16]) {
  uint64_t any = 0;
  for (const Vec128 &v : registers)
    any |= v.lo | v.hi;
  return any == 0;
}

bool isInitial(const X87State &x) {
  uint64_t any = x.status | x.valid | x.opcode | x.ip | x.dp | (x.control ^ InitialX87Control);
  for (const X87State::Value &v : x.st)
    any |= v.significand | v.signExponent;
  return any == 0;
}

} // namespace

uint64_t enabledComponents() {
  return xstate::X87 | xstate::Sse | (hasFeature(Isa::Avx) ? uint64_t(xstate::Avx) : 0);
}

uint64_t componentsInUse(const CpuState &s) {
  return (isInitial(s.x87) ? 0 : uint64_t(xstate::X87)) | (isZero(s.xmm) ? 0 : uint64_t(xstate::Sse)) |
         (isZero(s.ymmHigh) ? 0 : uint64_t(xstate::Avx));
}

void storeComponents(const CpuState &s, uint64_t components, XsaveArea &area, bool wide) {
  if (components & xstate::X87)
    storeX87(s.x87, area.legacy, wide);
  if (components & xstate::Sse)
    std::memcpy(area.legacy.xmm, s.xmm, sizeof s.xmm);
  if (components & xstate::Avx)
    std::memcpy(area.ymmHigh, s.ymmHigh, sizeof s.ymmHigh);
}

void storeMxcsr(const CpuState &s, FxsaveImage &image) {
  image.mxcsr = s.mxcsr;
  image.mxcsrMask = mxcsrMask();
}

bool isLegalHeader(const XsaveHeader &header) {
  uint64_t reserved = 0;
  for (uint64_t word : header.reserved)
    reserved |= word;
  if (header.compacted & xstate::Compacted) {
    const uint64_t present = header.compacted & ~xstate::Compacted;
    return hasFeature(Isa::Xsavec) && !(present & ~enabledComponents()) && !(header.inUse & ~present) && !reserved;
  }
  // Of the reserved words the standard format looks at the first only.
  return !(header.inUse & ~enabledComponents()) && !header.compacted && !header.reserved[0];
}

bool loadComponents(CpuState &s, uint64_t requested, const XsaveArea &area, bool wide) {
  const uint64_t restored = requested & area.header.inUse;
  const bool compacted = area.header.compacted & xstate::Compacted;
  uint32_t mxcsr = s.mxcsr;
  if (compacted ? restored & xstate::Sse : requested & (xstate::Sse | xstate::Avx))
    mxcsr = area.legacy.mxcsr;
  else if (compacted && (requested & xstate::Sse))
    mxcsr = DefaultMxcsr;
  if (mxcsr & ~mxcsrMask())
    return false;
  s.mxcsr = mxcsr;
  if (restored & xstate::X87) {
    loadX87(s.x87, area.legacy, wide);
  } else if (requested & xstate::X87) {
    s.x87 = {};
    s.x87.control = InitialX87Control;
  }
  auto load = [&](uint64_t component, Vec128 (&to)[16], const Vec128 (&from)[16]) {
    if (restored & component)
      std::memcpy(to, from, sizeof to);
    else if (requested & component)
      std::memset(to, 0, sizeof to);
  };
  load(xstate::Sse, s.xmm, area.legacy.xmm);
  load(xstate::Avx, s.ymmHigh, area.ymmHigh);
  return true;
}

} // namespace dbt
