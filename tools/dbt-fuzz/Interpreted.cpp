//===- Interpreted.cpp - Sequences in the interpreter ---------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Guard.h"
#include "Machines.h"

#include "Guest/Host/HostFp.h"
#include "Interp/BlockBuilder.h"
#include "Interp/Interp.h"

namespace dbt::fuzz {

const Block &Interpreted::blockAt(uint64_t pc) {
  for (const auto &block : blocks)
    if (block->pc == pc)
      return *block;
  blocks.push_back(buildBlock(decoder, pc, sequence.end() - pc, PageKind::Stable, [](uint64_t) { return PageKind::Stable; }, 1 << 30));
  return *blocks.back();
}

void Interpreted::run(State &state) {
  startGuest(state);
  const Block &block = blockAt(cpu.rip);
  int signal = 0;
  if ((signal = sigsetjmp(guard.recovery, 0))) {
    guard.running = Running::Nothing;
    if (guard.raised == Trap::None) { // a host fault
      cpu.mxcsr = guard.registers.fx.mxcsr;
      cpu.rip = cpu.currentInsn ? static_cast<const Insn *>(cpu.currentInsn)->pc : UnknownRip;
    }
  } else {
    guard.running = Running::Interpreted;
    hostfp::setMxcsr(cpu.mxcsr);
    interpret(cpu, block);
    cpu.mxcsr = hostfp::mxcsr();
  }
  stopGuest(sequence, signal, state);
}

} // namespace dbt::fuzz
