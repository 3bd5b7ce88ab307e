//===- Nondeterminism.h - Instructions with another result each time -*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_DECODE_NONDETERMINISM_H
#define DBT_DECODE_NONDETERMINISM_H

#include "Decode/Decoder.h"

namespace dbt {

/// Whether the instruction may give another result when it is run once more from the
/// same state: the time, the processor's number, random numbers.
inline bool isNondeterministic(const Insn &insn) {
  static constexpr std::string_view Names[] = {"rdtsc", "rdtscp", "rdpid", "rdpru", "rdrand", "rdseed", "cpuid"};
  const std::string_view name = Decoder::mnemonicName(insn.mnemonic);
  for (std::string_view other : Names)
    if (name == other)
      return true;
  return false;
}

} // namespace dbt

#endif
