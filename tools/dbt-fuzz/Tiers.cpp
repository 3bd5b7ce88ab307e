//===- Tiers.cpp - What all tiers run on ----------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Guard.h"
#include "Machines.h"

#include "Abi/CpuBase.h"
#include "Guest/Host/HostFp.h"
#include "Interp/BranchTable.h"

namespace dbt::fuzz {

CpuState cpu;

void initialiseTiers() { setCpuBase(&cpu); }

void startGuest(const State &state) {
  static BranchTable branches = {};
  cpu = {};
  cpu.self = &cpu;
  cpu.branchTable = &branches;
  toCpu(state, cpu);
}

void stopGuest(const Sequence &sequence, int signal, State &state) {
  guard.running = Running::Nothing;
  hostfp::setMxcsr(DefaultMxcsr);
  fromCpu(cpu, state);
  state.signal = signal;
  if (signal && (guard.raised == Trap::BP || guard.raised == Trap::OF)) // traps, not faults
    for (const Sequence::Item &item : sequence.items)
      if (item.insn.pc == cpu.rip)
        state.rip = item.insn.nextPc();
}

} // namespace dbt::fuzz
