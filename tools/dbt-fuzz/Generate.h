//===- Generate.h - Random sequences from templates -------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_TOOLS_DBT_FUZZ_GENERATE_H
#define DBT_TOOLS_DBT_FUZZ_GENERATE_H

#include "Random.h"
#include "Sequence.h"
#include "Templates.h"

namespace dbt::fuzz {

class Generator {
public:
  explicit Generator(Decoder &decoder);

  const std::vector<RowTemplates> &rows() const { return all; }
  /// Rows that are run: their feature is on, no rule forbids it.
  const std::vector<unsigned> &testable() const { return runnable; }
  /// Enabled rows that no template reaches, though no rule forbids to run them.
  std::vector<std::string> unreached() const;

  /// A sequence of up to \p length instructions, one of them row \p row's.
  Sequence make(Random &r, unsigned row, unsigned length, unsigned slot);

private:
  /// Registers that a sequence's memory operands use, and nothing else writes.
  struct Reserved {
    unsigned base[2], index;
    bool has(Reg reg) const {
      return number(reg) == base[0] || number(reg) == base[1] || number(reg) == index;
    }
  };
  struct Encoding;

  bool append(Random &r, unsigned row, const Reserved &reserved, bool alone, bool last, Sequence &sequence);
  Encoding encode(Random &r, const Template &t, const Reserved &reserved, bool vectorIndex) const;
  void encodeMemory(Random &r, Encoding &e, unsigned reg, const Reserved &reserved, bool vectorIndex) const;
  bool instance(Random &r, unsigned row, const Reserved &reserved, bool alone, const Sequence &sequence,
                std::vector<uint8_t> &bytes);

  Decoder &decoder;
  std::vector<RowTemplates> all;
  std::vector<unsigned> runnable;
  std::vector<unsigned> chainable; ///< what may stand in the midst of others
  std::vector<unsigned> definers;  ///< rows that set all flags
};

} // namespace dbt::fuzz

#endif
