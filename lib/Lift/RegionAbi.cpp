//===- RegionAbi.cpp - How regions are called -----------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Lift/RegionAbi.h"

#include "Guest/CpuState.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace dbt {

constexpr unsigned CpuAddressSpace = 256; // GS

Type *RegionAbi::vectorType(LLVMContext &c) { return FixedVectorType::get(Type::getInt64Ty(c), 2); }

StructType *RegionAbi::resultType(LLVMContext &c) {
  constexpr const char *Name = "guest";
  if (StructType *known = StructType::getTypeByName(c, Name))
    return known;
  SmallVector<Type *, NumValues> types(FirstVector, Type::getInt64Ty(c));
  types.append(NumVectors, vectorType(c));
  return StructType::create(c, types, Name);
}

FunctionType *RegionAbi::functionType(LLVMContext &c) {
  StructType *result = resultType(c);
  return FunctionType::get(result, result->elements(), false);
}

void RegionAbi::prepare(Function &f) {
  f.setCallingConv(Convention);
  f.addFnAttr(Attribute::NoUnwind);
  for (unsigned i = 0; i < NumTravelling; ++i) {
    static constexpr const char *Names[] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9"};
    f.getArg(i)->setName(Names[i]);
  }
  f.getArg(RipIndex)->setName("rip");
  for (unsigned i = 0; i < NumVectors; ++i)
    f.getArg(FirstVector + i)->setName("xmm" + Twine(i));
}

Value *RegionAbi::field(IRBuilder<> &ir, uint64_t offset) {
  return ConstantExpr::getIntToPtr(ir.getInt64(offset), PointerType::get(ir.getContext(), CpuAddressSpace));
}

std::string RegionAbi::regionName(uint64_t pc) { return "region_" + utohexstr(pc, true); }
std::string RegionAbi::slotName(uint64_t pc) { return "slot_" + utohexstr(pc, true); }

void RegionAbi::defineStubs(Module &module) {
  LLVMContext &c = module.getContext();
  IRBuilder<> ir(c);
  FunctionType *type = functionType(c);

  Function *stub = Function::Create(type, GlobalValue::ExternalLinkage, ExitStub, module);
  prepare(*stub);
  ir.SetInsertPoint(BasicBlock::Create(c, "", stub));
  Value *result = PoisonValue::get(type->getReturnType());
  for (unsigned i = 0; i < NumValues; ++i)
    result = ir.CreateInsertValue(result, stub->getArg(i), i);
  ir.CreateRet(result);

  Function *enter = Function::Create(FunctionType::get(ir.getVoidTy(), {ir.getPtrTy(), ir.getPtrTy()}, false),
                                     GlobalValue::ExternalLinkage, Enter, module);
  enter->addFnAttr(Attribute::NoUnwind);
  ir.SetInsertPoint(BasicBlock::Create(c, "", enter));
  auto place = [&](unsigned i) {
    uint64_t offset = i < NumTravelling  ? offsetof(CpuState, gpr) + 8 * number(Travelling[i])
                      : i == RipIndex    ? offsetof(CpuState, rip)
                                         : offsetof(CpuState, xmm) + 16 * (i - FirstVector);
    return ir.CreateConstGEP1_64(ir.getInt8Ty(), enter->getArg(0), offset);
  };
  SmallVector<Value *, NumValues> arguments;
  for (unsigned i = 0; i < NumValues; ++i)
    arguments.push_back(ir.CreateLoad(type->getParamType(i), place(i)));
  CallInst *call = ir.CreateCall(type, enter->getArg(1), arguments);
  call->setCallingConv(Convention);
  for (unsigned i = 0; i < NumValues; ++i)
    if (i != RipIndex)
      ir.CreateStore(ir.CreateExtractValue(call, i), place(i));
  // A tagged RIP (RegionExit) says that the true one is in CpuState already.
  Value *rip = ir.CreateExtractValue(call, RipIndex);
  Value *tagged = ir.CreateICmpSLT(rip, ir.getInt64(0));
  Value *known = ir.CreateLoad(ir.getInt64Ty(), place(RipIndex));
  ir.CreateStore(ir.CreateSelect(tagged, known, rip), place(RipIndex));
  Value *reasonAt = ir.CreateConstGEP1_64(ir.getInt8Ty(), enter->getArg(0), offsetof(CpuState, regionExit));
  ir.CreateStore(ir.CreateSelect(tagged, rip, ir.getInt64(0)), reasonAt);
  ir.CreateRetVoid();
}

} // namespace dbt
