//===- Generate.cpp - Random sequences from templates ---------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Generate.h"

#include "Interp/Interp.h"
#include "Rules.h"

#include <algorithm>
#include <cstring>

namespace dbt::fuzz {

Generator::Generator(Decoder &decoder) : decoder(decoder), all(findTemplates(decoder)) {
  for (unsigned i = 0; i < all.size(); ++i) {
    const std::string_view name = all[i].row->info.name;
    const Rule *rule = findRule(name);
    if (all[i].templates.empty() || (rule && rule->use == Use::Never))
      continue;
    if (all[i].row->info.isa == Isa::Fsgsbase && !hasFsgsbase())
      continue;
    runnable.push_back(i);
    // What only raises a fault would end sequences early.
    if ((!rule || rule->use == Use::Anywhere) && all[i].row->info.isa != Isa::System)
      chainable.push_back(i);
    if (definesFlags(name))
      definers.push_back(i);
  }
}

std::vector<std::string> Generator::unreached() const {
  std::vector<std::string> names;
  for (const RowTemplates &row : all) {
    const std::string_view name = row.row->info.name;
    const Rule *rule = findRule(name);
    if (!row.enabled || !row.templates.empty() || row.open || (rule && rule->use == Use::Never))
      continue;
    // What a name means without a feature (BSR for LZCNT) is hidden by what it is with it.
    bool hidden = false;
    for (const RowTemplates *other = all.data(); other != &row; ++other)
      hidden |= name == other->row->info.name && other->enabled && !other->row->info.form;
    if (!hidden)
      names.emplace_back(name);
  }
  return names;
}

/// An instruction's bytes in the making.
struct Generator::Encoding {
  std::vector<uint8_t> prefixes;
  bool rexR = false, rexX = false, rexB = false;
  uint8_t modrm = 0;
  std::vector<uint8_t> tail; ///< SIB and displacement
  uint64_t absolute = 0;     ///< what a RIP-relative operand shall be, or 0
  uint8_t vvvv = 15;
  bool plainRex = false;     ///< a REX that changes no more than SPL from AH

