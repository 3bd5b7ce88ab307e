//===- FormCache.h - Decoded forms, for their other instances ---*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A form is what an instruction has in front of its displacement and immediate:
// prefixes, opcode, ModRM and SIB. Two instructions of one form differ in the values
// of those two fields and in nothing else, so Capstone is asked once per form, and
// each further instance is the first one with its own values. Programs have some
// thousand forms; asking Capstone is fifty times slower than this.
//===----------------------------------------------------------------------===//
#ifndef DBT_DECODE_FORMCACHE_H
#define DBT_DECODE_FORMCACHE_H

#include "Decode/Insn.h"

#include <array>
#include <cstddef>
#include <vector>

namespace dbt {

/// One decoder's.
class FormCache {
public:
  /// A form's up to 12 bytes, little-endian, and their number in the top byte;
  /// all zero if it is not to be remembered.
  struct Key {
    uint64_t low = 0, high = 0;
    unsigned length() const { return static_cast<unsigned>(high >> 56); }
    bool operator==(const Key &) const = default;
  };
  /// The form at \p bytes. \p dispSize is set to the width of its displacement,
  /// 0, 1, 4 or 8 bytes.
  static Key keyOf(const uint8_t *bytes, size_t available, unsigned &dispSize);

  /// The instruction at \p pc if its form is known.
  bool find(const Key &key, const uint8_t *bytes, uint64_t pc, Insn &out) const;
  /// Remembers the form of \p insn.
  void insert(const Key &key, const uint8_t *bytes, const Insn &insn, unsigned dispSize);

private:
  /// How a field's bytes become the instruction's value.
  enum class Value : uint8_t {
    None,
    Signed,
    Unsigned,
    NotNegative, ///< seen without its top bit only: which of the two is not known yet
    Relative,    ///< signed, from the end of the instruction
  };
  struct Form {
    Key key;
    Insn insn;
    Value disp, imm;
    uint8_t dispSize, immSize;
  };
  static Value valueOf(const Insn &insn, const uint8_t *field, unsigned size, bool branch);

  static constexpr unsigned IndexBits = 13;
  static unsigned slotOf(const Key &key);

  std::vector<Form> forms;
  /// Place in \c forms plus one, by hash; a later form takes an earlier one's slot.
  std::array<uint16_t, 1 << IndexBits> index = {};
};

} // namespace dbt

#endif
