//===- InsnLines.h - Which guest instruction IR came from -------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Debug locations for a region (RegionRequest::lines): a guest instruction is a
// line, 1 + its index in LiftedRegion::lines, since lines have 32 bits and addresses
// 64. Passes and code generation keep them, and make the same code with and without.
//===----------------------------------------------------------------------===//
#ifndef DBT_LIFT_INSNLINES_H
#define DBT_LIFT_INSNLINES_H

#include "llvm/IR/DebugLoc.h"

namespace llvm {
class DISubprogram;
class Function;
class Instruction;
} // namespace llvm

namespace dbt {

class InsnLines {
public:
  /// Gives \p function what its instructions' locations refer to.
  explicit InsnLines(llvm::Function &function);

  llvm::DebugLoc at(unsigned line) const;

  /// The line of an instruction; 0: the region's entry or return.
  static unsigned of(const llvm::Instruction &instruction);

private:
  llvm::DISubprogram *subprogram;
};

} // namespace dbt

#endif
