//===- State.cpp - What an instance starts from and ends in ---------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "State.h"

#include "Guest/Features.h"
#include "Guest/FlagsWord.h"
#include "Guest/Host/HostCpu.h"

#include <cstring>
#include <sys/auxv.h>

namespace dbt::fuzz {

void toCpu(const State &in, CpuState &cpu) {
  std::memcpy(cpu.gpr, in.gpr, sizeof in.gpr);
  cpu.gpr[number(Reg::None)] = 0;
  setRflags(cpu, in.rflags);
  cpu.rip = in.rip;
  cpu.fsBase = in.fsBase;
  cpu.gsBase = in.gsBase;
  fxrstor(cpu, in.fx);
  std::memcpy(cpu.ymmHigh, in.ymmHigh, sizeof in.ymmHigh);
}

void fromCpu(const CpuState &cpu, State &out) {
  std::memcpy(out.gpr, cpu.gpr, sizeof out.gpr);
  out.rflags = rflags(cpu);
  out.rip = cpu.rip;
  out.fsBase = cpu.fsBase;
  out.gsBase = cpu.gsBase;
  fxsave(cpu, out.fx);
  std::memcpy(out.ymmHigh, cpu.ymmHigh, sizeof out.ymmHigh);
}

bool hasFsgsbase() {
  static const bool has = getauxval(AT_HWCAP2) & 2; // HWCAP2_FSGSBASE
  return has;
}

bool hasYmm() {
  static const bool has = hasFeature(Isa::Avx) && host::ymmEnabled();
  return has;
}

} // namespace dbt::fuzz