  void disp32(uint32_t v) {
    for (unsigned i = 0; i < 32; i += 8)
      tail.push_back(static_cast<uint8_t>(v >> i));
  }
};

void Generator::encodeMemory(Random &r, Encoding &e, unsigned reg, const Reserved &reserved, bool vectorIndex) const {
  const unsigned base = reserved.base[r.below(2)], index = vectorIndex ? r.below(16) : reserved.index;
  const uint64_t near = Middle + (r.below(2) ? 16 * r.below(8) : r.below(128)) - 64;
  unsigned kind = vectorIndex ? 4 : r.below(9);
  if (kind == 6) { // [rip + disp32]
    e.modrm = static_cast<uint8_t>(reg << 3 | 5);
    e.absolute = near;
    return e.disp32(0);
  }
  if (kind >= 7) { // [disp32], [index * scale + disp32]
    const bool indexed = kind == 7 && index != 4;
    e.modrm = static_cast<uint8_t>(reg << 3 | 4);
    e.rexX = indexed && index >= 8;
    e.tail.push_back(static_cast<uint8_t>(r.below(4) << 6 | (indexed ? index & 7 : 4) << 3 | 5));
    return e.disp32(static_cast<uint32_t>(near));
  }
  const bool indexed = kind >= 4 && (vectorIndex || index != 4);
  const unsigned dispKind = r.below(3); // of none, 8 and 32 bits
  const unsigned mod = dispKind == 0 && (base & 7) == 5 ? 1 : dispKind;
  e.rexB = base >= 8;
  if (indexed || (base & 7) == 4) {
    e.modrm = static_cast<uint8_t>(mod << 6 | reg << 3 | 4);
    e.rexX = indexed && index >= 8;
    e.tail.push_back(static_cast<uint8_t>(r.below(4) << 6 | (indexed ? index & 7 : 4) << 3 | (base & 7)));
  } else {
    e.modrm = static_cast<uint8_t>(mod << 6 | reg << 3 | (base & 7));
  }
  const uint32_t disp = r.below(2) ? 16 * r.below(8) - 64 : r.below(128) - 64;
  if (mod == 1)
    e.tail.push_back(static_cast<uint8_t>(disp));
  else if (mod == 2)
    e.disp32(disp);
}

Generator::Encoding Generator::encode(Random &r, const Template &t, const Reserved &reserved, bool vectorIndex) const {
  Encoding e;
  auto pick = [&r](uint8_t mask) {
    unsigned n;
    do
      n = r.below(8);
    while (!(mask >> n & 1));
    return n;
  };
  if (t.memory && r.oneIn(8))
    e.prefixes.push_back(0xf0); // LOCK: the decoder says where it may be
  static constexpr uint8_t Nothing[] = {0x26, 0x2e, 0x36, 0x3e}, Segments[] = {0x64, 0x65};
  if (r.oneIn(12))
    e.prefixes.push_back(Nothing[r.below(4)]);
  else if (hasFsgsbase() && r.oneIn(12))
    e.prefixes.push_back(Segments[r.below(2)]);
  if (r.oneIn(12))
    e.prefixes.push_back(0x67);
  for (unsigned i = 0; i < t.numPrefixes; ++i)
    e.prefixes.push_back(t.prefixes[i]);
  if (!e.prefixes.empty() && r.oneIn(12))
    e.prefixes.push_back(e.prefixes[r.below(static_cast<unsigned>(e.prefixes.size()))]);
  // Their order means nothing.
  for (size_t i = e.prefixes.size(); i > 1; --i)
    std::swap(e.prefixes[i - 1], e.prefixes[r.below(static_cast<unsigned>(i))]);
  e.rexR = r.below(2);
  e.rexB = r.below(2);
  e.plainRex = r.oneIn(4);
  if (r.below(2))
    e.vvvv = static_cast<uint8_t>(r.below(16));
  if (!t.hasModrm)
    return e;
  const unsigned reg = pick(t.regMask);
  if (t.memory)
    encodeMemory(r, e, reg, reserved, vectorIndex);
  else
    e.modrm = static_cast<uint8_t>(0xc0 | reg << 3 | pick(t.rmMask));
  return e;
}

/// A random instance of a row; false if this attempt was none.
bool Generator::instance(Random &r, unsigned row, const Reserved &reserved, bool alone, const Sequence &sequence,
                         std::vector<uint8_t> &bytes) {
  const RowTemplates &templates = all[row];
  const Template &t = templates.templates[r.below(static_cast<unsigned>(templates.templates.size()))];
  const std::string_view name = templates.row->info.name;
  const Encoding e = encode(r, t, reserved, name.find("gather") != name.npos);
  bytes = e.prefixes;
  if (t.vex) {
    if (t.map == 1 && !t.rexW && !e.rexX && !e.rexB && r.below(2)) {
      bytes.push_back(0xc5);
      bytes.push_back(static_cast<uint8_t>(!e.rexR << 7 | e.vvvv << 3 | t.l << 2 | t.pp));
    } else {
      bytes.push_back(0xc4);
      bytes.push_back(static_cast<uint8_t>(!e.rexR << 7 | !e.rexX << 6 | !e.rexB << 5 | t.map));
      bytes.push_back(static_cast<uint8_t>(t.rexW << 7 | e.vvvv << 3 | t.l << 2 | t.pp));
    }
  } else {
    const unsigned rex = t.rexW << 3 | e.rexR << 2 | e.rexX << 1 | unsigned(e.rexB);
    if (rex || e.plainRex)
      bytes.push_back(static_cast<uint8_t>(0x40 | rex));
    if (t.map)
      bytes.push_back(0x0f);
    if (t.map > 1)
      bytes.push_back(t.map == 2 ? 0x38 : 0x3a);
  }
  bytes.push_back(t.opcode);
  if (t.hasModrm)
    bytes.push_back(e.modrm);
  bytes.insert(bytes.end(), e.tail.begin(), e.tail.end());
  const size_t immediateAt = bytes.size();
  const uint64_t immediate = r.below(2) ? r.integer() : r.below(80);
  for (unsigned i = 0; i < 8; ++i)
    bytes.push_back(static_cast<uint8_t>(immediate >> 8 * i));
  if (t.immediate >= 0)
    bytes[immediateAt] = static_cast<uint8_t>(t.immediate);
  const uint64_t pc = sequence.end();
  Insn insn;
  if (!decoder.decode(bytes.data(), std::min<size_t>(bytes.size(), 15), pc, insn))
    return false;
  bytes.resize(insn.length);
  auto patch = [&](size_t at, uint64_t value, size_t size) {
    for (size_t i = 0; i < size; ++i)
      bytes[at + i] = static_cast<uint8_t>(value >> 8 * i);
  };
  if (e.absolute)
    patch(immediateAt - 4, e.absolute - (pc + insn.length), 4);
  if (insn.flow == Flow::Jump || insn.flow == Flow::CondJump || insn.flow == Flow::Call) {
    const uint64_t end = pc + insn.length;
    const uint64_t to = landingAt(sequence.start(), end, r.below(NumLandings + 1)) - end;
    const size_t size = insn.length - immediateAt;
    if (size == 1 && static_cast<uint64_t>(static_cast<int8_t>(to)) != to)
      return false;
    patch(immediateAt, to, size);
  }
  if (!decoder.decode(bytes.data(), bytes.size(), pc, insn) || insn.length != bytes.size())
    return false;
  if (interpRows().find(insn) != templates.row || !templates.row->byWidth[widthIndex(templates.row->info.widthFrom, insn)])
    return false;
  if (insn.flow == Flow::IndirectCall && insn.kind[0] == OpKind::Reg && insn.reg[0] == Reg::Rsp)
    return false; // the return address would be written over the landing
  if (!alone)
    for (int i = 0; i < insn.numOps; ++i)
      if (insn.kind[i] == OpKind::Reg && isGpr(insn.reg[i]) && reserved.has(insn.reg[i]))
        return false;
  return true;
}

/// Adds an instance of \p row; false if there was none in many attempts.
bool Generator::append(Random &r, unsigned row, const Reserved &reserved, bool alone, bool last, Sequence &sequence) {
  constexpr unsigned Attempts = 60;
  for (unsigned attempt = 0; attempt < Attempts; ++attempt) {
    std::vector<uint8_t> bytes;
    if (!instance(r, row, reserved, alone, sequence, bytes))
      continue;
    Sequence longer;
    std::vector<uint8_t> together = sequence.bytes;
    together.insert(together.end(), bytes.begin(), bytes.end());
    if (together.size() > MaxSequenceBytes)
      return false;
    if (!analyse(decoder, together, sequence.slot, longer) || (alone && longer.items.size() != 1))
      continue;
    if (!last && longer.items.back().insn.flow != Flow::Next)
      return false;
    sequence = std::move(longer);
    return true;
  }
  return false;
}

Sequence Generator::make(Random &r, unsigned row, unsigned length, unsigned slot) {
  Reserved reserved;
  // Of several instructions' few use these without naming them.
  static constexpr unsigned Free[] = {3, 8, 9, 10, 11, 12, 13, 14, 15};
  auto pick = [&] { return length > 1 ? Free[r.below(std::size(Free))] : r.below(16); };
  reserved.base[0] = pick();
  reserved.base[1] = pick();
  do
    reserved.index = pick();
  while (reserved.index == reserved.base[0] || reserved.index == reserved.base[1]);
  Sequence sequence;
  sequence.slot = slot;
  if (length > 1) {
    const unsigned place = r.below(length);
    for (unsigned i = 0; i < length; ++i) {
      const unsigned wanted = i == place ? row : chainable[r.below(static_cast<unsigned>(chainable.size()))];
      const bool last = i + 1 == length;
      // What is no instruction that may stand here is left out. Undefined flags are
      // defined before anything else.
      if (!sequence.items.empty() && undefinedFlags(sequence.items.back().row, sequence.items.back().insn, nullptr))
        append(r, definers[r.below(static_cast<unsigned>(definers.size()))], reserved, false, false, sequence);
      append(r, wanted, reserved, false, last, sequence);
    }
    if (!sequence.items.empty())
      return sequence;
  }
  append(r, row, reserved, true, true, sequence);
  return sequence;
}

} // namespace dbt::fuzz
