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

const Step *Stepper::at(CpuState &s) {
  const uint64_t pc = s.rip;
  const auto *bytes = reinterpret_cast<const uint8_t *>(pc);
  Step &step = steps[pc];
  if (step.block) {
    s.currentInsn = &step.op();
    if (std::memcmp(step.block->copy.get(), bytes, step.block->bytes) == 0)
      return &step;
  }
  const uint64_t available = std::min<uint64_t>(code.executableBytes(pc), 15);
  Insn insn;
  if (!available || !decoder.decode(bytes, available, pc, insn)) {
    steps.erase(pc);
    return nullptr;
  }
  {
    std::lock_guard guard(blocks.mutex()); // rows are looked up
    step.block = buildBlock(decoder, pc, insn.length, CodeSource::PageKind::Volatile, [](uint64_t) {},
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
  const uint64_t available = std::min<uint64_t>(code.executableBytes(pc), 15);
  return available ? decoder.text(reinterpret_cast<const uint8_t *>(pc), available, pc) : "(gone)";
}

} // namespace dbt
