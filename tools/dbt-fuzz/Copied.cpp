//===- Copied.cpp - Sequences as copies -----------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The copying tier itself on blocks of a cache of its own. A block with an instruction
// that cannot be copied is none for that tier, so blocks end where that changes.
//===----------------------------------------------------------------------===//
#include "Guard.h"
#include "Machines.h"

#include "Copy/CopyTier.h"
#include "Copy/Copyable.h"
#include "Guest/ExitReason.h"
#include "Guest/Host/HostFp.h"
#include "Interp/Interp.h"

namespace dbt::fuzz {

namespace {

/// A sequence's bytes, piece by piece.
class Pieces final : public CodeMemory {
public:
  explicit Pieces(const Sequence &sequence) {
    bool before = false;
    for (const Sequence::Item &item : sequence.items) {
      Effects effects;
      // A trap may end a copy's block.
      const bool copied = isCopyable(item.insn, effects) || (before && item.insn.flow == Flow::Trap);
      if (ends.empty() || copied != before)
        ends.push_back(0);
      ends.back() = item.insn.nextPc();
      before = copied;
    }
    start = sequence.start();
  }
  uint64_t executableBytes(uint64_t pc) override {
    if (pc >= start)
      for (uint64_t end : ends)
        if (pc < end)
          return end - pc;
    return 0;
  }
  PageKind track(uint64_t, bool) override { return PageKind::Stable; }
  void untrack(uint64_t, uint64_t) override {}
  std::vector<uint64_t> trackedBehind(uint64_t) override { return {}; }
  bool isWritable(uint64_t) override { return false; }
  bool isReadable(uint64_t) override { return true; }

private:
  uint64_t start;
  std::vector<uint64_t> ends;
};

} // namespace

struct Copied::Code {
  Pieces pieces;
  CodeCache cache;
  InterpTier interp;
  std::unique_ptr<CopyTier> tier;
  CpuState thread = {}; ///< what a thread of the tier's begins with

  explicit Code(const Sequence &sequence)
      : pieces(sequence), cache(pieces), interp(cache, int64_t(1) << 30, true), tier(CopyTier::create(cache, interp, {})) {}
  ~Code() {
    if (thread.ownCopyTable)
      tier->closeThread(thread);
    cache.clear();
  }
};

Copied::Copied(Interpreted &interpreted) : interpreted(interpreted), code(std::make_unique<Code>(interpreted.sequence)) {}
Copied::~Copied() = default;

std::unique_ptr<Copied> Copied::create(Interpreted &interpreted) {
  std::unique_ptr<Copied> copied(new Copied(interpreted));
  if (!copied->code->tier || !copied->code->tier->openThread(copied->code->thread))
    return nullptr;
  return copied;
}

/// From \c cpu on, until control flow leaves the sequence.
void Copied::runPieces() {
  const Sequence &sequence = interpreted.sequence;
  for (size_t left = 2 * sequence.items.size(); left && cpu.rip >= sequence.start() && cpu.rip < sequence.end(); --left) {
    guard.running = Running::Nothing;
    const uint32_t mxcsr = hostfp::mxcsr();
    const Block *block;
    const void *copy = nullptr;
    {
      CodeLock lock(code->cache.mutex());
      block = code->interp.get(lock, cpu.rip);
      if (cpu.exitReason != static_cast<uint32_t>(ExitReason::Interpret))
        copy = code->tier->make(lock, cpu.rip).code;
    }
    cpu.exitReason = static_cast<uint32_t>(ExitReason::Lookup);
    hostfp::setMxcsr(mxcsr);
    guard.running = copy ? Running::Copied : Running::Interpreted;
    if (copy)
      code->tier->enter(cpu, copy);
    else
      interpretBody(cpu, *block);
  }
}

void Copied::run(State &state) {
  startGuest(state);
  cpu.ownCopyTable = code->thread.ownCopyTable;
  cpu.copyTable = code->thread.copyTable;
  cpu.emptyCopyTable = code->thread.emptyCopyTable;
  cpu.copyBudget = code->thread.copyBudget;
  cpu.copyGranted = code->thread.copyGranted;
  guard.copies = code->tier.get();
  int signal = 0;
  if ((signal = sigsetjmp(guard.recovery, 0))) {
    if (guard.raised == Trap::None) { // a host fault
      cpu.mxcsr = guard.registers.fx.mxcsr;
      if (!code->tier->owns(guard.hostPc)) // else the tier has said it
        cpu.rip = cpu.currentInsn ? static_cast<const Insn *>(cpu.currentInsn)->pc : UnknownRip;
    }
  } else {
    hostfp::setMxcsr(cpu.mxcsr);
    runPieces();
    cpu.mxcsr = hostfp::mxcsr();
  }
  guard.copies = nullptr;
  stopGuest(interpreted.sequence, signal, state);
}

} // namespace dbt::fuzz
