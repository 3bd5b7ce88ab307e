//===- UnwindTable.h - Functions that have no names -------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A stripped program still says where its functions are: unwinding needs it
// (.eh_frame and .eh_frame_hdr: Linux Standard Base, Core, 10.6).
//===----------------------------------------------------------------------===//
#ifndef DBT_TOOLS_DBT_LIFT_UNWINDTABLE_H
#define DBT_TOOLS_DBT_LIFT_UNWINDTABLE_H

#include "Loader/ElfImage.h"

#include <span>

namespace dbt {

/// The functions of \p image, whose file's bytes are \p file, by address and without
/// names. In a file that is not of the usual form the addresses may be nonsense.
std::vector<ElfSymbol> unwindFunctions(const ElfImage &image, const ElfSymbols &symbols, std::span<const uint8_t> file);

} // namespace dbt

#endif
