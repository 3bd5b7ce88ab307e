//===- RegionLog.h - -d of regions ------------------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_JIT_REGIONLOG_H
#define DBT_JIT_REGIONLOG_H

#include "Jit/RegionSource.h"

#include "llvm/Support/CodeGen.h"
#include "llvm/Support/Error.h"

namespace dbt {

/// What the log wants to have of regions that are compiled; what it does not want costs nothing.
class RegionLog {
public:
  explicit RegionLog(const CompilerOptions &options) : options(options) {}

  /// --print-regions.
  void graph(RegionSource &source, const RegionRequest &request);
  /// in_asm and out_asm, side by side where both are wanted.
  void code(RegionSource &source, const RegionRequest &request, llvm::CodeGenOptLevel level);
  /// \p item: log::Ir or log::IrOpt.
  void ir(uint32_t item, RegionSource &source, const RegionRequest &request, const LiftedRegion &region);
  void failure(const RegionRequest &request, llvm::Error error);

private:
  void guestCode(RegionSource &source, const RegionRequest &request);
  llvm::Expected<std::string> hostCode(RegionSource &source, RegionRequest request, llvm::CodeGenOptLevel level,
                                       bool sideBySide);

  const CompilerOptions &options;
};

} // namespace dbt

#endif
