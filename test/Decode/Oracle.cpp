//===- Oracle.cpp - What LLVM makes of the same bytes ---------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Oracle.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCDisassembler/MCDisassembler.h"
#include "llvm/MC/MCInst.h"
#include "llvm/MC/MCInstPrinter.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCRegisterInfo.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/MCTargetOptions.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Triple.h"

extern "C" {
void LLVMInitializeX86TargetInfo();
void LLVMInitializeX86TargetMC();
void LLVMInitializeX86Disassembler();
}

using namespace llvm;

namespace dbt {

struct Oracle::State {
  Triple triple{"x86_64-unknown-linux-gnu"};
  MCTargetOptions options;
  std::unique_ptr<MCRegisterInfo> registers;
  std::unique_ptr<MCAsmInfo> syntax;
  std::unique_ptr<MCInstrInfo> instructions;
  std::unique_ptr<MCSubtargetInfo> subtarget;
  std::unique_ptr<MCContext> context;
  std::unique_ptr<MCDisassembler> disassembler;
  std::unique_ptr<MCInstPrinter> printer;
};

Oracle::~Oracle() = default;

Oracle::Oracle() : state(std::make_unique<State>()) {
  LLVMInitializeX86TargetInfo();
  LLVMInitializeX86TargetMC();
  LLVMInitializeX86Disassembler();
  State &s = *state;
  std::string error;
  const Target *target = TargetRegistry::lookupTarget(s.triple, error);
  assert(target && "LLVM was built with its X86 target");
  s.registers.reset(target->createMCRegInfo(s.triple));
  s.syntax.reset(target->createMCAsmInfo(*s.registers, s.triple, s.options));
  s.instructions.reset(target->createMCInstrInfo());
  s.subtarget.reset(target->createMCSubtargetInfo(s.triple, "", ""));
  s.context = std::make_unique<MCContext>(s.triple, s.syntax.get(),
                                          s.registers.get(), s.subtarget.get());
  s.disassembler.reset(target->createMCDisassembler(*s.subtarget, *s.context));
  constexpr unsigned IntelSyntax = 1;
  s.printer.reset(target->createMCInstPrinter(s.triple, IntelSyntax, *s.syntax,
                                              *s.instructions, *s.registers));
}

void Oracle::decode(ArrayRef<uint8_t> bytes, uint64_t pc, OracleInsn &out) {
  MCInst inst;
  uint64_t length = 0;
  out = {};
  bytes = bytes.take_front(15); // the SDM's limit
  if (state->disassembler->getInstruction(inst, length, bytes, pc, nulls()) !=
      MCDisassembler::Success)
    return;
  StringRef prefix = state->instructions->getName(inst.getOpcode());
  if (prefix.consume_back("_PREFIX")) {
    // LLVM has LOCK and its like as instructions in front of the one they are
    // for; what else stands in front of them is for that one, but not a REX.
    SmallVector<uint8_t, 15> rest;
    for (uint8_t b : bytes.take_front(length - 1))
      if ((b & 0xf0) != 0x40)
        rest.push_back(b);
    const unsigned dropped = static_cast<unsigned>(length - rest.size());
    rest.append(bytes.begin() + length, bytes.end());
    decode(rest, pc + dropped, out);
    if (out.length) {
      out.length += dropped;
      out.prefixes.insert(out.prefixes.begin(), prefix.lower());
    }
    return;
  }
  out.length = static_cast<unsigned>(length);
  out.opcode = state->instructions->getName(inst.getOpcode()).str();
  SmallString<128> printed;
  raw_svector_ostream os(printed);
  state->printer->printInst(&inst, pc, "", *state->subtarget, os);

  // "\tlock\t\tadd\tdword ptr [rax], 1", and the same with blanks.
  StringRef rest = printed.str().trim();
  auto word = [&] {
    size_t end = rest.find_first_of(" \t");
    StringRef w = rest.substr(0, end);
    rest = end == StringRef::npos ? StringRef() : rest.substr(end).ltrim();
    return w.str();
  };
  static constexpr StringLiteral Prefixes[] = {
      "lock",   "rep",    "repne",    "repe",     "notrack", "data16",
      "addr32", "addr16", "xacquire", "xrelease", "cs",      "ds",
      "es",     "ss",     "fs",       "gs",       "rex64",   "{evex}",
      "{vex}",  "{vex3}", "{disp8}",  "{disp32}", "{vex2}",  "{nf}"};
  out.mnemonic = word();
  while (is_contained(Prefixes, out.mnemonic) && !rest.empty()) {
    out.prefixes.push_back(out.mnemonic);
    out.mnemonic = word();
  }
  SmallVector<StringRef, 4> operands;
  rest.split(operands, ',', -1, false);
  for (StringRef o : operands)
    out.operands.push_back(o.trim().str());
}

bool OracleInsn::has(const char *prefix) const {
  return is_contained(prefixes, prefix);
}

std::string OracleInsn::text() const {
  if (!length)
    return "(bad)";
  return join(prefixes, " ") + (prefixes.empty() ? "" : " ") + mnemonic + " " +
         join(operands, ", ") + "  {" + opcode + "}";
}

} // namespace dbt
