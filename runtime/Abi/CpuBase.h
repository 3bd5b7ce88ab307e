//===- CpuBase.h - Where compiled code finds CpuState -----------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_ABI_CPUBASE_H
#define DBT_ABI_CPUBASE_H

namespace dbt {

struct CpuState;

/// From now on compiled code on this thread works on \p cpu. On x86-64 it is the
/// base of GS, which neither glibc nor the guest's emulated GS needs.
void setCpuBase(CpuState *cpu);

} // namespace dbt

#endif
