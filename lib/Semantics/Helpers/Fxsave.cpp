//===- Fxsave.cpp - FXSAVE and FXRSTOR ------------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Guest/Fxsave.h"

#include "Guest/Host/HostFp.h"
#include "Semantics/Helpers.h"
#include "Semantics/Helpers/Operands.h"

namespace dbt::helpers {

Trap fxsave(CpuState &s, const Insn &i) {
  uint64_t at = address(s, i);
  if (at & 15)
    return Trap::GP;
  s.mxcsr = hostfp::mxcsr();
  auto image = loadAs<FxsaveImage>(at); // what is reserved stays
  dbt::fxsave(s, image);
  std::memcpy(pointer(at), &image, offsetof(FxsaveImage, reserved1));
  return Trap::None;
}

Trap fxrstor(CpuState &s, const Insn &i) {
  uint64_t at = address(s, i);
  if (at & 15)
    return Trap::GP;
  auto image = loadAs<FxsaveImage>(at);
  if (image.mxcsr & ~MxcsrMask)
    return Trap::GP;
  dbt::fxrstor(s, image);
  hostfp::setMxcsr(s.mxcsr);
  return Trap::None;
}

} // namespace dbt::helpers
