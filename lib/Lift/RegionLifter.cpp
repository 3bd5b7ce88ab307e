//===- RegionLifter.cpp - From a control-flow graph to IR -----------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Lift/RegionLifter.h"

#include "Lift/RegionBuilder.h"
#include "Lift/Rows.h"

#include "llvm/IR/AssemblyAnnotationWriter.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/FormattedStream.h"

using namespace llvm;

namespace dbt {

Expected<LiftedRegion> liftRegion(Module &module, const RegionRequest &request) {
  LiftedRegion lifted;
  lift::RegionBuilder builder(module, request, lifted);
  builder.build();
  std::string problem;
  raw_string_ostream out(problem);
  if (verifyFunction(*lifted.function, &out))
    return createStringError("the region at 0x" + Twine::utohexstr(request.entry) + " does not verify: " + problem);
  return lifted;
}

std::vector<uint64_t> callReturns(const std::vector<CfgBlock> &blocks) {
  std::vector<uint64_t> returns;
  for (const CfgBlock &block : blocks) {
    const Insn &last = block.insns.back();
    if (last.flow != Flow::Call && last.flow != Flow::IndirectCall)
      continue;
    for (const CfgBlock &to : blocks)
      if (to.pc == last.nextPc() && to.pc != blocks[0].pc)
        returns.push_back(to.pc);
  }
  return returns;
}

bool canLift(const Insn &insn) {
  const char *name;
  return lift::findLift(insn, name) != nullptr;
}

namespace {
class Annotator final : public AssemblyAnnotationWriter {
public:
  Annotator(ArrayRef<LiftedRegion> regions, const InsnText &insnText) : insnText(insnText) {
    for (const LiftedRegion &region : regions)
      starts.insert(region.insnStarts.begin(), region.insnStarts.end());
  }

  void emitInstructionAnnot(const Instruction *i, formatted_raw_ostream &out) override {
    auto it = starts.find(i);
    if (it != starts.end())
      out << "  ; " << Twine::utohexstr(it->second) << ": " << insnText(it->second) << "\n";
  }

private:
  DenseMap<const Value *, uint64_t> starts;
  const InsnText &insnText;
};
} // namespace

void printRegion(const LiftedRegion &region, raw_ostream &out, const InsnText &insnText) {
  Annotator annotator(region, insnText);
  region.function->print(out, &annotator);
}

void printModule(const Module &module, ArrayRef<LiftedRegion> regions, raw_ostream &out, const InsnText &insnText) {
  Annotator annotator(regions, insnText);
  module.print(out, &annotator);
}

} // namespace dbt
