//===- InsnLines.cpp - Which guest instruction IR came from ---------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Lift/InsnLines.h"

#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/IR/DIBuilder.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace dbt {

InsnLines::InsnLines(Function &function) {
  Module &module = *function.getParent();
  if (!module.getModuleFlag("Debug Info Version"))
    module.addModuleFlag(Module::Warning, "Debug Info Version", DEBUG_METADATA_VERSION);
  DIBuilder builder(module);
  DIFile *file = builder.createFile("guest", "");
  // .loc directives in assembly, and no sections of debug information.
  DICompileUnit *unit = builder.createCompileUnit(DISourceLanguageName(dwarf::DW_LANG_C), file, "dbt", true, "", 0, "",
                                                  DICompileUnit::DebugDirectivesOnly);
  subprogram = builder.createFunction(unit, function.getName(), "", file, 0,
                                      builder.createSubroutineType(builder.getOrCreateTypeArray({})), 0,
                                      DINode::FlagZero, DISubprogram::SPFlagDefinition);
  function.setSubprogram(subprogram);
  builder.finalize();
}

DebugLoc InsnLines::at(unsigned line) const {
  return DILocation::get(subprogram->getContext(), line, 0, subprogram);
}

unsigned InsnLines::of(const Instruction &instruction) {
  const DebugLoc &location = instruction.getDebugLoc();
  return location ? location.getLine() : 0;
}

} // namespace dbt
