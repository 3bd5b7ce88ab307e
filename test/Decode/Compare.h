//===- Compare.h - One instruction through both decoders --------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_TEST_DECODE_COMPARE_H
#define DBT_TEST_DECODE_COMPARE_H

#include "Decode/Decoder.h"
#include "Oracle.h"

#include <cstdint>
#include <map>
#include <string>

namespace dbt {

class Comparison {
public:
  /// Decodes at \p bytes and counts what came out. Returns by how much a sweep
  /// advances: by 1 where there is no instruction.
  unsigned at(llvm::ArrayRef<uint8_t> bytes, uint64_t pc);
  /// Prints counts and differences; true if there were no differences.
  bool report() const;

private:
  struct Difference {
    uint64_t count = 0;
    std::string example;
  };
  /// What LLVM, as \p truth has it, and \p insn differ in; empty if in nothing.
  std::string difference(const OracleInsn &truth, const Insn &insn,
                         const uint8_t *bytes);
  template <class Accept>
  bool reordered(llvm::ArrayRef<uint8_t> bytes, uint64_t pc, Accept accept);
  void differ(std::string what, llvm::ArrayRef<uint8_t> bytes, uint64_t pc,
              unsigned length);
  void except(const std::string &kind, const std::string &mnemonic) {
    ++exceptions[kind][mnemonic];
  }

  Oracle oracle;
  Decoder decoder;
  OracleInsn truth;
  uint64_t same = 0, refused = 0, invalid = 0;
  std::map<std::string, std::map<std::string, uint64_t>> exceptions;
  std::map<std::string, Difference> differences;
};

} // namespace dbt

#endif
