//===- Templates.cpp - Every encoding of every row ------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Templates.h"

#include "Interp/Interp.h"
#include "Rules.h"

#include <unordered_map>

namespace dbt::fuzz {

namespace {

/// Sets of prefixes that choose an instruction or its width.
constexpr uint8_t PrefixSets[][2] = {{}, {0x66}, {0xf3}, {0xf2}, {0x66, 0xf3}, {0x66, 0xf2}, {0x67}};
constexpr uint64_t At = 0x10000;
/// [RDI + disp32]: an operand that all memory forms have.
constexpr unsigned MemoryRm = 7;
/// With an index, which gathers must have.
constexpr unsigned SibRm = 4;

/// Opcodes whose r/m, where it is a register, chooses the instruction.
bool usesRm(const Template &t) {
  if (t.vex)
    return false;
  if (t.map == 0)
    return t.opcode >= 0xd8 && t.opcode <= 0xdf;
  return t.map == 1 && (t.opcode <= 1 || t.opcode == 0xae || t.opcode == 0xc7 || t.opcode == 0x1e);
}

bool isPrefixOrEscape(uint8_t b) {
  switch (b) {
  case 0x0f: case 0x26: case 0x2e: case 0x36: case 0x3e: case 0x62: case 0x64: case 0x65: case 0x66: case 0x67:
  case 0xc4: case 0xc5: case 0xf0: case 0xf2: case 0xf3:
    return true;
  default:
    return (b & 0xf0) == 0x40;
  }
}

class Search {
public:
  Search(Decoder &decoder, std::vector<RowTemplates> &rows) : decoder(decoder), rows(rows) {
    for (unsigned i = 0; i < rows.size(); ++i)
      indexOf[rows[i].row] = i;
  }

  void run() {
    Template t = {};
    for (const auto &set : PrefixSets) {
      t.numPrefixes = static_cast<uint8_t>((set[0] != 0) + (set[1] != 0));
      t.prefixes = {set[0], set[1]};
      for (bool w : {false, true}) {
        t.rexW = w;
        // 67 names an instruction nowhere but in JECXZ.
        for (t.map = 0; t.map < (set[0] == 0x67 ? 1 : 4); ++t.map)
          allOpcodes(t);
      }
    }
    t = {};
    t.vex = true;
    for (t.map = 1; t.map < 4; ++t.map)
      for (t.pp = 0; t.pp < 4; ++t.pp)
        for (t.l = 0; t.l < 2; ++t.l)
          for (bool w : {false, true}) {
            t.rexW = w;
            allOpcodes(t);
          }
  }

private:
  void allOpcodes(Template &t) {
    for (unsigned op = 0; op < 256; ++op) {
      t.opcode = static_cast<uint8_t>(op);
      if (!t.vex && t.map == 0 && isPrefixOrEscape(t.opcode))
        continue;
      found.clear();
      for (unsigned reg = 0; reg < 8; ++reg) {
        tryOne(t, true, reg, t.isGather() ? SibRm : MemoryRm);
        // REX.W is for register operands 0 and 1 what it is for all.
        for (unsigned rm = 0; rm < (usesRm(t) ? 8 : 1); ++rm)
          tryOne(t, false, reg, usesRm(t) ? rm : 1);
      }
      keep();
    }
  }

  struct Found {
    unsigned row;
    Signature signature;
    unsigned length;
    Template t;
  };

