//===- Oracle.h - What LLVM makes of the same bytes -------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_TEST_DECODE_ORACLE_H
#define DBT_TEST_DECODE_ORACLE_H

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace dbt {

/// One instruction as LLVM's Intel syntax prints it, taken apart.
struct OracleInsn {
  unsigned length = 0;               ///< 0: not an instruction
  std::string opcode;                ///< LLVM's own name of it, for reports
  std::vector<std::string> prefixes; ///< "lock", "rep", ... as printed
  std::string mnemonic;
  std::vector<std::string> operands;

  bool has(const char *prefix) const;
  std::string text() const;
};

class Oracle {
public:
  Oracle();
  ~Oracle();
  void decode(llvm::ArrayRef<uint8_t> bytes, uint64_t pc, OracleInsn &out);

private:
  struct State;
  std::unique_ptr<State> state;
};

} // namespace dbt

#endif
