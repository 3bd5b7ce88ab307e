//===- Check.cpp - One instance in all machines ---------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Check.h"

#include "EffectsCheck.h"
#include "Lines.h"
#include "Native.h"

#include <csignal>
#include <cstdio>
#include <cstring>

namespace dbt::fuzz {

namespace {

class Differences : public Lines {
public:
  explicit Differences(const char *tier) : Lines("  "), tier(tier) {}
  void word(const char *name, uint64_t before, uint64_t want, uint64_t got) {
    if (want != got)
      line("%s %lx -> %lx, %s %lx", name, before, want, tier, got);
  }
  void bytes(const char *name, unsigned n, const void *before, const void *want, const void *got, unsigned size) {
    if (std::memcmp(want, got, size) != 0)
      line("%s%u %s -> %s, %s %s", name, n, hex(before, size).c_str(), hex(want, size).c_str(), tier, hex(got, size).c_str());
  }

private:
  static std::string hex(const void *p, unsigned size) {
    std::string out;
    for (unsigned i = size; i-- > 0;) {
      char digits[3];
      std::snprintf(digits, sizeof digits, "%02x", static_cast<const uint8_t *>(p)[i]);
      out += digits;
    }
    return out;
  }
  const char *tier;
};

void compareX87(Differences &d, const FxsaveImage &before, const FxsaveImage &want, const FxsaveImage &got) {
  d.word("x87 control", before.control, want.control, got.control);
  d.word("x87 status", before.status, want.status, got.status);
  d.word("x87 tags", before.valid, want.valid, got.valid);
  for (unsigned i = 0; i < 8; ++i)
    d.bytes("st", i, &before.st[i], &want.st[i], &got.st[i], 10);
}

std::string difference(const char *tier, const Sequence &sequence, const State &before, const State &want, const State &got) {
  static constexpr const char *Names[] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                          "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};
  Differences d(tier);
  if (want.signal != got.signal)
    d.line("signal %d, %s %d", want.signal, tier, got.signal);
  d.word("rip", before.rip, want.rip, got.rip);
  for (unsigned i = 0; i < 16; ++i)
    d.word(Names[i], before.gpr[i], want.gpr[i], got.gpr[i]);
  const uint64_t compared = (flag::Status | flag::DF) & ~uint64_t(sequence.undefinedAt(before, want.rip));
  if ((want.rflags ^ got.rflags) & compared)
    d.line("flags %lx -> %lx, %s %lx: %lx", before.rflags & flag::Status, want.rflags & flag::Status, tier,
           got.rflags & flag::Status, (want.rflags ^ got.rflags) & compared);
  for (unsigned i = 0; i < 16; ++i)
    d.bytes("xmm", i, &before.fx.xmm[i], &want.fx.xmm[i], &got.fx.xmm[i], 16);
  for (unsigned i = 0; i < 16 && hasYmm(); ++i)
    d.bytes("upper half of ymm", i, &before.ymmHigh[i], &want.ymmHigh[i], &got.ymmHigh[i], 16);
  // Of a packed instruction that raises SIGFPE the interpreter may note less, or more, than
  // the processor, which tells all elements' flags of the first kind to raise it.
  const uint32_t noted = want.signal == SIGFPE && got.signal == SIGFPE ? ~uint32_t(0x3f) : ~uint32_t(0);
  d.word("mxcsr", before.fx.mxcsr & noted, want.fx.mxcsr & noted, got.fx.mxcsr & noted);
  // Whether an MMX instruction that faults has switched the stack over already.
  if (!want.signal || !sequence.isMmxAt(want.rip))
    compareX87(d, before.fx, want.fx, got.fx);
  if (hasFsgsbase()) {
    d.word("fs base", before.fsBase, want.fsBase, got.fsBase);
    d.word("gs base", before.gsBase, want.gsBase, got.gsBase);
  }
  return d.text;
}

uint8_t memoryBefore[DataSize], memoryWanted[DataSize];

std::string memoryDifference(const char *tier) {
  Differences d(tier);
  if (std::memcmp(memoryWanted, data(), DataSize) == 0)
    return "";
  unsigned shown = 0;
  for (unsigned i = 0; i < DataSize; i += 8) {
    uint64_t before, want, got;
    std::memcpy(&before, memoryBefore + i, 8);
    std::memcpy(&want, memoryWanted + i, 8);
    std::memcpy(&got, data() + i, 8);
    if (want != got && ++shown <= 8)
      d.line("memory %+d %lx -> %lx, %s %lx", static_cast<int>(i - DataSize / 2), before, want, tier, got);
  }
  if (shown > 8)
    d.line("memory: %u words more", shown - 8);
  return d.text;
}

std::string modeName(const CompileMode &mode) {
  return "-O" + std::to_string(mode.level) + (mode.exact ? " exact" : "") + (mode.threads ? " threads" : "");
}

} // namespace

std::string check(const Sequence &sequence, const Instance &instance, const Machines &machines) {
  if (instance.tiers.effects)
    return checkEffects(sequence, instance);
  static State before, want, got;
  prepare(sequence, instance.seed, instance.simplified, before);
  std::memcpy(memoryBefore, data(), DataSize);
  want = before;
  runNative(sequence.slot, sequence.bytes.size(), want);
  std::memcpy(memoryWanted, data(), DataSize);
  std::string text;
  auto compare = [&](const char *tier) {
    text += difference(tier, sequence, before, want, got);
    text += memoryDifference(tier);
  };
  if (instance.tiers.interp) {
    std::memcpy(data(), memoryBefore, DataSize);
    got = before;
    machines.interpreted.run(got);
    compare("interpreted");
  }
  // These two are left while MXCSR unmasks exceptions.
  if (machines.copied && !unmasksFp(before.fx.mxcsr)) {
    std::memcpy(data(), memoryBefore, DataSize);
    got = before;
    machines.copied->run(got);
    compare("copied");
  }
  if (machines.compiled && !unmasksFp(before.fx.mxcsr)) {
    std::memcpy(data(), memoryBefore, DataSize);
    got = before;
    machines.compiled->run(machines.n, got, machines.interpreted);
    const std::string tier = "compiled " + modeName(instance.mode);
    if (!instance.mode.exact && (want.signal || got.signal)) {
      // Then nobody sees more of the end than its kind, and loads that nobody reads
      // need not happen; the program goes on to its next fault then.
      if (got.signal && want.signal != got.signal && want.signal != SIGSEGV)
        text += "  signal " + std::to_string(want.signal) + ", " + tier + " " + std::to_string(got.signal) + "\n";
    } else {
      compare(tier.c_str());
    }
  }
  return text;
}

bool checkAlone(Decoder &decoder, const Instance &instance, std::string &difference) {
  Sequence sequence;
  if (!analyse(decoder, instance.bytes, instance.slot, sequence) || (instance.tiers.effects && sequence.items.size() > 1))
    return false;
  unprotectCode();
  placeNative(sequence.slot, sequence.bytes.data(), sequence.bytes.size());
  protectCode();
  std::unique_ptr<Compiled> compiled;
  if (instance.tiers.jit) {
    auto result = Compiled::compile({sequence}, instance.mode);
    if (!result) {
      difference = "  cannot be compiled: " + llvm::toString(result.takeError()) + "\n";
      return true;
    }
    compiled = std::move(*result);
  }
  Interpreted interpreted(decoder, sequence);
  std::unique_ptr<Copied> copied;
  if (instance.tiers.copy)
    copied = Copied::create(interpreted);
  difference = check(sequence, instance, {interpreted, copied.get(), compiled.get(), 0});
  return true;
}

} // namespace dbt::fuzz
