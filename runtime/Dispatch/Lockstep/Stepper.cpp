//===- Stepper.cpp - The interpreter, one instruction at a time -----------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Dispatch/Lockstep/Stepper.h"

#include "Decode/Nondeterminism.h"
#include "Interp/BlockBuilder.h"
#include "Interp/Interp.h"

#include <algorithm>

namespace dbt {

/// Bytes that an instruction at \p pc can have.
uint64_t Stepper::available(uint64_t pc) {
  CodeLock guard(cache.mutex());
  return std::min<uint64_t>(cache.executableBytes(guard, pc), 15);
}

const Step *Stepper::at(CpuState &s) {
  const uint64_t pc = s.rip;
  const auto *bytes = reinterpret_cast<const uint8_t *>(pc);
  Step &step = steps[pc];
  if (step.block) {
    s.currentInsn = &step.op();
    if (step.block->isUnchanged())
      return &step;
  }
  const uint64_t size = available(pc);
  Insn insn;
  if (!size || !decoder.decode(bytes, size, pc, insn)) {
    steps.erase(pc);
    return nullptr;
  }
  {
    CodeLock guard(cache.mutex()); // rows are looked up
    step.block = buildBlock(decoder, pc, insn.length, PageKind::Volatile, [](uint64_t) { return PageKind::Volatile; },
                            std::numeric_limits<int64_t>::max());
  }
  step.rule = storeRule(insn);
  step.isRepeatable = !isNondeterministic(insn);
  step.isSyscall = insn.flow == Flow::Syscall;
  return &step;
}

void Stepper::run(CpuState &s, const Step &step) {
  s.branchTable = &noBranches;
  s.currentInsn = &step.op();
  step.op().fn.load(std::memory_order_relaxed)(&s, &step.op());
}

std::string Stepper::text(uint64_t pc) {
  const uint64_t size = available(pc);
  return size ? decoder.text(reinterpret_cast<const uint8_t *>(pc), size, pc) : "(gone)";
}

} // namespace dbt
