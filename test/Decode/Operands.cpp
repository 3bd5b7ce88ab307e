//===- Operands.cpp - Whether printed operands are an Insn's --------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Operands.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

namespace dbt {

namespace {

struct NamedReg {
  Reg reg;
  uint8_t size;
};

llvm::StringMap<NamedReg> makeRegisters() {
  llvm::StringMap<NamedReg> map;
  static const char *const Legacy[] = {"ax", "cx", "dx", "bx",
                                       "sp", "bp", "si", "di"};
  static const char *const Low[] = {"al",  "cl",  "dl",  "bl",
                                    "spl", "bpl", "sil", "dil"};
  static const char *const High[] = {"ah", "ch", "dh", "bh"};
  static const char *const Segments[] = {"es", "cs", "ss", "ds", "fs", "gs"};
  auto at = [](Reg first, unsigned i) {
    return static_cast<Reg>(number(first) + i);
  };
  for (unsigned i = 0; i < 8; ++i) {
    map[Low[i]] = {at(Reg::Rax, i), 1};
    map[Legacy[i]] = {at(Reg::Rax, i), 2};
    map[std::string("e") + Legacy[i]] = {at(Reg::Rax, i), 4};
    map[std::string("r") + Legacy[i]] = {at(Reg::Rax, i), 8};
    std::string r = "r" + std::to_string(i + 8);
    map[r + "b"] = {at(Reg::R8, i), 1};
    map[r + "w"] = {at(Reg::R8, i), 2};
    map[r + "d"] = {at(Reg::R8, i), 4};
    map[r] = {at(Reg::R8, i), 8};
    map["st(" + std::to_string(i) + ")"] = {at(Reg::St0, i), 10};
    map["mm" + std::to_string(i)] = {at(Reg::Mm0, i), 8};
  }
  map["st"] = {Reg::St0, 10};
  for (unsigned i = 0; i < 16; ++i) {
    map["xmm" + std::to_string(i)] = {at(Reg::Xmm0, i), 16};
    map["ymm" + std::to_string(i)] = {at(Reg::Xmm0, i), 32};
    map["cr" + std::to_string(i)] = {at(Reg::Cr0, i), 8};
    map["dr" + std::to_string(i)] = {at(Reg::Dr0, i), 8};
  }
  for (unsigned i = 0; i < 4; ++i)
    map[High[i]] = {at(Reg::Ah, i), 1};
  for (unsigned i = 0; i < 6; ++i)
    map[Segments[i]] = {at(Reg::Es, i), 2};
  // No index, and the two spellings of the instruction pointer.
  map["riz"] = map["eiz"] = {Reg::None, 8};
  map["rip"] = map["eip"] = {Reg::Rip, 8};
  return map;
}

const NamedReg *findRegister(llvm::StringRef name) {
  static const llvm::StringMap<NamedReg> map = makeRegisters();
  auto it = map.find(name);
  return it == map.end() ? nullptr : &it->second;
}

/// "qword ptr" and so on: bytes, 0 without one.
unsigned consumeSize(llvm::StringRef &text) {
  static constexpr std::pair<llvm::StringLiteral, unsigned> Sizes[] = {
      {"byte ptr ", 1},     {"word ptr ", 2},    {"dword ptr ", 4},
      {"qword ptr ", 8},    {"tbyte ptr ", 10},  {"xword ptr ", 10},
      {"xmmword ptr ", 16}, {"ymmword ptr ", 32}};
  for (auto [name, size] : Sizes)
    if (text.consume_front(name))
      return size;
  return 0;
}

std::string differingMemory(llvm::StringRef text, const Insn &insn,
                            unsigned size) {
  unsigned printed = consumeSize(text);
  if (printed && printed != size)
    return "memory size " + std::to_string(size);
  Reg segment = Reg::None, base = Reg::None, index = Reg::None;
  unsigned scale = 0, addrSize = 8;
  int64_t disp = 0;
  if (size_t colon = text.find(':'); colon != llvm::StringRef::npos) {
    const NamedReg *r = findRegister(text.take_front(colon));
    // The others have base 0.
    if (r && (r->reg == Reg::Fs || r->reg == Reg::Gs))
      segment = r->reg;
    text = text.drop_front(colon + 1);
  }
  if (!text.consume_front("[") || !text.consume_back("]"))
    return "unparsed memory";
  bool negative = text.consume_front("-"), ripRelative = false, any = false;
  while (!text.empty()) {
    size_t end = text.find(' ');
    llvm::StringRef part = text.take_front(end);
    text = end == llvm::StringRef::npos ? "" : text.drop_front(end + 1);
    if (text.consume_front("- "))
      negative = true;
    else
      text.consume_front("+ ");
    auto [number, scaled] = part.split('*');
    if (const NamedReg *r = findRegister(scaled.empty() ? part : scaled)) {
      if (r->size == 4 || part.ends_with("eip") || part.ends_with("eiz"))
        addrSize = 4;
      if (r->reg == Reg::Rip)
        ripRelative = true;
      else if (scaled.empty() && !any)
        base = r->reg;
      else {
        index = r->reg;
        unsigned factor = 1;
        if (!scaled.empty() && number.getAsInteger(10, factor))
          return "unparsed scale";
        scale = factor == 8 ? 3 : factor == 4 ? 2 : factor == 2 ? 1 : 0;
      }
      any = true;
      continue;
    }
    uint64_t value;
    if (part.getAsInteger(10, value))
      return "unparsed memory";
    disp = static_cast<int64_t>(negative ? -value : value);
  }
  if (ripRelative)
    disp += static_cast<int64_t>(insn.nextPc());
  if (insn.addrSize == 4)
    disp = base == Reg::None && index == Reg::None ? static_cast<uint32_t>(disp)
                                                   : disp;
  if (ripRelative != insn.ripRelative)
    return "rip-relative";
  if (segment != insn.segment)
    return "segment";
  if (index == Reg::None)
    scale = insn.scale; // of nothing
  if (base != insn.base || index != insn.index || scale != insn.scale) {
    // A sum is one in either order.
    if (scale || insn.scale || base != insn.index || index != insn.base)
      return "base or index";
  }
  if (disp != insn.disp)
    return "displacement";
  if (any && addrSize != insn.addrSize)
    return "address size";
  return "";
}

} // namespace

namespace {

/// String instructions have no operands here but a segment and an address size.
std::string differingString(const OracleInsn &truth, const Insn &insn) {
  Reg segment = Reg::None;
  unsigned addrSize = 8;
  for (llvm::StringRef o : truth.operands) {
    consumeSize(o);
    if (o.starts_with("fs:") || o.starts_with("gs:"))
      segment = o.starts_with("fs:") ? Reg::Fs : Reg::Gs;
    if (o.contains("[esi]") || o.contains("[edi]"))
      addrSize = 4;
  }
  if (segment != insn.segment)
    return "segment";
  return addrSize == insn.addrSize ? "" : "address size";
}

/// Operands that LLVM prints or leaves out otherwise than Insn has them.
void normalise(std::vector<std::string> &printed, const OracleInsn &truth,
               const Insn &insn, std::string_view ours) {
  static constexpr llvm::StringLiteral Shifts[] = {"rol", "ror", "rcl", "rcr",
                                                   "shl", "shr", "sar"};
  // Shifts by one: LLVM leaves out the 1.
  if (printed.size() == 1 && insn.numOps == 2 &&
      llvm::is_contained(Shifts, truth.mnemonic))
    printed.push_back("1");
  // x87: Insn leaves out ST(0) where the instruction is not defined by its
  // place.
  if (ours.starts_with('f') && printed.size() == 2 && insn.numOps == 1)
    llvm::erase(printed, "st");
  // Exchanges are the same in either order.
  if (ours == "xchg" && printed.size() == 2 && insn.kind[0] == OpKind::Reg &&
      insn.kind[1] == OpKind::Reg)
    if (const NamedReg *r = findRegister(printed[0]);
        r && r->reg != insn.reg[0])
      std::swap(printed[0], printed[1]);
  // XMM0 is implied.
  if ((llvm::StringRef(ours).contains("blendv") || ours == "sha256rnds2") &&
      printed.size() == 3)
    printed.pop_back();
  // The compare's predicate is in LLVM's name (Exceptions.cpp has compared it).
  if ((ours.starts_with("cmp") || ours.starts_with("vcmp")) && insn.kind[insn.numOps - 1] == OpKind::Imm &&
      printed.size() + 1 == insn.numOps)
    printed.push_back(std::to_string(insn.imm));
}

} // namespace

std::string differingOperand(const OracleInsn &truth, const Insn &insn,
                             std::string_view ours) {
  static constexpr llvm::StringLiteral Strings[] = {
      "movs", "cmps", "stos", "lods", "scas", "ins", "outs"};
  if (llvm::is_contained(Strings, llvm::StringRef(ours)))
    return differingString(truth, insn);
  static constexpr llvm::StringLiteral Unread[] = {
      "nop", "ud1", "invlpga", "skinit", "vmrun", "vmload", "vmsave"};
  if (llvm::is_contained(Unread, llvm::StringRef(ours)))
    return ""; // do not read their operands
  std::vector<std::string> printed = truth.operands;
  normalise(printed, truth, insn, ours);
  // LLVM follows AMD's manual here; SDM Vol. 2, MOVSXD: r16, r/m16.
  const bool narrowMovsxd =
      ours == "movsxd" && insn.size[0] == 2 && insn.size[1] == 2;
  if (narrowMovsxd && llvm::StringRef(printed[1]).starts_with("d"))
    printed[1].erase(0, 1);
  if (printed.size() != insn.numOps)
    return std::to_string(insn.numOps) + " operands";
  for (unsigned i = 0; i < insn.numOps; ++i) {
    llvm::StringRef text = printed[i];
    const std::string which = "operand " + std::to_string(i) + ": ";
    if (text.contains('[')) {
      if (insn.kind[i] != OpKind::Mem)
        return which + "not memory";
      if (std::string why = differingMemory(text, insn, insn.size[i]);
          !why.empty())
        return which + why;
    } else if (const NamedReg *r = findRegister(text)) {
      if (insn.kind[i] != OpKind::Reg)
        return which + "no register";
      if (insn.reg[i] != r->reg)
        return which + "register";
      if (insn.size[i] != r->size && !narrowMovsxd)
        return which + "register size " + std::to_string(insn.size[i]);
    } else {
      int64_t value;
      if (text.getAsInteger(10, value))
        return which + "unparsed " + text.str();
      if (insn.kind[i] != OpKind::Imm)
        return which + "no immediate";
      bool branch = insn.flow == Flow::Jump || insn.flow == Flow::CondJump ||
                    insn.flow == Flow::Call;
      if (branch)
        value += static_cast<int64_t>(insn.nextPc());
      if (ours == "ret" ||
          ours == "retf") // LLVM takes their 16 bits for signed
        value &= 0xffff;
      const bool isField = ours == "extrq" || ours == "insertq";
      if (ours == "enter" || isField) { // two of them
        const bool second = i == insn.numOps - 1;
        uint64_t differ = second ? value ^ insn.imm2 : value ^ insn.imm;
        if (differ & (second || isField ? 0xff : 0xffff))
          return which + "immediate";
        continue;
      }
      // What a body sees of it: as many bits as the destination has.
      unsigned bits = i && insn.size[0] < 8 ? 8 * insn.size[0] : 64;
      if ((static_cast<uint64_t>(value) ^ static_cast<uint64_t>(insn.imm))
          << (64 - bits))
        return which + "immediate";
    }
  }
  return "";
}

} // namespace dbt
