//===- RegionLifter.h - From a control-flow graph to IR ---------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_LIFT_REGIONLIFTER_H
#define DBT_LIFT_REGIONLIFTER_H

#include "Decode/Cfg.h"
#include "Guest/Features.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"

#include <functional>
#include <string>
#include <vector>

namespace dbt {

struct RegionRequest {
  uint64_t entry = 0;
  std::vector<CfgBlock> blocks; ///< the entry's first (findCfg)
  /// Further addresses of blocks at which the region can be entered: its calls'
  /// return addresses, so that a return by way of the dispatcher finds it.
  std::vector<uint64_t> entries;
  bool multiThreaded = false;   ///< memory order is kept
  bool exact = false;           ///< registers are in CpuState wherever an instruction may fault
  /// Registers stay in CpuState and IR is what LLVM's FastISel knows: compiles in a
  /// third of the time, to code that is as much slower.
  bool inMemory = false;
  bool lines = false; ///< IR has guest instructions as debug lines (InsnLines.h)
  /// Guest instructions are counted, exactly, in CpuState::compiledInsns.
  bool countInsns = false;
  /// For --check, with countInsns: safepoints leave at CpuState::insnLimit, too, and
  /// instructions that give another result each time are the interpreter's.
  bool lockstep = false;
  /// PDEP and PEXT are the host's instructions, which it has; calls otherwise.
  bool bitFields = hostHas(Isa::Bmi2);
  /// Whether it is proven that guest code entered at \p pc reads none of the status flags
  /// that it is entered with; empty: nothing is.
  std::function<bool(uint64_t pc)> flagsDead;
};

struct LiftedRegion {
  llvm::Function *function = nullptr;
  unsigned guestInsns = 0;
  /// Guest addresses whose slots the region refers to.
  std::vector<uint64_t> slots;
  /// Rows whose helpers it calls.
  std::vector<std::string> helpers;
  /// Where the IR of a guest instruction begins.
  llvm::DenseMap<const llvm::Value *, uint64_t> insnStarts;
  /// The address of each guest instruction, in the order in which they were lifted.
  std::vector<uint64_t> lines;
  /// Instructions that the lifter leaves to the interpreter.
  std::vector<uint64_t> refused;
};

/// Lifts a region into a function of \p module (RegionAbi). The IR holds guest
/// addresses, but none of the host's. Fails if the module would not verify.
llvm::Expected<LiftedRegion> liftRegion(llvm::Module &module, const RegionRequest &request);

/// The return addresses of calls that are blocks of the region.
std::vector<uint64_t> callReturns(const std::vector<CfgBlock> &blocks);

/// Whether the lifter has the instruction.
bool canLift(const Insn &insn);

using InsnText = std::function<std::string(uint64_t pc)>;

/// The IR as text, each guest instruction's own above what it became.
void printRegion(const LiftedRegion &region, llvm::raw_ostream &out, const InsnText &insnText);

/// The same for all of a module, which LLVM's tools can read.
void printModule(const llvm::Module &module, llvm::ArrayRef<LiftedRegion> regions, llvm::raw_ostream &out,
                 const InsnText &insnText);

} // namespace dbt

#endif
