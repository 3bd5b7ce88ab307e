//===- RegionAbi.h - How regions are called ---------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Everything that is the host's business in a region's shape: which guest
// registers travel in host registers and how CpuState is reached. On x86-64:
//
//   x86_regcallcc { 11 x i64, 2 x <2 x i64> } region(11 x i64, 2 x <2 x i64>)
//
// which LLVM passes and returns in registers. The first ten are the travelling
// general-purpose registers, the eleventh is RIP, then XMM0 and XMM1, in which
// programs pass most arguments and return all results. Each vector more costs code
// generation 3 %: every call and exit names it. CpuState is at GS:0 (address space
// 256).
//
// Regions for quick compilation (RegionRequest::inMemory) are i64 region(i64): RIP
// in, RIP out, and all else stays in CpuState. A process has regions of one kind.
//===----------------------------------------------------------------------===//
#ifndef DBT_LIFT_REGIONABI_H
#define DBT_LIFT_REGIONABI_H

#include "Guest/Reg.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

namespace dbt {

struct RegionAbi {
  explicit RegionAbi(bool inMemory) : inMemory(inMemory) {}
  const bool inMemory;

  // What calls pass, return and leave alone most often.
  static constexpr Reg Travelling[] = {Reg::Rax, Reg::Rcx, Reg::Rdx, Reg::Rbx, Reg::Rsp,
                                       Reg::Rbp, Reg::Rsi, Reg::Rdi, Reg::R12, Reg::R13};
  static constexpr unsigned NumTravelling = 10;
  static constexpr unsigned RipIndex = NumTravelling, FirstVector = NumTravelling + 1, NumVectors = 2;
  static constexpr unsigned NumValues = FirstVector + NumVectors;

  /// The index of a travelling register among a region's values, or -1.
  static constexpr int indexOf(Reg r) {
    for (unsigned i = 0; i < NumTravelling; ++i)
      if (Travelling[i] == r)
        return static_cast<int>(i);
    return -1;
  }

  static llvm::Type *vectorType(llvm::LLVMContext &c);
  llvm::FunctionType *functionType(llvm::LLVMContext &c) const;
  llvm::Function *declare(llvm::Module &module, llvm::StringRef name) const;
  llvm::CallInst *call(llvm::IRBuilder<> &ir, llvm::Value *code, llvm::ArrayRef<llvm::Value *> values) const;
  /// The RIP that a region is given, and the one that it returned.
  llvm::Value *ripArgument(llvm::Function &f) const { return f.getArg(inMemory ? 0 : RipIndex); }
  llvm::Value *returnedRip(llvm::ArrayRef<llvm::Value *> values) const { return values[inMemory ? 0 : RipIndex]; }
  /// Ends a region; \p values as its arguments.
  void ret(llvm::IRBuilder<> &ir, llvm::ArrayRef<llvm::Value *> values) const;
  /// The same by way of the exit stub, for ways out that are rare: one instruction
  /// instead of one a value.
  void leave(llvm::IRBuilder<> &ir, llvm::Module &module, llvm::ArrayRef<llvm::Value *> values) const;
  /// Whether CpuState::pending is not zero, now.
  llvm::Value *isPending(llvm::IRBuilder<> &ir) const;
  /// The address of a CpuState field.
  static llvm::Value *field(llvm::IRBuilder<> &ir, uint64_t offset);

  /// Names of what generated code refers to.
  static std::string regionName(uint64_t pc);
  static std::string slotName(uint64_t pc);
  static constexpr const char *StatusFlags = "dbt_status_flags"; ///< i64 (i64 op, i64 a, i64 b)
  static constexpr const char *DepositBits = "dbt_deposit_bits"; ///< i64 (i64 v, i64 mask), as ExtractBits
  static constexpr const char *ExtractBits = "dbt_extract_bits";
  static constexpr const char *X87Enter = "dbt_x87_enter"; ///< preserve_mostcc i8 (CpuState *): host::x87Enter
  static constexpr const char *X87Leave = "dbt_x87_leave"; ///< preserve_mostcc void (CpuState *): host::x87Leave
  static constexpr const char *HelperPrefix = "dbt_helper_";
  static constexpr const char *ExitStub = "dbt_exit_stub";
  static constexpr const char *EmptySlot = "dbt_empty_slot"; ///< a slot that leads to the exit stub
  static constexpr const char *Enter = "dbt_enter"; ///< void (CpuState *, entry)

  /// Defines the exit stub, which returns its arguments, and the function that
  /// enters a region from C++ with CpuState's registers and stores what it returns.
  void defineStubs(llvm::Module &module) const;

private:
  static llvm::StructType *resultType(llvm::LLVMContext &c);
  void defineEnter(llvm::Module &module) const;
};

} // namespace dbt

#endif
