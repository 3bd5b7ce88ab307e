//===- Failure.h - What a mismatch is reported as ---------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_TOOLS_DBT_FUZZ_FAILURE_H
#define DBT_TOOLS_DBT_FUZZ_FAILURE_H

#include "Check.h"

namespace dbt::fuzz {

/// A failing instance with as few instructions and as plain a state as still fail.
Instance shrink(Decoder &decoder, const Instance &failing);

/// The command line that runs \p instance.
std::string reproducer(const Instance &instance);

/// Its instructions, the reproducer, the differences and a case for test/Insn.
std::string describe(Decoder &decoder, const Instance &instance, const std::string &difference);

/// The instance as a CASE of test/Insn (test/Inputs/insn.inc).
std::string caseBlock(Decoder &decoder, const Sequence &sequence, const Instance &instance);

} // namespace dbt::fuzz

#endif
