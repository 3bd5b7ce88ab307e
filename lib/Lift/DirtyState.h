//===- DirtyState.h - What CpuState does not have yet -----------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Guest registers live in allocas while a region is lifted. Where CpuState is to
// have them (calls, exits and, in exact mode, whatever may fault) a marker stands
// until the region is complete. Then a forward data flow over the whole function says
// which of them may differ from CpuState there: only those need a store.
//===----------------------------------------------------------------------===//
#ifndef DBT_LIFT_DIRTYSTATE_H
#define DBT_LIFT_DIRTYSTATE_H

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/IR/Instructions.h"

#include <cstdint>

namespace dbt::lift {

class DirtyState {
public:
  /// One bit a register.
  using Mask = uint64_t;

  /// A store to \p at changes the registers \p bits, which CpuState then does not have.
  void place(const llvm::AllocaInst *at, Mask bits) { places[at] = bits; }
  /// \p store writes what CpuState has.
  void clean(const llvm::StoreInst *store) { cleanStores.insert(store); }
  /// At \p marker CpuState is to have the registers \p which.
  void sync(llvm::Instruction *marker, Mask which) { markers[marker] = which; }

  /// Calls \p fill for each marker with the registers to be stored there, CpuState
  /// lacking \p atEntry where \p f begins.
  void forEach(llvm::Function &f, Mask atEntry, llvm::function_ref<void(llvm::Instruction *, Mask)> fill) const;

private:
  /// What \p in becomes by \p insn.
  Mask after(const llvm::Instruction &insn, Mask in) const;

  llvm::DenseMap<const llvm::Value *, Mask> places;
  llvm::DenseSet<const llvm::StoreInst *> cleanStores;
  llvm::DenseMap<const llvm::Instruction *, Mask> markers;
};

} // namespace dbt::lift

#endif
