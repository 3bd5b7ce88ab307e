//===- Fields.h - CpuState, as copied code addresses it ---------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Offsets from the base of GS (Abi/CpuBase.h).
//===----------------------------------------------------------------------===//
#ifndef DBT_COPY_X86_64_FIELDS_H
#define DBT_COPY_X86_64_FIELDS_H

#include "Guest/CpuState.h"

namespace dbt::copy {

namespace field {
inline constexpr uint32_t Rip = offsetof(CpuState, rip);
inline constexpr uint32_t FsBase = offsetof(CpuState, fsBase);
inline constexpr uint32_t ExitReason = offsetof(CpuState, exitReason);
inline constexpr uint32_t Insns = offsetof(CpuState, copiedInsns);
inline constexpr uint32_t Table = offsetof(CpuState, copyTable);
inline constexpr uint32_t Budget = offsetof(CpuState, copyBudget);
inline constexpr uint32_t Flags = offsetof(CpuState, copyFlags);
inline constexpr uint32_t Sample = offsetof(CpuState, copySample);
inline constexpr uint32_t Target = offsetof(CpuState, copyTarget);
inline constexpr uint32_t HostStack = offsetof(CpuState, copyHostStack);
constexpr uint32_t gpr(Reg r) { return static_cast<uint32_t>(offsetof(CpuState, gpr) + 8 * number(r)); }
constexpr uint32_t scratch(unsigned i) { return static_cast<uint32_t>(offsetof(CpuState, copyScratch) + 8 * i); }
} // namespace field

} // namespace dbt::copy

#endif
