//===- OpcodeSet.h - A set of opcode bytes ----------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_DECODE_OPCODESET_H
#define DBT_DECODE_OPCODESET_H

#include <cstdint>

namespace dbt {

/// A set of opcodes of one map.
struct OpcodeSet {
  uint64_t words[4] = {};

  template <class... Opcodes> constexpr explicit OpcodeSet(Opcodes... ops) {
    (add(ops), ...);
  }
  constexpr void add(unsigned op) {
    words[op / 64] |= uint64_t(1) << (op % 64);
  }
  constexpr OpcodeSet with(unsigned first, unsigned last) const {
    OpcodeSet s = *this;
    for (unsigned op = first; op <= last; ++op)
      s.add(op);
    return s;
  }
  constexpr bool has(unsigned op) const {
    return (words[op / 64] >> (op % 64)) & 1;
  }
};

} // namespace dbt

#endif
