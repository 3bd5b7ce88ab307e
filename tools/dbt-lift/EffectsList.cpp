//===- EffectsList.cpp - Instructions' effects as text --------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "EffectsList.h"

#include "Effects/Effects.h"
#include "Effects/FlagLiveness.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace dbt {

namespace {

const char *const GprNames[] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};
const std::pair<uint32_t, const char *> FlagNames[] = {{flag::CF, "cf"}, {flag::PF, "pf"}, {flag::AF, "af"}, {flag::ZF, "zf"},
                                                       {flag::SF, "sf"}, {flag::OF, "of"}, {flag::DF, "df"}};
const std::pair<uint32_t, const char *> PartNames[] = {
    {part::Memory, "memory"}, {part::X87, "x87"}, {part::Mxcsr, "mxcsr"}, {part::Segments, "segments"},
    {part::OtherFlags, "otherflags"}};

/// "; WHAT register... flag... part...", or nothing.
std::string clause(const char *what, uint16_t gprs, uint16_t vectors, uint32_t flags, uint8_t parts) {
  std::string text;
  for (unsigned i = 0; i < 16; ++i)
    if (gprs >> i & 1)
      text += std::string(" ") + GprNames[i];
  for (unsigned i = 0; i < 16; ++i)
    if (vectors >> i & 1)
      text += " xmm" + std::to_string(i);
  for (auto [bit, name] : FlagNames)
    if (flags & bit)
      text += std::string(" ") + name;
  for (auto [bit, name] : PartNames)
    if (parts & bit)
      text += std::string(" ") + name;
  return text.empty() ? text : std::string("; ") + what + text;
}

std::string describe(const Insn &insn) {
  const std::optional<Effects> e = effectsOf(insn);
  if (!e)
    return "; unsupported";
  if (e->helper)
    return "; helper";
  return clause("reads", e->gprsRead, e->vectorsRead, e->flagsRead, e->partsRead) +
         clause("writes", e->gprsWritten, e->vectorsWritten, e->flagsWritten, e->partsWritten) +
         clause("may write", 0, 0, e->flagsMayWritten, 0) + (e->mayTrap ? "; may trap" : "") + (e->leaves ? "; leaves" : "");
}

} // namespace

void listEffects(const std::vector<CfgBlock> &blocks, Decoder &decoder, const GuestFile &file) {
  auto read = [&](uint64_t pc, Insn &out) {
    const CodeBytes code = file.read(pc);
    return decoder.decode(code.data, code.size, pc, out);
  };
  for (const CfgBlock &block : blocks)
    for (const Insn &insn : block.insns) {
      const CodeBytes code = file.read(insn.pc);
      outs() << format_hex_no_prefix(insn.pc, 0) << ": " << decoder.text(code.data, code.size, insn.pc) << describe(insn)
             << (flagsDeadAt(insn.pc, read) ? "; flags dead" : "") << "\n";
    }
}

} // namespace dbt
