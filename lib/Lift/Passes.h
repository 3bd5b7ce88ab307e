//===- Passes.h - What runs over a region's IR ------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_LIFT_PASSES_H
#define DBT_LIFT_PASSES_H

#include "llvm/IR/Module.h"

namespace llvm {
class TargetMachine;
}

namespace dbt {

/// Runs the pass list of -O\p level over the module. Level 0 has none.
void optimise(llvm::Module &module, unsigned level, llvm::TargetMachine *machine);

} // namespace dbt

#endif
