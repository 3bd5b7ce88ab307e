//===- Sequence.cpp - Instructions in a row -------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Sequence.h"

#include "Interp/Interp.h"
#include "Rules.h"

namespace dbt::fuzz {

bool analyse(Decoder &decoder, const std::vector<uint8_t> &bytes, unsigned slot, Sequence &out) {
  out.bytes = bytes;
  out.slot = slot;
  out.items.clear();
  uint32_t undefined = 0;
  for (size_t at = 0; at < bytes.size();) {
    Insn insn;
    if (!decoder.decode(bytes.data() + at, bytes.size() - at, out.start() + at, insn))
      return false;
    const InterpEntry *row = interpRows().find(insn);
    if (!row || !row->byWidth[widthIndex(row->info.widthFrom, insn)])
      return false;
    const Rule *rule = findRule(row->info.name);
    const bool alone = insn.length == bytes.size();
    if (rule && (rule->use == Use::Never || (rule->use == Use::Alone && !alone)))
      return false;
    if (isOpen(row->info.name, insn, alone))
      return false;
    at += insn.length;
    const bool last = at == bytes.size();
    if (!last && insn.flow != Flow::Next)
      return false;
    if (!alone && (insn.flow == Flow::IndirectJump || insn.flow == Flow::IndirectCall || insn.flow == Flow::Ret))
      return false; // only prepare() can make their target one
    // What follows an instruction with undefined flags sets them all: then nothing
    // can read them.
    if (undefined && !definesFlags(row->info.name))
      return false;
    undefined = undefinedFlags(row->info.name, insn, nullptr);
    out.items.push_back({insn, row->info.name});
  }
  return !out.items.empty();
}

uint32_t Sequence::undefinedAt(const State &before, uint64_t rip) const {
  const Item *last = nullptr;
  for (const Item &item : items) {
    if (item.insn.pc == rip) // it has not happened
      break;
    last = &item;
  }
  if (!last)
    return 0;
  // The state before is known where nothing precedes.
  return undefinedFlags(last->row, last->insn, last == &items[0] ? &before : nullptr);
}

bool Sequence::isMmxAt(uint64_t rip) const {
  for (const Item &item : items)
    if (item.insn.pc == rip)
      return usesMmx(item.insn);
  return false;
}

std::string hexOf(const std::vector<uint8_t> &bytes) {
  static constexpr char Digits[] = "0123456789abcdef";
  std::string text;
  for (uint8_t b : bytes) {
    text += Digits[b >> 4];
    text += Digits[b & 15];
  }
  return text;
}

} // namespace dbt::fuzz
