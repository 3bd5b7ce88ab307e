//===- CodeLines.h - Which guest instruction host code came from -*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_JIT_CODELINES_H
#define DBT_JIT_CODELINES_H

#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"

#include <vector>

namespace dbt {

/// The code of one function in an object file.
struct FunctionCode {
  uint64_t bytes = 0;
  struct Line {
    uint64_t offset; ///< from the function's start
    unsigned line;   ///< of InsnLines, if the module has them
  };
  std::vector<Line> lines; ///< by offset
};
llvm::Expected<FunctionCode> functionCode(llvm::MemoryBufferRef object, llvm::StringRef function);

} // namespace dbt

#endif
