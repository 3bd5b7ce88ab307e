//===- CpuBase.cpp - CpuState at the base of GS ---------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Abi/CpuBase.h"

#include <asm/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace dbt {

void setCpuBase(CpuState *cpu) { syscall(SYS_arch_prctl, ARCH_SET_GS, cpu); }

} // namespace dbt
