//===- EffectsCheck.cpp - Effects against the processor -------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// What is not said to be written must be as before after both runs. What is written must be
// the same after both, for all that it may depend on was the same before. What is written
// only by some values, by a store or by an instruction that faults half-way, must be one
// of the two.
//===----------------------------------------------------------------------===//
#include "EffectsCheck.h"

#include "Lines.h"
#include "Native.h"
#include "Rules.h"

#include "Copy/Copyable.h"

#include <csignal>
#include <cstring>

namespace dbt::fuzz {

namespace {

/// ID of RFLAGS stands for those of part::OtherFlags: it does nothing by itself.
constexpr uint64_t IdFlag = uint64_t(1) << 21;

struct Run {
  State before, after;
  uint8_t memoryBefore[DataSize], memoryAfter[DataSize];

  void run(const Sequence &sequence) {
    std::memcpy(data(), memoryBefore, DataSize);
    after = before;
    runNative(sequence.slot, sequence.bytes.size(), after);
    std::memcpy(memoryAfter, data(), DataSize);
  }
};

Effects claimOf(const Insn &insn) {
  Effects e = *effectsOf(insn); // it has a row, as it is in a Sequence
  Effects plain;
  if (!e.helper || !isCopyable(insn, plain))
    return e;
  plain.helper = plain.mayTrap = true;
  // No more is said of these than that the processor may have them.
  plain.vectorsRead = plain.vectorsWritten = 0xffff;
  plain.partsRead |= part::Mxcsr;
  plain.partsWritten |= part::Mxcsr;
  return plain;
}

/// Whether the instruction may see bits 128 and up of vectors, or leave anything there that
/// is not what it found (no VEX) or zero.
bool isWide(const Insn &insn, const Effects &e) { return e.helper || insn.has(prefix::VexL); }

/// Of \p one the parts that \p e says are read, of \p other the rest.
void mix(const Insn &insn, const Effects &e, const Run &one, Run &other) {
  const State &from = one.before;
  State &s = other.before;
  for (unsigned i = 0; i < 16; ++i) {
    if (e.gprsRead >> i & 1)
      s.gpr[i] = from.gpr[i];
    if (e.vectorsRead >> i & 1) {
      s.fx.xmm[i] = from.fx.xmm[i];
      if (isWide(insn, e))
        s.ymmHigh[i] = from.ymmHigh[i];
    }
  }
  uint64_t flags = e.flagsRead;
  if (e.partsRead & part::OtherFlags)
    flags |= IdFlag;
  s.rflags = ((s.rflags ^ IdFlag) & ~flags) | (from.rflags & flags);
  if (e.partsRead & part::Mxcsr)
    s.fx.mxcsr = from.fx.mxcsr;
  if (e.partsRead & part::X87) {
    s.fx.control = from.fx.control;
    s.fx.status = from.fx.status;
    s.fx.valid = from.fx.valid;
    std::memcpy(s.fx.st, from.fx.st, sizeof s.fx.st);
  }
  if (e.partsRead & part::Segments) {
    s.fsBase = from.fsBase;
    s.gsBase = from.gsBase;
  }
  if (e.partsRead & part::Memory)
    std::memcpy(other.memoryBefore, one.memoryBefore, DataSize);
}

bool sameX87(const State &a, const State &b) {
  return a.fx.control == b.fx.control && a.fx.status == b.fx.status && a.fx.valid == b.fx.valid &&
         std::memcmp(a.fx.st, b.fx.st, sizeof a.fx.st) == 0;
}

class Judge : public Lines {
public:
  Judge(const Sequence &sequence, const Effects &e, const Run &one, const Run &other)
      : Lines("  "), sequence(sequence), insn(sequence.items[0].insn), e(e), one(one), other(other) {}

  std::string judge() {
    control();
    for (unsigned i = 0; i < 16; ++i)
      part("gpr", i, writes(e.gprsWritten >> i & 1), [i](const State &s) { return s.gpr[i]; });
    for (unsigned i = 0; i < 16; ++i)
      part("xmm", i, writes(e.vectorsWritten >> i & 1), [i](const State &s) { return pair(s.fx.xmm[i]); });
    for (unsigned i = 0; i < 16 && hasYmm(); ++i)
      upper(i);
    flags();
    part("mxcsr", 0, writes(e.partsWritten & part::Mxcsr), [](const State &s) { return s.fx.mxcsr; });
    part("fs base", 0, writes(e.partsWritten & part::Segments), [](const State &s) { return s.fsBase; });
    part("gs base", 0, writes(e.partsWritten & part::Segments), [](const State &s) { return s.gsBase; });
    part("id flag", 0, writes(e.partsWritten & part::OtherFlags), [](const State &s) { return s.rflags & IdFlag; });
    x87();
    memory();
    return text;
  }

private:
  enum class Writes { Never, Maybe, Always };
  Writes writes(bool claimed) const {
    return !claimed ? Writes::Never : one.after.signal || other.after.signal ? Writes::Maybe : Writes::Always;
  }
  static std::pair<uint64_t, uint64_t> pair(const Vec128 &v) { return {v.lo, v.hi}; }

