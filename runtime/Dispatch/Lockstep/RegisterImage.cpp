//===- RegisterImage.cpp - What --check compares of CpuState --------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Dispatch/Lockstep/RegisterImage.h"

#include "Guest/FlagsWord.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <iterator>

namespace dbt {

namespace {

constexpr const char *RegNames[] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                    "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};

class Lines {
public:
  std::string text;

  void number(const char *name, uint64_t compiled, uint64_t interpreted) {
    if (compiled == interpreted)
      return;
    char line[128];
    std::snprintf(line, sizeof line, "  %s: compiled 0x%" PRIx64 ", interpreted 0x%" PRIx64 "\n", name, compiled,
                  interpreted);
    text += line;
  }
  void wide(const char *name, unsigned n, uint64_t high, uint64_t low, uint64_t interpretedHigh,
            uint64_t interpretedLow) {
    if (high == interpretedHigh && low == interpretedLow)
      return;
    char line[160];
    std::snprintf(line, sizeof line,
                  "  %s%u: compiled 0x%016" PRIx64 "%016" PRIx64 ", interpreted 0x%016" PRIx64 "%016" PRIx64 "\n", name, n,
                  high, low, interpretedHigh, interpretedLow);
    text += line;
  }
};

std::string flagNames(uint64_t word) {
  static constexpr struct {
    uint32_t bit;
    const char *name;
  } Flags[] = {{flag::CF, "CF"}, {flag::PF, "PF"}, {flag::AF, "AF"}, {flag::ZF, "ZF"}, {flag::SF, "SF"}, {flag::OF, "OF"}};
  std::string text;
  for (auto [bit, name] : Flags)
    if (word & bit)
      text += (text.empty() ? "" : " ") + std::string(name);
  return text.empty() ? "none" : text;
}

void compareFlags(Lines &lines, const FlagState &compiled, const FlagState &interpreted) {
  const uint64_t a = statusFlags(compiled), b = statusFlags(interpreted);
  if (a != b)
    lines.text += "  flags: compiled " + flagNames(a) + ", interpreted " + flagNames(b) + "\n";
}

void compareX87(Lines &lines, const X87State &compiled, const X87State &interpreted) {
  for (unsigned i = 0; i < 8; ++i)
    lines.wide("x87 physical register ", i, compiled.st[i].signExponent, compiled.st[i].significand,
               interpreted.st[i].signExponent, interpreted.st[i].significand);
  lines.number("x87 control word", compiled.control, interpreted.control);
  // Those that the SDM leaves undefined are the host's in compiled code.
  constexpr uint16_t ConditionCodes = 0x4700;
  lines.number("x87 status word", compiled.status & ~ConditionCodes, interpreted.status & ~ConditionCodes);
  lines.number("x87 tag word", compiled.valid, interpreted.valid);
  lines.number("x87 opcode", compiled.opcode, interpreted.opcode);
  lines.number("x87 instruction pointer", compiled.ip, interpreted.ip);
  lines.number("x87 data pointer", compiled.dp, interpreted.dp);
}

} // namespace

RegisterImage RegisterImage::of(const CpuState &s) {
  RegisterImage image;
  std::copy_n(s.gpr, 16, image.gpr);
  image.rip = s.rip;
  image.flags = s.flags;
  image.fsBase = s.fsBase;
  image.gsBase = s.gsBase;
  image.otherFlags = s.otherFlags;
  image.mxcsr = s.mxcsr;
  image.df = s.df;
  std::copy_n(s.xmm, 16, image.xmm);
  std::copy_n(s.ymmHigh, 16, image.ymmHigh);
  image.x87 = s.x87;
  return image;
}

void RegisterImage::restore(CpuState &s) const {
  std::copy_n(gpr, 16, s.gpr);
  s.rip = rip;
  s.flags = flags;
  s.fsBase = fsBase;
  s.gsBase = gsBase;
  s.otherFlags = otherFlags;
  s.mxcsr = mxcsr;
  s.df = df;
  std::copy_n(xmm, 16, s.xmm);
  std::copy_n(ymmHigh, 16, s.ymmHigh);
  s.x87 = x87;
}

std::string registerDifferences(const RegisterImage &compiled, const RegisterImage &interpreted) {
  Lines lines;
  for (unsigned i = 0; i < 16; ++i)
    lines.number(RegNames[i], compiled.gpr[i], interpreted.gpr[i]);
  lines.number("rip", compiled.rip, interpreted.rip);
  compareFlags(lines, compiled.flags, interpreted.flags);
  lines.number("direction flag", compiled.df, interpreted.df);
  lines.number("other flags", compiled.otherFlags, interpreted.otherFlags);
  lines.number("fs base", compiled.fsBase, interpreted.fsBase);
  lines.number("gs base", compiled.gsBase, interpreted.gsBase);
  lines.number("mxcsr", compiled.mxcsr, interpreted.mxcsr);
  for (unsigned i = 0; i < 16; ++i)
    lines.wide("xmm", i, compiled.xmm[i].hi, compiled.xmm[i].lo, interpreted.xmm[i].hi, interpreted.xmm[i].lo);
  for (unsigned i = 0; i < 16; ++i)
    lines.wide("upper half of ymm", i, compiled.ymmHigh[i].hi, compiled.ymmHigh[i].lo, interpreted.ymmHigh[i].hi,
               interpreted.ymmHigh[i].lo);
  compareX87(lines, compiled.x87, interpreted.x87);
  return lines.text;
}

} // namespace dbt
