//===- Check.h - One instance in all machines -------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_TOOLS_DBT_FUZZ_CHECK_H
#define DBT_TOOLS_DBT_FUZZ_CHECK_H

#include "Machines.h"

#include <string>

namespace dbt::fuzz {

struct Tiers {
  bool interp = true, copy = true, jit = true;
  bool effects = false; ///< what Effects says, instead of these
};

/// A sequence with one state, and how it was compiled: all that a run depends on.
struct Instance {
  std::vector<uint8_t> bytes;
  unsigned slot = 0;
  uint64_t seed = 0, simplified = 0;
  CompileMode mode;
  Tiers tiers;
};

/// A placed sequence in dbt's tiers.
struct Machines {
  Interpreted &interpreted;
  Copied *copied;     ///< null: not in this tier
  Compiled *compiled; ///< likewise
  size_t n;           ///< which of \c compiled it is
};

/// Runs it natively and in the tiers from the state of \p instance, and says what differs; ""
/// if nothing does.
std::string check(const Sequence &sequence, const Instance &instance, const Machines &machines);

/// The same for an instance on its own, which is placed and compiled for it. False if its
/// bytes cannot be run.
bool checkAlone(Decoder &decoder, const Instance &instance, std::string &difference);

} // namespace dbt::fuzz

#endif
