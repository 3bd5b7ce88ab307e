//===- Exceptions.cpp - Where the two decoders may differ -----------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Exceptions.h"

#include "Decode/Vex.h"
#include "Semantics/Refused.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"

#include <algorithm>
#include <iterator>

namespace dbt {

namespace {

struct Spelling {
  const char *llvm, *ours;
  const char *why;
};

constexpr Spelling Spellings[] = {
    {"movabs", "mov", "AT&T's name of MOV with a 64-bit immediate or address"},
    {"wbnoinvd", "wbinvd",
     "Capstone does not know WBNOINVD; both are privileged"},
    {"sysexitq", "sysexit", "LLVM names REX.W"},
    {"sysretq", "sysret", "LLVM names REX.W"},
    {"cldemote", "nop", "a hint"},
    {"prefetchit0", "nop", "a hint"},
    {"prefetchit1", "nop", "a hint"},
    {"prefetchrst2", "nop", "a hint"},
    {"endbr32", "nop", "a hint without CET"},
    {"endbr64", "nop", "a hint without CET"},
    {"rdsspd", "nop", "a hint without CET"},
    {"rdsspq", "nop", "a hint without CET"},
    {"prefetchwt1", "nop", "a hint"},
    {"prefetch", "nop", "a hint"},
    {"fcompi", "fcomip", "LLVM's Intel syntax misspells it"},
    {"fucompi", "fucomip", "LLVM's Intel syntax misspells it"},
};

/// A string instruction is one row for all widths, without the letter.
bool isStringName(llvm::StringRef llvmName, const Insn &insn,
                  llvm::StringRef ours) {
  static constexpr llvm::StringLiteral Names[] = {
      "movs", "cmps", "stos", "lods", "scas", "ins", "outs"};
  const char letter = insn.size[0] == 1   ? 'b'
                      : insn.size[0] == 2 ? 'w'
                      : insn.size[0] == 4 ? 'd'
                                          : 'q';
  return llvm::is_contained(Names, ours) && llvmName.drop_back() == ours &&
         llvmName.back() == letter;
}

/// CMPLTPS is CMPPS with the immediate 1, and so on.
bool isCompare(llvm::StringRef llvmName, const Insn &insn,
               llvm::StringRef ours) {
  // SDM Vol. 2, CMPPD, Table 3-1; from 8 on they are VEX's.
  static constexpr llvm::StringLiteral Predicates[] = {
      "eq",    "lt",     "le",     "unord",    "neq",    "nlt",    "nle",    "ord",
      "eq_uq", "nge",    "ngt",    "false",    "neq_oq", "ge",     "gt",     "true",
      "eq_os", "lt_oq",  "le_oq",  "unord_s",  "neq_us", "nlt_uq", "nle_uq", "ord_s",
      "eq_us", "nge_uq", "ngt_uq", "false_os", "neq_os", "ge_oq",  "gt_oq",  "true_us"};
  const bool vex = insn.has(prefix::Vex);
  if (vex && !(llvmName.consume_front("v") && ours.consume_front("v")))
    return false;
  return llvmName.consume_front("cmp") && ours.consume_front("cmp") &&
         static_cast<uint64_t>(insn.imm) < (vex ? 32 : 8) &&
         llvmName.consume_front(Predicates[insn.imm]) && llvmName == ours;
}

/// What LLVM does not decode, but processors do.
struct Undocumented {
  const char *ours;
  bool escaped; ///< by 0F
  uint8_t op, mask;
  int reg; ///< ModRM's, or -1
  const char *why;
};

constexpr Undocumented Accepted[] = {
    {"int1", false, 0xf1, 0xff, -1, "INT1 is in the SDM"},
    {"shl", false, 0xc0, 0xfe, 6, "/6 is SHL too (AMD's manual)"},
    {"shl", false, 0xd0, 0xfc, 6, "/6 is SHL too (AMD's manual)"},
    {"test", false, 0xf6, 0xfe, 1, "/1 is TEST too (AMD's manual)"},
    {"fcom", false, 0xdc, 0xff, 2,
     "DC /2 is FCOM too (dbt-fuzz runs it on the processor)"},
    {"fcomp", false, 0xdc, 0xff, 3,
     "DC /3 is FCOMP too (dbt-fuzz runs it on the processor)"},
    {"fxch", false, 0xdd, 0xfd, 1, "DD /1 and DF /1 are FXCH too (dbt-fuzz)"},
    {"fcomp", false, 0xde, 0xff, 2, "DE /2 is FCOMP too (dbt-fuzz)"},
    {"fstp", false, 0xdf, 0xff, 2, "DF /2 is FSTP too (dbt-fuzz)"},
    {"fstp", false, 0xdf, 0xff, 3, "DF /3 is FSTP too (dbt-fuzz)"},
    {"nop", false, 0xdb, 0xff, 4, "FENI, FDISI and FSETPM do nothing (dbt-fuzz)"},
    {"nop", true, 0x18, 0xf8, -1, "a hint"},
    {"nop", true, 0x0d, 0xff, -1, "a hint"},
    {"prefetch", true, 0x0d, 0xff, -1, "a hint, with a register, too"},
    {"ud0", true, 0xff, 0xff, -1, "raises #UD, with ModRM or without"},
    {"wbinvd", true, 0x09, 0xff, -1, "privileged, whatever its prefixes"},
    {"sysexit", true, 0x35, 0xff, -1, "privileged, whatever its prefixes"},
    {"mov", true, 0x20, 0xfc, -1,
     "privileged; ModRM's mod is ignored (SDM Vol. 2)"},
};

/// The set of an instruction that no row is for, or null.
const char *refusedSet(std::string_view name) {
  for (const RefusedSet &refused : RefusedSets) {
    bool found = false;
    refused.forEach([&](std::string_view one) { found |= one == name; });
    if (found)
      return refused.set;
  }
  return nullptr;
}

} // namespace

const char *sameName(const OracleInsn &truth, const Insn &insn,
                     std::string_view ours) {
  if (truth.mnemonic == ours)
    return "";
  if (((truth.mnemonic == "erets" || truth.mnemonic == "eretu") && (ours == "clac" || ours == "stac")) ||
      (truth.mnemonic == "seamcall" && ours == "encls"))
    return "privileged, whatever its prefixes";
  if ((truth.mnemonic == "call" && ours == "lcall") ||
      (truth.mnemonic == "jmp" && ours == "ljmp"))
    return llvm::StringRef(truth.opcode).starts_with("FAR")
               ? "LLVM names far calls and jumps as near ones"
               : nullptr;
  for (const Spelling &s : Spellings)
    if (truth.mnemonic == s.llvm && ours == s.ours)
      return s.why;
  if (isCompare(truth.mnemonic, insn, ours))
    return "a compare's predicate is its immediate";
  if (isStringName(truth.mnemonic, insn, ours))
    return "string instructions are named without their width";
  return nullptr;
}

bool isLegacyPrefix(uint8_t byte) {
  static constexpr uint8_t Legacy[] = {0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65,
                                       0x66, 0x67, 0xf0, 0xf2, 0xf3};
  return llvm::is_contained(Legacy, byte);
}

static const uint8_t *skipPrefixes(const uint8_t *bytes) {
  while ((*bytes & 0xf0) == 0x40 || isLegacyPrefix(*bytes))
    ++bytes;
  return bytes;
}

const char *undocumented(std::string_view ours, const uint8_t *bytes) {
  bytes = skipPrefixes(bytes);
  const bool escaped = *bytes == 0x0f;
  const uint8_t op = escaped ? bytes[1] : bytes[0];
  for (const Undocumented &u : Accepted)
    if (ours == u.ours && escaped == u.escaped && (op & u.mask) == u.op &&
        (u.reg < 0 || ((bytes[escaped ? 2 : 1] >> 3) & 7) == u.reg))
      return u.why;
  return nullptr;
}

bool lockable(const OracleInsn &truth) {
  static constexpr llvm::StringLiteral Names[] = {
      "adc",       "add",        "and",  "btc",  "btr", "bts", "cmpxchg",
      "cmpxchg8b", "cmpxchg16b", "dec",  "inc",  "neg", "not", "or",
      "sbb",       "sub",        "xadd", "xchg", "xor"};
  return llvm::is_contained(Names, truth.mnemonic) &&
         llvm::StringRef(truth.operands[0]).contains('[');
}

const char *misreadByLlvm(const Insn &insn, const uint8_t *bytes) {
  const bool direct = insn.flow == Flow::Jump || insn.flow == Flow::CondJump ||
                      insn.flow == Flow::Call;
  const uint8_t *opcode = skipPrefixes(bytes);
  if (direct && std::find(bytes, opcode, 0x66) != opcode)
    return "Intel's processors ignore 66 in front of a branch";
  if (opcode[0] == 0x90 && std::find(bytes, opcode, 0xf3) != opcode)
    return "F3 90 is PAUSE, with REX.B, too (dbt-fuzz)";
  if (opcode[0] == 0x0f && opcode[1] == 0x7e &&
      std::find(bytes, opcode, 0xf3) != opcode)
    return "F3 0F 7E is MOVQ between XMM registers, with REX.W, too";
  return nullptr;
}

const char *refusedIsa(const OracleInsn &truth, const uint8_t *bytes) {
  bool lock = false, size = false, rep = false;
  for (const uint8_t *b = bytes; b != skipPrefixes(bytes); ++b) {
    lock |= *b == 0xf0;
    size |= *b == 0x66;
    rep |= *b == 0xf2 || *b == 0xf3;
  }
  if (lock && !lockable(truth))
    return "LOCK in front of what cannot be locked";
  static constexpr llvm::StringLiteral No66[] = {
      "fxsave",  "fxsave64",  "fxrstor", "fxrstor64", "ldmxcsr",  "stmxcsr",
      "movhlps", "movlhps", "emms",    "rcpps",   "rsqrtps",   "sha",      "xsave",
      "xrstor",  "xgetbv",  "xsetbv"};
  if (size && llvm::any_of(No66, [&](llvm::StringRef name) {
        return llvm::StringRef(truth.mnemonic).starts_with(name);
      }))
    return "66 where it makes none that is defined";
  if (size && truth.mnemonic == "extrq")
    return "66 0F 78 with another reg field than EXTRQ's";
  if (size && (truth.mnemonic[0] == 'j' || truth.mnemonic == "call"))
    return "66 in front of a branch, which is longer to Intel's processors";
  if (const char *set = refusedSet(truth.mnemonic))
    return set;
  // All else that may be refused is known by its encoding: in 64-bit mode these
  // bytes are nothing else.
  const uint8_t *prefixes = bytes;
  bytes = skipPrefixes(bytes);
  switch (*bytes) {
  case 0x62:
    return "EVEX";
  case 0xc4:
    if (Vex(bytes, 15).hasUndefinedW())
      return "VEX.W where the SDM has W0";
    [[fallthrough]];
  case 0xc5:
    return size || rep || (prefixes != bytes && (bytes[-1] & 0xf0) == 0x40) ? "VEX behind 66, F2, F3 or REX" : nullptr;
  case 0x8f:
    return (bytes[1] & 0x1f) >= 8 ? "XOP's other instructions" : nullptr;
  case 0xd5:
    return "APX's REX2";
  default:
    break;
  }
  // F2 or F3 chooses then (SDM Vol. 2, 2.1.2), and it chooses none that there
  // is.
  return size && rep && *bytes == 0x0f ? "F2 or F3 with 66, which LLVM prefers"
                                       : nullptr;
}

} // namespace dbt
