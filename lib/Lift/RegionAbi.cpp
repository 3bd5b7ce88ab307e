//===- RegionAbi.cpp - How regions are called -----------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Lift/RegionAbi.h"

#include "Guest/CpuState.h"
#include "Guest/ExitReason.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/InlineAsm.h"

using namespace llvm;

namespace dbt {

namespace {
constexpr unsigned CpuAddressSpace = 256; // GS
/// Nothing of the host's lives across a guest call, so regions need save no register.
constexpr const char *NoCalleeSaved = "no_callee_saved_registers";
} // namespace

Type *RegionAbi::vectorType(LLVMContext &c) { return FixedVectorType::get(Type::getInt64Ty(c), 2); }

StructType *RegionAbi::resultType(LLVMContext &c) {
  constexpr const char *Name = "guest";
  if (StructType *known = StructType::getTypeByName(c, Name))
    return known;
  SmallVector<Type *, NumValues> types(FirstVector, Type::getInt64Ty(c));
  types.append(NumVectors, vectorType(c));
  return StructType::create(c, types, Name);
}

FunctionType *RegionAbi::functionType(LLVMContext &c) const {
  Type *word = Type::getInt64Ty(c);
  if (inMemory)
    return FunctionType::get(word, {word}, false);
  StructType *result = resultType(c);
  return FunctionType::get(result, result->elements(), false);
}

Function *RegionAbi::declare(Module &module, StringRef name) const {
  if (Function *known = module.getFunction(name))
    return known;
  Function *f = Function::Create(functionType(module.getContext()), GlobalValue::ExternalLinkage, name, module);
  f->addFnAttr(Attribute::NoUnwind);
  ripArgument(*f)->setName("rip");
  if (inMemory)
    return f;
  f->setCallingConv(CallingConv::X86_RegCall);
  f->addFnAttr(NoCalleeSaved);
  for (unsigned i = 0; i < NumTravelling; ++i) {
    static constexpr const char *Names[] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r12", "r13"};
    f->getArg(i)->setName(Names[i]);
  }
  for (unsigned i = 0; i < NumVectors; ++i)
    f->getArg(FirstVector + i)->setName("xmm" + Twine(i));
  return f;
}

CallInst *RegionAbi::call(IRBuilder<> &ir, Value *code, ArrayRef<Value *> values) const {
  CallInst *call = ir.CreateCall(functionType(ir.getContext()), code, values);
  if (!inMemory) {
    call->setCallingConv(CallingConv::X86_RegCall);
    call->addFnAttr(Attribute::get(ir.getContext(), NoCalleeSaved));
  }
  return call;
}

void RegionAbi::ret(IRBuilder<> &ir, ArrayRef<Value *> values) const {
  if (inMemory) {
    ir.CreateRet(values[0]);
    return;
  }
  Value *result = PoisonValue::get(resultType(ir.getContext()));
  for (unsigned i = 0; i < NumValues; ++i)
    result = ir.CreateInsertValue(result, values[i], i);
  ir.CreateRet(result);
}

void RegionAbi::leave(IRBuilder<> &ir, Module &module, ArrayRef<Value *> values) const {
  CallInst *result = call(ir, declare(module, ExitStub), values);
  result->setTailCallKind(CallInst::TCK_MustTail);
  ir.CreateRet(result);
}

Value *RegionAbi::field(IRBuilder<> &ir, uint64_t offset) {
  return ConstantExpr::getIntToPtr(ir.getInt64(offset), PointerType::get(ir.getContext(), CpuAddressSpace));
}

Value *RegionAbi::isPending(IRBuilder<> &ir) const {
  if (inMemory) { // FastISel has neither atomic loads nor assembly with flags
    LoadInst *pending = ir.CreateAlignedLoad(ir.getInt32Ty(), field(ir, offsetof(CpuState, pending)), Align(4), true, "pending");
    return ir.CreateICmpNE(pending, ir.getInt32(0));
  }
  // A volatile or atomic load would not be folded into the comparison.
  std::string text = "cmpl $$0, %gs:" + std::to_string(offsetof(CpuState, pending));
  CallInst *test = ir.CreateCall(InlineAsm::get(FunctionType::get(ir.getInt8Ty(), false), text, "={@ccne},~{flags}", true), {}, "pending");
  test->setMemoryEffects(MemoryEffects::inaccessibleMemOnly());
  test->setDoesNotThrow();
  return ir.CreateICmpNE(test, ir.getInt8(0));
}

std::string RegionAbi::regionName(uint64_t pc) { return "region_" + utohexstr(pc, true); }
std::string RegionAbi::slotName(uint64_t pc) { return "slot_" + utohexstr(pc, true); }

void RegionAbi::defineStubs(Module &module) const {
  LLVMContext &c = module.getContext();
  IRBuilder<> ir(c);
  Function *stub = declare(module, ExitStub);
  ir.SetInsertPoint(BasicBlock::Create(c, "", stub));
  SmallVector<Value *, NumValues> values;
  for (Argument &argument : stub->args())
    values.push_back(&argument);
  ret(ir, values);
  defineEnter(module);
}

void RegionAbi::defineEnter(Module &module) const {
  LLVMContext &c = module.getContext();
  IRBuilder<> ir(c);
  Function *enter = Function::Create(FunctionType::get(ir.getVoidTy(), {ir.getPtrTy(), ir.getPtrTy()}, false),
                                     GlobalValue::ExternalLinkage, Enter, module);
  enter->addFnAttr(Attribute::NoUnwind);
  ir.SetInsertPoint(BasicBlock::Create(c, "", enter));
  auto at = [&](uint64_t offset) { return ir.CreateConstGEP1_64(ir.getInt8Ty(), enter->getArg(0), offset); };
  auto place = [&](unsigned i) {
    return at(i < NumTravelling ? offsetof(CpuState, gpr) + 8 * number(Travelling[i])
              : i == RipIndex   ? offsetof(CpuState, rip)
                                : offsetof(CpuState, xmm) + 16 * (i - FirstVector));
  };
  FunctionType *type = functionType(c);
  SmallVector<Value *, NumValues> values;
  if (inMemory)
    values.push_back(ir.CreateLoad(ir.getInt64Ty(), place(RipIndex)));
  else
    for (unsigned i = 0; i < NumValues; ++i)
      values.push_back(ir.CreateLoad(type->getParamType(i), place(i)));
  CallInst *result = call(ir, enter->getArg(1), values);
  SmallVector<Value *, NumValues> returned;
  if (inMemory)
    returned.push_back(result);
  for (unsigned i = 0; i < NumValues && !inMemory; ++i) {
    returned.push_back(ir.CreateExtractValue(result, i));
    if (i != RipIndex)
      ir.CreateStore(returned[i], place(i));
  }
  // Where a region has left for a reason (LeaveRip) the true RIP is in CpuState already.
  Value *rip = returnedRip(returned);
  Value *reason = ir.CreateLoad(ir.getInt32Ty(), at(offsetof(CpuState, exitReason)));
  Value *tagged = ir.CreateICmpNE(reason, ir.getInt32(static_cast<uint32_t>(ExitReason::Lookup)));
  Value *known = ir.CreateLoad(ir.getInt64Ty(), place(RipIndex));
  ir.CreateStore(ir.CreateSelect(tagged, known, rip), place(RipIndex));
  ir.CreateRetVoid();
}

} // namespace dbt
