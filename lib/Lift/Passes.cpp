//===- Passes.cpp - What runs over a region's IR --------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Lift/Passes.h"

#include "llvm/Passes/PassBuilder.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar/ADCE.h"
#include "llvm/Transforms/Scalar/DeadStoreElimination.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/GVN.h"
#include "llvm/Transforms/Scalar/LICM.h"
#include "llvm/Transforms/Scalar/LoopPassManager.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"
#include "llvm/Transforms/Utils/Mem2Reg.h"

using namespace llvm;

namespace dbt {

void optimise(Module &module, unsigned level, TargetMachine *machine) {
  if (level == 0)
    return; // lifted as FastISel likes it (RegionRequest::inMemory)
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager components;
  ModuleAnalysisManager modules;
  PassBuilder builder(machine);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);

  FunctionPassManager list;
  list.addPass(PromotePass());
  // What nobody reads (flags above all) goes first: all that follows is then over
  // a fraction of the code.
  list.addPass(ADCEPass());
  list.addPass(EarlyCSEPass(level > 1));
  list.addPass(InstCombinePass());
  list.addPass(SimplifyCFGPass());
  if (level > 1) {
    list.addPass(GVNPass());
    list.addPass(DSEPass());
    list.addPass(InstCombinePass());
    list.addPass(SimplifyCFGPass());
  }
  for (Function &f : module)
    if (!f.isDeclaration())
      list.run(f, functions);
}

} // namespace dbt
