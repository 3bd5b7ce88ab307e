//===- CaseBlock.cpp - An instance as a case of an instruction test -------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The test has scratch memory where the tool has its data, so pointers near the middle
// of that become pointers into it. What a case cannot have, a comment says.

#include "Failure.h"
#include "Lines.h"

#include "Guest/Host/HostFp.h"
#include "Rules.h"

#include <cstdio>

namespace dbt::fuzz {

namespace {

constexpr const char *Names[] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                 "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};
constexpr unsigned Rsp = 4;
/// Half of the test's scratch memory, whose middle is the tool's.
constexpr uint64_t Half = 128;

class Writer : public Lines {
public:
  Writer() : Lines("        ") {}
  void push(uint64_t v) {
    line("movabs  rax, 0x%lx", v);
    line("push    rax");
  }
};

bool near(uint64_t v) { return v >= Middle - Half && v < Middle + Half; }

void writeMemory(Writer &w) {
  w.line("lea     rdi, [rip + scratch]");
  w.line("mov     ecx, %lu", Half / 4);
  w.line("xor     eax, eax");
  w.line("rep stosq");
  for (uint64_t i = 0; i < 2 * Half; i += 8)
    if (const uint64_t v = *reinterpret_cast<uint64_t *>(Middle - Half + i)) {
      w.line("movabs  rax, 0x%lx", v);
      w.line("mov     [rip + scratch + %lu], rax", i);
    }
}

void writeX87(Writer &w, const FxsaveImage &fx) {
  w.line("fninit");
  for (unsigned i = 8; i-- > 0;) {
    w.push(fx.st[i].signExponent);
    w.push(fx.st[i].significand);
    w.line("fld     tbyte ptr [rsp]");
    w.line("lea     rsp, [rsp + 16]");
  }
  w.push(fx.control);
  w.line("fldcw   [rsp]");
  w.line("lea     rsp, [rsp + 8]");
}

} // namespace

std::string caseBlock(Decoder &decoder, const Sequence &sequence, const Instance &instance) {
  static State state;
  prepare(sequence, instance.seed, instance.simplified, state);
  Writer w;
  bool x87 = false, absolute = false;
  for (const Sequence::Item &item : sequence.items) {
    x87 |= item.row[0] == 'f';
    absolute |= item.insn.memOperand() >= 0 && item.insn.base == Reg::None;
  }
  if (absolute)
    w.line("# an operand's address is absolute: change it");
  if (x87 && state.fx.valid != 0xff)
    w.line("# x87 tags were 0x%x, the status 0x%x", state.fx.valid, state.fx.status);
  writeMemory(w);
  if (x87)
    writeX87(w, state.fx);
  for (unsigned i = 0; i < 16; ++i) {
    if (!(state.fx.xmm[i].hi | state.fx.xmm[i].lo)) {
      w.line("pxor    xmm%u, xmm%u", i, i);
      continue;
    }
    w.push(state.fx.xmm[i].hi);
    w.push(state.fx.xmm[i].lo);
    w.line("movups  xmm%u, [rsp]", i);
    w.line("lea     rsp, [rsp + 16]");
  }
  if (state.fx.mxcsr != DefaultMxcsr) {
    w.push(state.fx.mxcsr);
    w.line("ldmxcsr [rsp]");
    w.line("lea     rsp, [rsp + 8]");
  }
  w.push(state.rflags & (0x202 | flag::Status | flag::DF));
  w.line("popfq");
  for (unsigned i = 0; i < 16; ++i)
    if (i == Rsp)
      continue;
    else if (near(state.gpr[i]))
      w.line("lea     %s, [rip + scratch + %lu]", Names[i], state.gpr[i] - Middle + Half);
    else
      w.line("movabs  %s, 0x%lx", Names[i], state.gpr[i]);
  size_t at = 0;
  for (const Sequence::Item &item : sequence.items) {
    std::string bytes;
    for (unsigned i = 0; i < item.insn.length; ++i) {
      char byte[8];
      std::snprintf(byte, sizeof byte, "%s0x%02x", i ? ", " : "", sequence.bytes[at + i]);
      bytes += byte;
    }
    w.line(".byte   %s # %s", bytes.c_str(), decoder.text(sequence.bytes.data() + at, item.insn.length, item.insn.pc).c_str());
    at += item.insn.length;
  }
  const Sequence::Item &last = sequence.items.back();
  const uint32_t undefined = undefinedFlags(last.row, last.insn, sequence.items.size() == 1 ? &state : nullptr);
  char head[64], end[32] = "END\n";
  std::snprintf(head, sizeof head, "CASE fuzz_%lx\n", instance.seed);
  if (undefined)
    std::snprintf(end, sizeof end, "END mask=0x%x\n", flag::Status & ~undefined);
  return head + w.text + end;
}

} // namespace dbt::fuzz
