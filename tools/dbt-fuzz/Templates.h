//===- Templates.h - Every encoding of every row ----------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The opcode space is tried at start: what the decoder takes for an instruction whose
// row is in the table, is an encoding of that row. So no row can be forgotten, and no list
// of encodings need be kept.
//===----------------------------------------------------------------------===//
#ifndef DBT_TOOLS_DBT_FUZZ_TEMPLATES_H
#define DBT_TOOLS_DBT_FUZZ_TEMPLATES_H

#include "Decode/Decoder.h"
#include "Semantics/Row.h"

#include <array>
#include <vector>

namespace dbt {
struct InterpEntry;
}

namespace dbt::fuzz {

/// Encodings that differ in their operands' registers, addresses and values only.
struct Template {
  std::array<uint8_t, 2> prefixes; ///< of 66, F2 and F3
  uint8_t numPrefixes;
  bool rexW;      ///< VEX.W, if vex
  bool vex;
  uint8_t pp, l;  ///< of VEX
  uint8_t map;    ///< 0: one byte, 1: 0F, 2: 0F 38, 3: 0F 3A
  uint8_t opcode;
  bool hasModrm;
  bool memory;    ///< its r/m is
  uint8_t regMask; ///< the values of ModRM.reg and, if no memory, of r/m that it has
  uint8_t rmMask;
  int16_t immediate; ///< the only byte that may follow, or -1

  bool isGather() const { return vex && map == 2 && pp == 1 && opcode >= 0x90 && opcode <= 0x93; }
};

/// What the decoder says of an instruction that all of a template's have in common.
struct Signature {
  std::array<OpKind, 4> kind;
  std::array<uint8_t, 4> size;
  uint8_t numOps;
  explicit Signature(const Insn &insn);
  bool operator==(const Signature &) const = default;
};

struct RowTemplates {
  const InterpEntry *row;
  std::vector<Template> templates;
  bool enabled; ///< its feature is on
  bool open;    ///< some of its encodings are left out: isOpen()
  Insn sample;  ///< an instance; of length 0 if there is none
};

/// All rows in the table's order, those of features that are off without templates.
std::vector<RowTemplates> findTemplates(Decoder &decoder);

} // namespace dbt::fuzz

#endif
