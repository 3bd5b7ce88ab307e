//===- Rules.cpp - What the SDM leaves open -------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Rules.h"

#include "Guest/Vendor.h"

namespace dbt::fuzz {

namespace {

constexpr uint32_t CF = flag::CF, PF = flag::PF, AF = flag::AF, ZF = flag::ZF, SF = flag::SF, OF = flag::OF;

constexpr Rule Rules[] = {
    // Flags (SDM Vol. 1, Table A-2, and each instruction's page).
    {"and or xor test", "AF is undefined", Use::Anywhere, 0, AF},
    {"mul imul", "SF, ZF, AF and PF are undefined", Use::Anywhere, SF | ZF | AF | PF},
    {"div idiv", "all flags are undefined", Use::Anywhere, flag::Status},
    {"bt bts btr btc", "OF, SF, AF and PF are undefined", Use::Anywhere, 0, OF | SF | AF | PF},
    {"bsf bsr", "all flags but ZF are undefined", Use::Anywhere, CF | OF | SF | AF | PF},
    {"tzcnt lzcnt", "OF, SF, AF and PF are undefined", Use::Anywhere, OF | SF | AF | PF},
    {"andn blsr blsmsk blsi bzhi", "AF and PF are undefined", Use::Anywhere, AF | PF},
    {"bextr", "SF, AF and PF are undefined", Use::Anywhere, SF | AF | PF},
    // Those of shifts and rotates depend on the count: undefinedFlags().

    // What a process of its own is needed for.
    {"syscall", "it is the kernel's (test/Syscall)", Use::Never},
    {"sysenter", "Intel's processors enter the kernel's 32-bit entry", Use::Never},
    {"popf popfq", "TF and AC would act on what follows", Use::Alone},
    // What is no function of the operands.
    {"cpuid", "the guest's processor is not the host's", Use::Never},
    {"xgetbv", "the guest's processor is not the host's", Use::Never},
    {"rdtsc rdtscp", "time", Use::Never},
    {"rdpid", "the processor that the thread happens to be on", Use::Never},
    {"rdrand rdseed", "random", Use::Never},
    {"int1", "virtual machines report it as a fault or as a trap", Use::Never},
    {"sgdt sidt smsw str sldt", "Linux emulates them, or the processor shows its own values", Use::Never},
    {"vmcall vmlaunch vmresume vmxoff vmptrld vmptrst vmclear vmread vmwrite vmfunc vmmcall vmrun vmload vmsave stgi clgi "
     "skinit invlpga invept invvpid getsec rsm",
     "a hypervisor may answer", Use::Never},
    {"invpcid clac stac encls enclu xend xtest monitor mwait rdpmc xsaves xsaves64 xrstors xrstors64",
     "the host may have the feature, which the guest has not", Use::Never},
    {"maskmovdqu maskmovq vmaskmovdqu", "with no byte to store processors may fault or not", Use::Alone},
    {"into vmxon xbegin xabort rdpkru wrpkru prefetch prefetchwt1 fwait", "some versions of Capstone do not name it", Use::Never},
    {"xsave xsave64 xsavec xsavec64 xsaveopt xsaveopt64", "processors differ in which components count as unused", Use::Never},
    // The instruction and data pointers of the last x87 instruction: processors differ in
    // which instructions set them and when.
    {"fnstenv fnsave fxsave fxsave64", "stores the x87 pointers, which an x87 instruction before it sets", Use::Alone},
    {"xrstor xrstor64", "the area must fit", Use::Alone},
    // The host's own segment registers (test/Insn/segment.s has these).
    {"lfs lgs lss ljmp lcall retf retfq iret iretd iretq", "loads a selector", Use::Never},
};

bool names(const char *list, std::string_view name) {
  std::string_view left = list;
  while (!left.empty()) {
    const size_t blank = left.find(' ');
    if (left.substr(0, blank) == name)
      return true;
    left = blank == left.npos ? "" : left.substr(blank + 1);
  }
  return false;
}

constexpr const char *Rotates = "rol ror rcl rcr", *Shifts = "shl shr sar", *Doubles = "shld shrd";

/// The masked count of a shift or rotate, or -1 if it is in CL and the state unknown.
int shiftCount(const Insn &insn, const State *before) {
  const uint64_t mask = insn.size[0] == 8 ? 63 : 31;
  const int last = insn.numOps - 1;
  // D0 and D1 name no count: Capstone may give them one operand.
  if (last < 1)
    return 1;
  if (insn.kind[last] == OpKind::Imm)
    return static_cast<int>(static_cast<uint64_t>(insn.imm) & mask);
  return before ? static_cast<int>(before->gpr[1] & mask) : -1;
}

} // namespace

const Rule *findRule(std::string_view row) {
  for (const Rule &rule : Rules)
    if (names(rule.rows, row))
      return &rule;
  return nullptr;
}

uint32_t undefinedFlags(std::string_view row, const Insn &insn, const State *before) {
  const uint32_t amd = hostVendor() == Vendor::Amd && before ? 0 : ~uint32_t(0);
  if (const Rule *rule = findRule(row); rule && (rule->undefinedFlags | rule->amdFlags))
    return rule->undefinedFlags | (rule->amdFlags & amd);
  const bool rotate = names(Rotates, row), shift = names(Shifts, row), twice = names(Doubles, row);
  if (!rotate && !shift && !twice)
    return 0;
  const int count = shiftCount(insn, before), bits = insn.size[0] * 8;
  if (count == 0)
    return 0;
  if (rotate) // OF is defined for single rotates
    return count == 1 ? 0 : OF & amd;
  uint32_t undefined = AF;
  if (count != 1)
    undefined |= OF;
  // SDM Vol. 2, SAL/SAR/SHL/SHR: CF of SHL and SHR from the operand's width on.
  if (row != "sar" && (count < 0 || count >= bits))
    undefined |= CF;
  if (twice && bits == 16 && (count < 0 || count > 1))
    undefined |= OF;
  // At the operand's width OF is not even all of AMD's: both manuals leave it undefined.
  const uint32_t everywhere = row == "shld" && bits == 16 && (count < 0 || count >= 16) ? OF : 0;
  return (undefined & amd) | everywhere;
}

bool definesFlags(std::string_view row) { return names("add sub cmp neg", row); }

bool isOpen(std::string_view row, const Insn &insn, bool alone) {
  // Beyond the operand's width all of SHLD's results are undefined.
  if (names(Doubles, row) && insn.size[0] == 2) {
    const int count = shiftCount(insn, nullptr);
    return count > 16 || (count < 0 && !alone);
  }
  // Before their first round is done Intel's processors have zero-extended ECX, ESI and
  // EDI, AMD's have not.
  if (insn.addrSize == 4 && insn.has(prefix::Rep | prefix::Repne) && names("movs cmps stos lods scas", row))
    return !alone && hostVendor() != Vendor::Amd;
  // A near branch of AMD's with 66: it leaves for the first 64 KB, where nothing can be mapped.
  if (insn.has(prefix::OpSize) && (insn.flow == Flow::Jump || insn.flow == Flow::CondJump || names("jmp call ret", row)))
    return true;
  if ((row == "mov" || row == "pop") && insn.kind[0] == OpKind::Reg && isSegment(insn.reg[0]))
    return true; // the host's own
  // A 32-bit system call of the host's, which natively happens.
  return row == "int" && (insn.imm & 0xff) == 0x80;
}

} // namespace dbt::fuzz