  /// The row of \p t with \p last behind the opcode, or null.
  const InterpEntry *decode(const Template &t, uint8_t last, Insn &insn) {
    uint8_t bytes[16] = {};
    unsigned n = 0;
    for (unsigned i = 0; i < t.numPrefixes; ++i)
      bytes[n++] = t.prefixes[i];
    if (t.vex) {
      bytes[n++] = 0xc4;
      bytes[n++] = static_cast<uint8_t>(0xe0 | t.map);
      bytes[n++] = static_cast<uint8_t>(t.rexW << 7 | 15 << 3 | t.l << 2 | t.pp);
    } else {
      if (t.rexW)
        bytes[n++] = 0x48;
      if (t.map)
        bytes[n++] = 0x0f;
      if (t.map > 1)
        bytes[n++] = t.map == 2 ? 0x38 : 0x3a;
    }
    bytes[n++] = t.opcode;
    bytes[n++] = last;
    if (!decoder.decode(bytes, sizeof bytes, At, insn))
      return nullptr;
    const InterpEntry *row = interpRows().find(insn);
    return row && row->byWidth[widthIndex(row->info.widthFrom, insn)] ? row : nullptr;
  }

  void tryOne(Template t, bool memory, unsigned reg, unsigned rm) {
    Insn insn;
    const InterpEntry *row = decode(t, static_cast<uint8_t>((memory ? 0x80 : 0xc0) | reg << 3 | rm), insn);
    if (!row)
      return;
    const unsigned index = indexOf.at(row);
    if (!rows[index].sample.length)
      rows[index].sample = insn;
    if (isOpen(row->info.name, insn, true)) {
      rows[index].open = true;
      return;
    }
    const Signature signature(insn);
    const auto regBit = static_cast<uint8_t>(1u << reg);
    const auto rmBits = static_cast<uint8_t>(usesRm(t) ? 1u << rm : 0xff);
    for (Found &f : found)
      if (f.row == index && f.signature == signature && f.length == insn.length && f.t.memory == memory &&
          // A mask of pairs need not be a product of two masks.
          (f.t.rmMask == rmBits || f.t.regMask == regBit)) {
        f.t.regMask |= regBit;
        f.t.rmMask |= rmBits;
        return;
      }
    t.memory = memory;
    t.hasModrm = true;
    t.regMask = regBit;
    t.rmMask = rmBits;
    t.immediate = -1;
    found.push_back({index, signature, insn.length, t});
  }

  void keep() {
    // Without a ModRM byte what was tried as one is an immediate or no part of the
    // instruction: memory forms are no longer than register forms then.
    for (Found &f : found) {
      bool isDouble = false;
      for (const Found &other : found)
        if (f.row == other.row && f.signature == other.signature && f.length == other.length && f.t.memory != other.t.memory) {
          isDouble = f.t.memory;
          f.t.hasModrm = false;
        }
      if (isDouble)
        continue;
      rows[f.row].templates.push_back(f.t);
      if (!f.t.hasModrm && f.signature.numOps == 1 && f.signature.kind[0] == OpKind::Imm)
        immediates(f);
    }
  }

  /// Values of an immediate that have rows of their own (INT 3).
  void immediates(const Found &f) {
    for (unsigned value = 0; value < 256; ++value) {
      Insn insn;
      const InterpEntry *row = decode(f.t, static_cast<uint8_t>(value), insn);
      if (!row || indexOf.at(row) == f.row)
        continue;
      if (isOpen(row->info.name, insn, true)) {
        rows[indexOf.at(row)].open = true;
        continue;
      }
      Template t = f.t;
      t.immediate = static_cast<int16_t>(value);
      rows[indexOf.at(row)].templates.push_back(t);
    }
  }

  Decoder &decoder;
  std::vector<RowTemplates> &rows;
  std::unordered_map<const InterpEntry *, unsigned> indexOf;
  std::vector<Found> found;
};

} // namespace

Signature::Signature(const Insn &insn) : kind(insn.kind), size(insn.size), numOps(insn.numOps) {
  for (unsigned i = numOps; i < 4; ++i)
    kind[i] = OpKind::None, size[i] = i ? 0 : size[i]; // of string instructions it is the width
}

std::vector<RowTemplates> findTemplates(Decoder &decoder) {
  std::vector<RowTemplates> rows;
  interpRows().forEach([&](const InterpEntry &row) { rows.push_back({&row, {}, hasFeature(row.info.isa), false, {}}); });
  Search(decoder, rows).run();
  return rows;
}

} // namespace dbt::fuzz
