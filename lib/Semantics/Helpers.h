//===- Helpers.h - Instructions that are C++ functions ----------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The helpers that rows name (Row.h, helper<>), by the file in Helpers/ that
// defines them. They are compiled once, not per machine.
//===----------------------------------------------------------------------===//
#ifndef DBT_SEMANTICS_HELPERS_H
#define DBT_SEMANTICS_HELPERS_H

#include "Semantics/Row.h"

namespace dbt::helpers {

// Segment.cpp
Trap moveSegment(CpuState &s, const Insn &i);
Trap pushSegment(CpuState &s, const Insn &i);
Trap popSegment(CpuState &s, const Insn &i);
/// LSS, LFS and LGS.
template <Reg Segment> Trap loadFarPointer(CpuState &s, const Insn &i);

// Strings.cpp: the repeated forms
Trap repMovs(CpuState &s, const Insn &i);
Trap repStos(CpuState &s, const Insn &i);
Trap repLods(CpuState &s, const Insn &i);
Trap repCmps(CpuState &s, const Insn &i);
Trap repScas(CpuState &s, const Insn &i);

// System.cpp
Trap cpuid(CpuState &s, const Insn &i);
Trap rdtsc(CpuState &s, const Insn &i);
Trap rdtscp(CpuState &s, const Insn &i);
Trap rdpid(CpuState &s, const Insn &i);
Trap popf(CpuState &s, const Insn &i);
Trap rdrand(CpuState &s, const Insn &i);
Trap rdseed(CpuState &s, const Insn &i);
Trap lar(CpuState &s, const Insn &i);
Trap lsl(CpuState &s, const Insn &i);
Trap verr(CpuState &s, const Insn &i);
Trap verw(CpuState &s, const Insn &i);

// Xsave.cpp
Trap xsave(CpuState &s, const Insn &i);
Trap xsaveopt(CpuState &s, const Insn &i);
Trap xsavec(CpuState &s, const Insn &i);
Trap xrstor(CpuState &s, const Insn &i);
Trap xgetbv(CpuState &s, const Insn &i);
Trap fxsave(CpuState &s, const Insn &i);
Trap fxrstor(CpuState &s, const Insn &i);

// Gather.cpp
Trap gatherDwordsByDwords(CpuState &s, const Insn &i);
Trap gatherDwordsByQwords(CpuState &s, const Insn &i);
Trap gatherQwordsByDwords(CpuState &s, const Insn &i);
Trap gatherQwordsByQwords(CpuState &s, const Insn &i);

} // namespace dbt::helpers

#endif
