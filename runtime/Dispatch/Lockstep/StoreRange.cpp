//===- StoreRange.cpp - Where an instruction may store --------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Dispatch/Lockstep/StoreRange.h"

#include "Decode/Decoder.h"
#include "Semantics/Helpers/Operands.h"

#include <algorithm>
#include <iterator>

namespace dbt {

namespace {

template <size_t N> bool isOneOf(std::string_view name, const std::string_view (&names)[N]) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

/// A memory operand that is the destination. Read-only ones among them (CMP, TEST)
/// do no harm.
bool storesToOperand(const Insn &insn, std::string_view name) {
  static constexpr std::string_view Untouched[] = {"nop", "lea", "clflush", "clflushopt", "clwb", "jmp"};
  if (insn.memOperand() < 0 || isOneOf(name, Untouched) || name.starts_with("prefetch"))
    return false;
  return insn.memOperand() == 0 || name == "xchg";
}

/// What an instruction stores that the size of its operand may not tell.
uint64_t imageSize(std::string_view name) {
  if (name.starts_with("fxsave"))
    return 512;
  if (name.starts_with("xsave"))
    return 832; // x87, SSE and AVX state, with the header (SDM Vol. 1, 13.4)
  if (name == "fnsave")
    return 108;
  if (name == "fnstenv")
    return 28;
  if (name == "fbstp")
    return 10;
  return 0;
}

StoreRange stringRange(const CpuState &s, const Insn &insn) {
  const bool narrow = insn.addrSize == 4;
  auto reg = [&](Reg r) { return narrow ? static_cast<uint32_t>(s.reg(r)) : s.reg(r); };
  const uint64_t element = insn.size[0], count = insn.has(prefix::Rep | prefix::Repne) ? reg(Reg::Rcx) : 1;
  if (count == 0)
    return {};
  const uint64_t last = (count - 1) * element, at = reg(Reg::Rdi);
  return {s.df ? at - last : at, last + element};
}

} // namespace

StoreRule storeRule(const Insn &insn) {
  const std::string_view name = Decoder::mnemonicName(insn.mnemonic);
  static constexpr std::string_view BitOps[] = {"bts", "btr", "btc"};
  if (insn.flow == Flow::Call || insn.flow == Flow::IndirectCall || name.starts_with("push"))
    return StoreRule::Push;
  if (name == "pop")
    return insn.memOperand() >= 0 ? StoreRule::Pop : StoreRule::None;
  if (name == "enter")
    return StoreRule::Enter;
  if ((name == "movs" || name == "stos") && insn.numOps == 0)
    return StoreRule::String;
  if (name == "maskmovdqu" || name == "vmaskmovdqu" || name == "maskmovq")
    return StoreRule::Masked;
  if (!storesToOperand(insn, name))
    return StoreRule::None;
  return isOneOf(name, BitOps) && insn.kind[1] == OpKind::Reg ? StoreRule::Bits : StoreRule::Operand;
}

StoreRange storeRange(const CpuState &s, const Insn &insn, StoreRule rule) {
  switch (rule) {
  case StoreRule::None:
    return {};
  case StoreRule::Push: // at most eight bytes
    return {s.reg(Reg::Rsp) - 8, 8};
  case StoreRule::Enter: {
    // RBP, the frame pointers of the outer levels, and this one's (SDM Vol. 2, ENTER).
    const uint64_t words = 1 + (insn.imm2 & 31);
    return {s.reg(Reg::Rsp) - 8 * words, 8 * words};
  }
  case StoreRule::String:
    return stringRange(s, insn);
  case StoreRule::Masked: {
    const uint64_t at = insn.addrSize == 4 ? static_cast<uint32_t>(s.reg(Reg::Rdi)) : s.reg(Reg::Rdi);
    return {at + helpers::segmentBase(s, insn.segment), 16};
  }
  case StoreRule::Operand:
  case StoreRule::Pop:
  case StoreRule::Bits:
    break;
  }
  const auto operand = static_cast<unsigned>(insn.memOperand());
  const uint64_t at = helpers::address(s, insn);
  uint64_t size = insn.size[operand];
  if (rule == StoreRule::Pop)
    return {at, insn.base == Reg::Rsp ? size + 8 : size};
  if (rule == StoreRule::Bits) {
    // The bit offset is signed and reaches beyond the operand (SDM Vol. 2, 3.1.1.9).
    const uint64_t offset = s.reg(insn.reg[1]);
    const int64_t bit = size == 8   ? static_cast<int64_t>(offset)
                        : size == 4 ? static_cast<int32_t>(offset)
                                    : static_cast<int16_t>(offset);
    const auto elementBits = static_cast<int64_t>(8 * size);
    const int64_t element = bit >= 0 ? bit / elementBits : -((-bit + elementBits - 1) / elementBits);
    return {at + static_cast<uint64_t>(element) * size, size};
  }
  return {at, std::max(size, imageSize(Decoder::mnemonicName(insn.mnemonic)))};
}

} // namespace dbt
