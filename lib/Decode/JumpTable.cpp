//===- JumpTable.cpp - Where an indirect jump may lead --------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Decode/JumpTable.h"

#include <capstone/capstone.h>
#include <cstring>
#include <optional>

namespace dbt {

namespace {

constexpr size_t MaxEntries = 256;
/// A switch's cases are near it.
constexpr uint64_t MaxDistance = 1 << 20;
/// How far before the jump a register may have got the table's address.
constexpr uint64_t MaxLeaDistance = 4096, Page = 4096;

bool writes(const Insn &insn, Reg r) { return insn.numOps && insn.kind[0] == OpKind::Reg && insn.reg[0] == r; }

/// LEA r, [RIP + disp32] that ends before \p end, the nearest one: compilers move it out
/// of the loop that the switch is in. Looks at bytes: where instructions begin
/// before the region is not known.
std::optional<uint64_t> leaBefore(uint64_t end, Reg r, const CodeReader &read) {
  constexpr uint64_t Length = 7;
  const auto rex = static_cast<uint8_t>(number(r) < 8 ? 0x48 : 0x4c);
  const auto modrm = static_cast<uint8_t>((number(r) & 7) << 3 | 5);
  for (uint64_t page = end & ~(Page - 1); page + MaxLeaDistance + Page > end; page -= Page) {
    const CodeBytes code = read(page);
    for (uint64_t at = std::min(page + Page, end - Length) - page; code.size >= Length && at-- > 0;) {
      if (at + Length > code.size || code.data[at] != rex || code.data[at + 1] != 0x8d || code.data[at + 2] != modrm)
        continue;
      int32_t distance;
      std::memcpy(&distance, code.data + at + 3, sizeof distance);
      return page + at + Length + static_cast<uint64_t>(int64_t(distance));
    }
    if (page == 0)
      break;
  }
  return std::nullopt;
}

/// What \p r holds after \p path, if that is a constant.
std::optional<uint64_t> constantIn(Reg r, std::span<const Insn> path, const CodeReader &read) {
  if (r == Reg::None)
    return 0;
  for (size_t i = path.size(); i-- > 0;) {
    const Insn &insn = path[i];
    if (!writes(insn, r))
      continue;
    if (insn.mnemonic == X86_INS_LEA && insn.ripRelative)
      return static_cast<uint64_t>(insn.disp);
    if (insn.mnemonic == X86_INS_MOV && insn.kind[1] == OpKind::Imm)
      return static_cast<uint64_t>(insn.imm);
    return std::nullopt;
  }
  return leaBefore(path.front().pc, r, read);
}

/// How many entries a comparison before the table's load allows.
size_t boundOf(Reg index, std::span<const Insn> path) {
  for (size_t i = path.size(); i-- > 0;)
    if (path[i].mnemonic == X86_INS_CMP && path[i].reg[0] == index && path[i].kind[1] == OpKind::Imm && path[i].imm >= 0)
      return std::min<uint64_t>(MaxEntries, static_cast<uint64_t>(path[i].imm) + 1);
  return MaxEntries;
}

} // namespace

JumpTable findJumpTable(std::span<const Insn> path, const CodeReader &read, const DataReader &readData) {
  JumpTable table;
  const Insn &jump = path.back();
  // From the jump backwards: the load, and before that an addition of the table's address.
  const Insn *load = &jump;
  Reg origin = Reg::None;
  size_t at = path.size() - 1;
  if (jump.kind[0] == OpKind::Reg) {
    Reg target = jump.reg[0];
    for (load = nullptr; !load && at-- > 0;) {
      const Insn &insn = path[at];
      if (!writes(insn, target) && !(origin != Reg::None && writes(insn, origin)))
        continue;
      if (insn.mnemonic == X86_INS_ADD && origin == Reg::None && insn.kind[1] == OpKind::Reg)
        origin = insn.reg[1];
      else if (insn.mnemonic == (origin == Reg::None ? X86_INS_MOV : X86_INS_MOVSXD) && insn.kind[1] == OpKind::Mem)
        load = &insn;
      else
        return table;
      // The distance may be in either operand of the addition.
      if (load && !writes(*load, target))
        std::swap(origin, target);
    }
  }
  const unsigned entrySize = origin == Reg::None ? 8 : 4;
  if (!load || load->memOperand() < 0 || load->index == Reg::None || 1u << load->scale != entrySize || load->segment != Reg::None)
    return table;
  const std::span<const Insn> before = path.first(at);
  const std::optional<uint64_t> base = constantIn(load->base, before, read);
  const std::optional<uint64_t> from = origin == load->base ? base : constantIn(origin, before, read);
  if (!base || !from)
    return table;
  uint8_t bytes[MaxEntries * 8];
  const size_t size = readData(*base + static_cast<uint64_t>(load->disp), bytes, boundOf(load->index, before) * entrySize);
  for (size_t i = 0; i + entrySize <= size; i += entrySize) {
    uint64_t target = 0;
    std::memcpy(&target, bytes + i, entrySize);
    if (entrySize == 4)
      target = *from + static_cast<uint64_t>(int64_t(static_cast<int32_t>(target)));
    if (target - jump.pc + MaxDistance > 2 * MaxDistance || !read(target).size)
      break;
    table.targets.push_back(target);
  }
  if (table.targets.size() < 2)
    table.targets.clear();
  table.load = load->pc;
  table.index = load->index;
  return table;
}

} // namespace dbt
