//===- EmitX87.cpp - x87 instructions as the host's own -------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// On a host that has the unit, compiled code keeps the guest's whole x87 state in it
// and each instruction is the host's (docs/X87.md). Nothing else in a region may use
// the unit: no IR of type x86_fp80.

#include "Lift/Emitter.h"
#include "Lift/RegionBuilder.h"
#include "Semantics/X87Spec.h"

#include "llvm/IR/InlineAsm.h"

using namespace llvm;

namespace dbt::lift {

namespace {

/// The assembler's names of what works on memory, by escape opcode and reg field.
constexpr const char *MemoryMnemonics[8][8] = {
    {"fadds", "fmuls", "fcoms", "fcomps", "fsubs", "fsubrs", "fdivs", "fdivrs"},
    {"flds", nullptr, "fsts", "fstps", nullptr, "fldcw", nullptr, "fnstcw"},
    {"fiaddl", "fimull", "ficoml", "ficompl", "fisubl", "fisubrl", "fidivl", "fidivrl"},
    {"fildl", "fisttpl", "fistl", "fistpl", nullptr, "fldt", nullptr, "fstpt"},
    {"faddl", "fmull", "fcoml", "fcompl", "fsubl", "fsubrl", "fdivl", "fdivrl"},
    {"fldl", "fisttpll", "fstl", "fstpl", nullptr, nullptr, nullptr, "fnstsw"},
    {"fiadds", "fimuls", "ficoms", "ficomps", "fisubs", "fisubrs", "fidivs", "fidivrs"},
    {"filds", "fisttps", "fists", "fistps", "fbld", "fildll", "fbstp", "fistpll"}};

unsigned escapeOf(const X87Spec &spec) { return spec.encoding >> 8; }
unsigned modrmOf(const X87Spec &spec) { return spec.encoding & 0xff; }

/// Of ST(i)'s number nothing.
enum : unsigned {
  Fldcw = 0xd928,
  Fninit = 0xdbe3,
  FnstswAx = 0xdfe0,
  Fcomi = 0xdbf0,
  Fucomi = 0xdbe8,
  Fcomip = 0xdff0,
  Fucomip = 0xdfe8,
};

bool setsFlags(const X87Spec &spec) {
  const unsigned group = spec.encoding & 0xfff8;
  return group == Fcomi || group == Fucomi || group == Fcomip || group == Fucomip;
}
/// DA C0 to DA DF and DB C0 to DB DF: by B, E, BE or U, and by their opposites.
bool isFcmov(const X87Spec &spec) { return (spec.encoding & 0xfee0) == 0xdac0; }
Cond conditionOf(const X87Spec &spec) {
  static constexpr Cond Conditions[2][4] = {{Cond::B, Cond::E, Cond::BE, Cond::P}, {Cond::AE, Cond::NE, Cond::A, Cond::NP}};
  return Conditions[escapeOf(spec) & 1][modrmOf(spec) >> 3 & 3];
}

std::string bytes(unsigned escape, unsigned modrm) { return ".byte " + std::to_string(escape) + ", " + std::to_string(modrm); }

/// Instructions stay in order, for each reads and writes the unit's state; of memory
/// they touch their operand only.
CallInst *assemble(RegionBuilder &b, Type *result, ArrayRef<Value *> operands, const Twine &text, const char *constraints,
                   MemoryEffects effects = MemoryEffects::inaccessibleMemOnly()) {
  SmallVector<Type *, 1> types;
  for (Value *operand : operands)
    types.push_back(operand->getType());
  auto *type = FunctionType::get(result, types, false);
  CallInst *call = b.ir.CreateCall(InlineAsm::get(type, text.str(), constraints, true), operands);
  call->setMemoryEffects(effects);
  call->setDoesNotThrow();
  return call;
}

/// \p text, which ends where its operand in memory comes, on that at \p at.
void assembleOnMemory(RegionBuilder &b, const X87Spec &spec, const char *mnemonic, Value *at) {
  IRBuilder<> &ir = b.ir;
  const bool loads = spec.loads != 0;
  // Where the order of accesses is seen by others, or must be as it is for a fault,
  // it is one with all other memory.
  const bool ordered = b.request.multiThreaded || b.request.exact;
  const MemoryEffects effects = ordered ? MemoryEffects::unknown()
                                        : MemoryEffects::inaccessibleMemOnly() |
                                              MemoryEffects::argMemOnly(loads ? ModRefInfo::Ref : ModRefInfo::Mod);
  Value *pointer = ir.CreateIntToPtr(at, ir.getPtrTy());
  CallInst *call = assemble(b, ir.getVoidTy(), {pointer}, Twine(mnemonic) + " $0", loads ? "*m" : "=*m", effects);
  Type *operand = ArrayType::get(ir.getInt8Ty(), loads ? spec.loads : spec.stores);
  call->addParamAttr(0, Attribute::get(b.context, Attribute::ElementType, operand));
  if (!ordered)
    b.markGuestAccess(call);
}

Value *isInMemory(RegionBuilder &b) {
  return b.ir.CreateICmpEQ(b.loadField(b.ir.getInt8Ty(), offsetof(CpuState, x87InHost)), b.ir.getInt8(0));
}

CallInst *callHost(RegionBuilder &b, const char *name, Type *result) {
  IRBuilder<> &ir = b.ir;
  FunctionCallee callee = b.module.getOrInsertFunction(name, FunctionType::get(result, {ir.getPtrTy()}, false));
  auto *function = cast<Function>(callee.getCallee());
  function->setCallingConv(CallingConv::PreserveMost);
  function->setDoesNotThrow();
  CallInst *call = ir.CreateCall(callee, {b.loadField(ir.getPtrTy(), offsetof(CpuState, self))});
  call->setCallingConv(CallingConv::PreserveMost);
  return call;
}

/// From here on the unit has the guest's state. A state with unmasked exceptions is
/// the interpreter's.
void enter(RegionBuilder &b) {
  if (b.x87InHost)
    return;
  IRBuilder<> &ir = b.ir;
  BasicBlock *away = b.newBlock("x87.enter"), *unmasked = b.newBlock("x87.unmasked"), *on = b.newBlock("");
  b.expect(isInMemory(b), away, on);
  ir.SetInsertPoint(away);
  Value *entered = callHost(b, RegionAbi::X87Enter, ir.getInt8Ty());
  b.expect(ir.CreateICmpEQ(entered, ir.getInt8(0)), unmasked, on);
  ir.SetInsertPoint(unmasked);
  b.leave(ExitReason::Interpret, b.insn->pc);
  b.terminated = false;
  ir.SetInsertPoint(on);
  b.x87InHost = true;
  b.inMmx = false;
}

/// FLDCW. A word that unmasks an exception is the interpreter's.
void loadControl(RegionBuilder &b, Value *word) {
  IRBuilder<> &ir = b.ir;
  constexpr uint64_t Exceptions = 0x3f;
  BasicBlock *unmasks = b.newBlock("x87.unmasks"), *on = b.newBlock("");
  b.expect(ir.CreateICmpNE(ir.CreateAnd(word, Exceptions), ir.getInt16(Exceptions)), unmasks, on);
  ir.SetInsertPoint(unmasks);
  b.leave(ExitReason::Interpret, b.insn->pc);
  b.terminated = false;
  ir.SetInsertPoint(on);
  // From memory that nobody else writes: the state's own word is out of date now.
  constexpr uint64_t Offset = offsetof(CpuState, x87) + offsetof(X87State, control);
  b.storeField(word, Offset);
  Value *self = b.loadField(ir.getPtrTy(), offsetof(CpuState, self));
  CallInst *call = assemble(b, ir.getVoidTy(), {ir.CreateConstGEP1_64(ir.getInt8Ty(), self, Offset)}, "fldcw $0", "*m",
                            MemoryEffects::unknown());
  call->addParamAttr(0, Attribute::get(b.context, Attribute::ElementType, ir.getInt16Ty()));
}

/// What FNSTENV shows of the last instruction.
void remember(RegionBuilder &b, Value *ip, Value *opcode, Value *dp) {
  constexpr uint64_t Start = offsetof(CpuState, x87);
  b.storeFieldOver(b.x87Ip, ip, Start + offsetof(X87State, ip));
  b.storeFieldOver(b.x87Opcode, opcode, Start + offsetof(X87State, opcode));
  if (dp)
    b.storeFieldOver(b.x87Dp, dp, Start + offsetof(X87State, dp));
}

} // namespace

/// The other way, for what works on memory's state.
void Emitter::x87ToMemory() {
  if constexpr (!host::RunsX87)
    return;
  IRBuilder<> &ir = b.ir;
  BasicBlock *away = b.newBlock("x87.leave"), *on = b.newBlock("");
  b.expect(ir.CreateNot(isInMemory(b)), away, on);
  ir.SetInsertPoint(away);
  callHost(b, RegionAbi::X87Leave, ir.getVoidTy());
  ir.CreateBr(on);
  ir.SetInsertPoint(on);
  b.x87InHost = false;
}

void Emitter::x87(const X87Spec &spec) {
  IRBuilder<> &ir = b.ir;
  const bool onMemory = spec.loads || spec.stores;
  const char *mnemonic = onMemory ? MemoryMnemonics[escapeOf(spec) - 0xd8][modrmOf(spec) >> 3] : nullptr;
  if (!spec.encoding || (onMemory && !mnemonic))
    return b.refuse();
  enter(b);
  const std::string text = bytes(escapeOf(spec), modrmOf(spec));
  Value *at = onMemory ? address() : nullptr;
  if (spec.encoding == Fldcw) {
    loadControl(b, load(16, at));
  } else if (onMemory) {
    b.beforeFault();
    b.mayStore = spec.stores != 0;
    assembleOnMemory(b, spec, mnemonic, at);
  } else if (spec.encoding == FnstswAx) {
    writeReg(16, Reg::Rax, assemble(b, ir.getInt16Ty(), {}, "fnstsw %ax", "={ax}"));
  } else if (setsFlags(spec)) {
    Type *byte = ir.getInt8Ty();
    Value *flags = assemble(b, StructType::get(byte, byte, byte), {}, text, "={@ccc},={@ccp},={@ccz},~{flags}");
    Value *word = ir.getInt64(0);
    unsigned index = 0;
    for (unsigned shift : {0, 2, 6}) // CF, PF, ZF
      word = ir.CreateOr(word, ir.CreateShl(zext(64, ir.CreateExtractValue(flags, index++)), shift));
    setFlags(FlagKind::Literal, 64, word, ir.getInt64(0));
  } else if (isFcmov(spec)) {
    // FCMOVNE by a condition that is in a register.
    Value *c = zext(8, condition(conditionOf(spec)));
    assemble(b, ir.getVoidTy(), {c}, "testb $0, $0\n\t" + bytes(0xdb, 0xc8 | spec.sti), "q,~{flags}");
  } else {
    assemble(b, ir.getVoidTy(), {}, text, "");
    if (spec.encoding == Fninit)
      remember(b, ir.getInt64(0), ir.getInt16(0), ir.getInt64(0));
  }
  if (!spec.control)
    remember(b, ir.getInt64(b.insn->pc), ir.getInt16(spec.encoding & 0x7ff), at);
}

} // namespace dbt::lift
