//===- DirtyState.cpp - What CpuState does not have yet -------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Lift/DirtyState.h"

#include "llvm/IR/CFG.h"

using namespace llvm;

namespace dbt::lift {

DirtyState::Mask DirtyState::after(const Instruction &insn, Mask in) const {
  if (auto *store = dyn_cast<StoreInst>(&insn)) {
    auto place = places.find(store->getPointerOperand());
    if (place != places.end())
      return cleanStores.contains(store) ? in & ~place->second : in | place->second;
    return in;
  }
  auto marker = markers.find(&insn);
  return marker == markers.end() ? in : in & ~marker->second;
}

void DirtyState::forEach(Function &f, Mask atEntry, function_ref<void(Instruction *, Mask)> fill) const {
  // A block turns `in` into (in & keep) | make.
  struct Effect {
    Mask keep, make, in = 0;
    bool reached = false;
  };
  DenseMap<const BasicBlock *, Effect> effects;
  for (const BasicBlock &block : f) {
    Mask none = 0, all = ~Mask(0);
    for (const Instruction &insn : block) {
      none = after(insn, none);
      all = after(insn, all);
    }
    effects[&block] = {all, none};
  }
  SmallVector<const BasicBlock *, 32> work;
  auto reach = [&](const BasicBlock *block, Mask in) {
    Effect &effect = effects.find(block)->second;
    if (effect.reached && (in & ~effect.in) == 0)
      return;
    effect.reached = true;
    effect.in |= in;
    work.push_back(block);
  };
  reach(&f.getEntryBlock(), atEntry);
  while (!work.empty()) {
    const BasicBlock *block = work.pop_back_val();
    const Effect effect = effects.find(block)->second;
    for (const BasicBlock *next : successors(block))
      reach(next, (effect.in & effect.keep) | effect.make);
  }
  // Filling in replaces markers, so the walk comes first.
  SmallVector<std::pair<Instruction *, Mask>, 32> found;
  for (BasicBlock &block : f) {
    Mask dirty = effects.find(&block)->second.in;
    for (Instruction &insn : block) {
      if (auto marker = markers.find(&insn); marker != markers.end())
        found.emplace_back(&insn, dirty & marker->second);
      dirty = after(insn, dirty);
    }
  }
  for (auto [marker, dirty] : found)
    fill(marker, dirty);
}

} // namespace dbt::lift