  template <class Get> void part(const char *name, unsigned i, Writes claimed, Get get) {
    compare(name, i, claimed, get(one.before) == get(one.after) && get(other.before) == get(other.after),
            get(one.after) == get(other.after));
  }
  void compare(const char *name, unsigned i, Writes claimed, bool kept, bool same) {
    if (claimed == Writes::Never && !kept)
      line("%s %u changes", name, i);
    if (claimed == Writes::Maybe && !kept && !same)
      line("%s %u depends on what is not read", name, i);
    if (claimed == Writes::Always && !same)
      line("%s %u is not a function of what is read", name, i);
  }

  void control() {
    const State &a = one.after, &b = other.after;
    if (a.signal != b.signal || a.rip != b.rip)
      line("the way out depends on what is not read: rip %lx signal %d, rip %lx signal %d", a.rip, a.signal, b.rip, b.signal);
    const bool memoryFault = (a.signal == SIGSEGV || a.signal == SIGBUS) && (e.partsRead | e.partsWritten) & part::Memory;
    const bool floatFault = a.signal == SIGFPE && e.partsRead & part::Mxcsr && unmasksFp(one.before.fx.mxcsr);
    if (a.signal && !memoryFault && !floatFault && !e.mayTrap)
      line("signal %d", a.signal);
    const bool direct = insn.flow == Flow::Jump || insn.flow == Flow::CondJump || insn.flow == Flow::Call;
    if (!a.signal && !e.leaves && a.rip != insn.nextPc() && !(direct && a.rip == static_cast<uint64_t>(insn.imm)))
      line("leaves to %lx", a.rip);
  }

  /// Bits 128 and up.
  void upper(unsigned i) {
    const bool written = e.vectorsWritten >> i & 1;
    auto get = [i](const State &s) { return pair(s.ymmHigh[i]); };
    const std::pair<uint64_t, uint64_t> zero;
    if (isWide(insn, e))
      part("upper half of ymm", i, writes(written), get);
    else if (insn.has(prefix::Vex) && written)
      compare("upper half of ymm", i, writes(true), get(one.before) == get(one.after) && get(other.before) == get(other.after),
              get(one.after) == zero && get(other.after) == zero);
    else
      part("upper half of ymm", i, Writes::Never, get);
  }

  void flags() {
    const uint32_t open = sequence.undefinedAt(one.before, one.after.rip);
    for (unsigned bit = 0; bit < 12; ++bit) {
      const uint32_t mask = uint32_t(1) << bit;
      if (!((flag::Status | flag::DF) & ~open & mask))
        continue;
      Writes claimed = writes(e.flagsWritten & mask);
      if (claimed == Writes::Never && e.flagsMayWritten & mask)
        claimed = Writes::Maybe;
      part("flag", bit, claimed, [mask](const State &s) { return s.rflags & mask; });
    }
  }

  void x87() {
    // Whether an MMX instruction that faults has switched the stack over already.
    if ((one.after.signal || other.after.signal) && usesMmx(insn))
      return;
    compare("x87", 0, writes(e.partsWritten & part::X87), sameX87(one.before, one.after) && sameX87(other.before, other.after),
            sameX87(one.after, other.after));
  }

  void memory() {
    // A store may miss bytes, by its mask or where it faults.
    const Writes claimed = e.partsWritten & part::Memory ? Writes::Maybe : Writes::Never;
    auto equal = [](const uint8_t *a, const uint8_t *b) { return std::memcmp(a, b, DataSize) == 0; };
    if (equal(one.memoryBefore, one.memoryAfter) && equal(other.memoryBefore, other.memoryAfter))
      return;
    for (unsigned i = 0; i < DataSize; ++i)
      compare("memory", i, claimed,
              one.memoryBefore[i] == one.memoryAfter[i] && other.memoryBefore[i] == other.memoryAfter[i],
              one.memoryAfter[i] == other.memoryAfter[i]);
  }

  const Sequence &sequence;
  const Insn &insn;
  const Effects &e;
  const Run &one, &other;
};

} // namespace

std::string checkEffects(const Sequence &sequence, const Instance &instance) {
  static Run one, other;
  const Insn &insn = sequence.items[0].insn;
  const Effects e = claimOf(insn);
  prepare(sequence, ~instance.seed, 0, other.before);
  std::memcpy(other.memoryBefore, data(), DataSize);
  prepare(sequence, instance.seed, instance.simplified, one.before);
  std::memcpy(one.memoryBefore, data(), DataSize);
  mix(insn, e, one, other);
  one.run(sequence);
  other.run(sequence);
  return Judge(sequence, e, one, other).judge();
}

} // namespace dbt::fuzz
