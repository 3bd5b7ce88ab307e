//===- Instructions.h - docs/Instructions.md --------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_TOOLS_DBT_FUZZ_INSTRUCTIONS_H
#define DBT_TOOLS_DBT_FUZZ_INSTRUCTIONS_H

namespace dbt::fuzz {

/// Prints every mnemonic with its ISA sets, its status and how compiled code does it, as
/// Markdown. An instance of each row is lifted to see that. All features that are
/// implemented are on afterwards. False: what was seen is not what a row explains.
bool printInstructions();

} // namespace dbt::fuzz

#endif
