//===- Xsave.cpp - XSAVE, XRSTOR, FXSAVE, FXRSTOR and XGETBV --------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, 13.5.1 to 13.11 and 10.5. MXCSR is the host's while guest code runs.

#include "Guest/Xsave.h"

#include "Guest/Features.h"
#include "Guest/Host/HostFp.h"
#include "Semantics/Helpers.h"
#include "Semantics/Helpers/Operands.h"
#include "Semantics/Helpers/X87Stack.h"

namespace dbt::helpers {

namespace {

uint64_t edxEax(const CpuState &s) { return s.reg(Reg::Rdx) << 32 | static_cast<uint32_t>(s.reg(Reg::Rax)); }
bool isWide(const Insn &i) { return i.has(prefix::RexW); }
constexpr uint64_t AreaAlignment = 64;
XsaveArea &area(uint64_t at) { return *static_cast<XsaveArea *>(pointer(at)); }

enum class Saving { Plain, Optimised, Compacting };

Trap save(CpuState &s, const Insn &i, Saving how) {
  const uint64_t at = address(s, i);
  if (at % AreaAlignment)
    return Trap::GP;
  s.mxcsr = hostfp::mxcsr();
  const uint64_t requested = edxEax(s) & enabledComponents();
  if (requested & xstate::X87)
    x87InMemory(s);
  const uint64_t inUse = requested & componentsInUse(s);
  XsaveArea &to = area(at);
  if (how == Saving::Compacting) {
    // MXCSR belongs to the SSE component here.
    uint64_t saved = inUse;
    if (s.mxcsr != DefaultMxcsr)
      saved |= requested & xstate::Sse;
    storeComponents(s, saved, to, isWide(i));
    if (saved & xstate::Sse)
      storeMxcsr(s, to.legacy);
    to.header.inUse = saved;
    to.header.compacted = requested | xstate::Compacted;
    return Trap::None;
  }
  const uint64_t before = to.header.inUse;
  storeComponents(s, how == Saving::Plain ? requested : inUse, to, isWide(i));
  if (requested & (xstate::Sse | xstate::Avx))
    storeMxcsr(s, to.legacy);
  to.header.inUse = (before & ~requested) | inUse;
  return Trap::None;
}

} // namespace

Trap xsave(CpuState &s, const Insn &i) { return save(s, i, Saving::Plain); }
Trap xsaveopt(CpuState &s, const Insn &i) { return save(s, i, Saving::Optimised); }
Trap xsavec(CpuState &s, const Insn &i) { return save(s, i, Saving::Compacting); }

Trap xrstor(CpuState &s, const Insn &i) {
  const uint64_t at = address(s, i);
  if (at % AreaAlignment)
    return Trap::GP;
  const uint64_t requested = edxEax(s) & enabledComponents();
  XsaveArea copy;
  copy.header = area(at).header;
  if (!isLegalHeader(copy.header))
    return Trap::GP;
  copy.legacy = area(at).legacy;
  if (requested & copy.header.inUse & xstate::Avx)
    std::memcpy(copy.ymmHigh, area(at).ymmHigh, sizeof copy.ymmHigh);
  orderForFaults();
  s.mxcsr = hostfp::mxcsr();
  if (requested & xstate::X87)
    x87InMemory(s); // what is loaded takes its place
  if (!loadComponents(s, requested, copy, isWide(i)))
    return Trap::GP;
  hostfp::setMxcsr(s.mxcsr);
  return Trap::None;
}

Trap fxsave(CpuState &s, const Insn &i) {
  uint64_t at = address(s, i);
  if (at & 15)
    return Trap::GP;
  s.mxcsr = hostfp::mxcsr();
  x87InMemory(s);
  auto image = loadAs<FxsaveImage>(at); // what is reserved stays
  dbt::fxsave(s, image, isWide(i));
  std::memcpy(pointer(at), &image, offsetof(FxsaveImage, reserved1));
  return Trap::None;
}

Trap fxrstor(CpuState &s, const Insn &i) {
  uint64_t at = address(s, i);
  if (at & 15)
    return Trap::GP;
  auto image = loadAs<FxsaveImage>(at);
  if (image.mxcsr & ~mxcsrMask())
    return Trap::GP;
  x87InMemory(s); // what is loaded takes its place
  dbt::fxrstor(s, image, isWide(i));
  hostfp::setMxcsr(s.mxcsr);
  return Trap::None;
}

Trap xgetbv(CpuState &s, const Insn &) {
  const auto which = static_cast<uint32_t>(s.reg(Reg::Rcx));
  if (which > (hasFeature(Isa::Xgetbv1) ? 1 : 0))
    return Trap::GP;
  uint64_t value = enabledComponents();
  if (which == 1) {
    x87InMemory(s);
    value &= componentsInUse(s);
  }
  s.reg(Reg::Rax) = value;
  s.reg(Reg::Rdx) = 0;
  return Trap::None;
}

} // namespace dbt::helpers
