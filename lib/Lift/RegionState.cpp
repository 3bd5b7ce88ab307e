//===- RegionState.cpp - Where a region has guest state -------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Lift/Lanes.h"
#include "Lift/Opaque.h"
#include "Lift/RegionBuilder.h"
#include "Lift/StateMasks.h"

using namespace llvm;

namespace dbt::lift {

namespace {
constexpr const char *RegNames[] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                    "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};
} // namespace

void RegionBuilder::makeAllocas() {
  for (unsigned i = 0; i < 16; ++i) {
    gprs[i] = ir.CreateAlloca(ir.getInt64Ty(), nullptr, Twine(RegNames[i]) + ".at");
    dirtyState.place(gprs[i], gprBit(i));
  }
  Type *half = RegionAbi::vectorType(context), *whole = FixedVectorType::get(ir.getInt64Ty(), 4);
  for (unsigned i = 0; i < 16; ++i) {
    const bool wide = uppers[i] == Upper::Wide;
    xmms[i] = ir.CreateAlloca(wide ? whole : half, nullptr, (wide ? "ymm" : "xmm") + Twine(i) + ".at");
    dirtyState.place(xmms[i], wide ? xmmBit(i) | upperBit(i) : xmmBit(i));
    if (uppers[i] == Upper::Apart) {
      upperHalves[i] = ir.CreateAlloca(half, nullptr, "upper" + Twine(i) + ".at");
      dirtyState.place(upperHalves[i], upperBit(i));
    }
  }
  static constexpr const char *Names[] = {"flags.op.at", "flags.a.at", "flags.b.at"};
  for (unsigned i = 0; i < 3; ++i) {
    flagWords[i] = ir.CreateAlloca(ir.getInt64Ty(), nullptr, Names[i]);
    dirtyState.place(flagWords[i], FlagsBit);
  }
  makeCounter();
}

/// The travelling registers become value(index among a region's values).
void RegionBuilder::takeArguments(bool inCpuState, function_ref<Value *(unsigned)> value) {
  if (request.inMemory)
    return;
  auto take = [&](unsigned i, Value *place) {
    StoreInst *store = ir.CreateStore(value(i), place);
    if (inCpuState)
      dirtyState.clean(store);
  };
  for (unsigned i = 0; i < RegionAbi::NumTravelling; ++i)
    take(i, gprPlace(number(RegionAbi::Travelling[i])));
  for (unsigned i = 0; i < RegionAbi::NumVectors; ++i)
    takeVector(i, value(RegionAbi::FirstVector + i), inCpuState);
}

Value *RegionBuilder::field(uint64_t offset) {
  return cpu ? ir.CreateConstGEP1_64(ir.getInt8Ty(), cpu, offset) : RegionAbi::field(ir, offset);
}

Value *RegionBuilder::gprPlace(unsigned n) { return request.inMemory ? field(gprOffset(n)) : gprs[n]; }
Value *RegionBuilder::xmmPlace(unsigned n) { return request.inMemory ? field(xmmOffset(n)) : xmms[n]; }
Value *RegionBuilder::flagsPlace(unsigned word) {
  return request.inMemory ? field(FlagsOffset + 8 * word) : flagWords[word];
}

void RegionBuilder::setGpr(Reg r, Value *v) {
  ir.CreateStore(v, gprPlace(number(r)));
  if (!v->hasName() && isa<Instruction>(v))
    v->setName(RegNames[number(r)]);
}

Value *RegionBuilder::upperPlace(unsigned n) { return request.inMemory ? field(upperOffset(n)) : upperHalves[n]; }

Value *RegionBuilder::xmm(unsigned n) {
  if (uppers[n] == Upper::Wide)
    return someLanes(ir, ymm(n), 0, 2);
  return ir.CreateLoad(RegionAbi::vectorType(context), xmmPlace(n));
}

/// Bits 128 to 255, of a register that has them in this region.
Value *RegionBuilder::upper(unsigned n) {
  if (uppers[n] == Upper::Wide)
    return someLanes(ir, ymm(n), 2, 2);
  return ir.CreateLoad(RegionAbi::vectorType(context), upperPlace(n));
}

Value *RegionBuilder::ymm(unsigned n) {
  if (request.inMemory)
    return ir.CreateShuffleVector(xmm(n), upper(n), ArrayRef<int>{0, 1, 2, 3});
  assert(uppers[n] == Upper::Wide);
  return ir.CreateLoad(xmms[n]->getAllocatedType(), xmms[n]);
}

void RegionBuilder::setXmm(unsigned n, Value *v) {
  if (!v->hasName() && isa<Instruction>(v))
    v->setName("xmm" + Twine(n));
  if (uppers[n] == Upper::Wide)
    v = ir.CreateShuffleVector(someLanes(ir, v, 0, 4), ymm(n), ArrayRef<int>{0, 1, 6, 7});
  ir.CreateStore(v, xmmPlace(n));
}

void RegionBuilder::setYmm(unsigned n, Value *v) {
  if (request.inMemory) {
    ir.CreateStore(someLanes(ir, v, 0, 2), xmmPlace(n));
    ir.CreateStore(someLanes(ir, v, 2, 2), upperPlace(n));
    return;
  }
  assert(uppers[n] == Upper::Wide);
  ir.CreateStore(v, xmms[n]);
  if (!v->hasName() && isa<Instruction>(v))
    v->setName("ymm" + Twine(n));
}

void RegionBuilder::zeroUpper(unsigned n) {
  Value *zero = Constant::getNullValue(RegionAbi::vectorType(context));
  if (uppers[n] == Upper::Wide)
    ir.CreateStore(ir.CreateShuffleVector(xmm(n), zero, ArrayRef<int>{0, 1, 2, 3}), xmms[n]);
  else
    ir.CreateStore(zero, upperPlace(n));
}

void RegionBuilder::passVector(unsigned n, function_ref<Value *(Value *)> pass) {
  if (uppers[n] == Upper::Wide)
    setYmm(n, pass(ymm(n)));
  else
    setXmm(n, pass(xmm(n)));
}

void RegionBuilder::takeVector(unsigned n, Value *low, bool inCpuState) {
  auto upperInState = [&] { return loadField(low->getType(), upperOffset(n)); };
  if (uppers[n] == Upper::Apart)
    dirtyState.clean(ir.CreateStore(upperInState(), upperHalves[n]));
  if (uppers[n] == Upper::Wide)
    low = ir.CreateShuffleVector(low, upperInState(), ArrayRef<int>{0, 1, 2, 3});
  StoreInst *store = ir.CreateStore(low, xmms[n]);
  if (inCpuState)
    dirtyState.clean(store);
}

void RegionBuilder::setThunk(Value *op, Value *a, Value *b) {
  // Most flags are never read. Where registers are SSA values, ADCE finds that.
  if (request.inMemory && !thunkStores.empty() && thunkStores[0]->getParent() == ir.GetInsertBlock())
    deadStores.append(thunkStores.begin(), thunkStores.end());
  thunkStores.clear();
  unsigned word = 0;
  for (Value *v : {op, a, b})
    thunkStores.push_back(ir.CreateStore(v, flagsPlace(word++)));
}

RegionBuilder::Thunk RegionBuilder::thunk() {
  forgetThunkStores();
  Type *t = ir.getInt64Ty();
  return {ir.CreateLoad(t, flagsPlace(0), "flags.op"), ir.CreateLoad(t, flagsPlace(1), "flags.a"),
          ir.CreateLoad(t, flagsPlace(2), "flags.b")};
}

Value *RegionBuilder::loadField(Type *type, uint64_t offset) {
  const uint64_t bytes = type->isPointerTy() ? 8 : type->getPrimitiveSizeInBits().getFixedValue() / 8;
  LoadInst *load = ir.CreateAlignedLoad(type, field(offset), Align(std::min<uint64_t>(bytes, 8)));
  load->setMetadata(LLVMContext::MD_alias_scope, cpuScope);
  return load;
}

StoreInst *RegionBuilder::storeField(Value *v, uint64_t offset) {
  StoreInst *store = ir.CreateAlignedStore(v, field(offset), Align(v->getType()->isIntegerTy(64) ? 8 : 1));
  store->setMetadata(LLVMContext::MD_alias_scope, cpuScope);
  if (request.exact)
    store->setVolatile(true); // nothing may move it over what can fault
  return store;
}

void RegionBuilder::storeFieldOver(StoreInst *&last, Value *v, uint64_t offset) {
  // What reads CpuState ends a block, but for a fault.
  if (last && !request.exact && last->getParent() == ir.GetInsertBlock())
    deadStores.push_back(last);
  last = storeField(v, offset);
}

DirtyState::Mask RegionBuilder::syncedAtBoundaries() const {
  // In exact mode the next region, too, is to find all in CpuState: what it does not
  // change it need not store.
  return request.exact ? AllState : AllState & ~travellingState();
}

bool RegionBuilder::flagsDeadAt(uint64_t pc) const {
  // In exact mode a handler may see them, before they are written again; with --check they
  // are compared.
  return !request.inMemory && !request.exact && !request.lockstep && request.flagsDead && request.flagsDead(pc);
}

/// CpuState may have what it likes: another exit that meets this one may store them.
void RegionBuilder::forgetFlags() {
  static constexpr uint64_t None[] = {flagOp(FlagKind::Literal, 64), 0, 0};
  for (unsigned word = 0; word < 3; ++word)
    dirtyState.clean(ir.CreateStore(ir.getInt64(None[word]), flagWords[word]));
}

void RegionBuilder::sync(DirtyState::Mask which) {
  forgetThunkStores();
  storeCount();
  if (!request.inMemory)
    dirtyState.sync(new FreezeInst(ir.getInt64(0), "sync", ir.GetInsertBlock()), which);
}

void RegionBuilder::writeBack(DirtyState::Mask dirty) {
  for (unsigned i = 0; i < 16; ++i)
    if (dirty & gprBit(i))
      storeField(gpr(static_cast<Reg>(i)), gprOffset(i));
  for (unsigned i = 0; i < 16; ++i)
    if (dirty & xmmBit(i))
      storeField(xmm(i), xmmOffset(i));
  for (unsigned i = 0; i < 16; ++i)
    if (dirty & upperBit(i))
      storeField(upper(i), upperOffset(i));
  if (dirty & FlagsBit) {
    Thunk t = thunk();
    storeField(t.op, FlagsOffset);
    storeField(t.a, FlagsOffset + 8);
    storeField(t.b, FlagsOffset + 16);
  }
}

void RegionBuilder::reloadMemoryState() {
  flags = FlagDef();
  if (request.inMemory)
    return;
  auto reload = [this](uint64_t offset, AllocaInst *place) {
    dirtyState.clean(ir.CreateStore(loadField(place->getAllocatedType(), offset), place));
  };
  for (unsigned i = 0; i < 16; ++i)
    if (!travels(i))
      reload(gprOffset(i), gprs[i]);
  for (unsigned i = RegionAbi::NumVectors; i < 16; ++i)
    takeVector(i, loadField(RegionAbi::vectorType(context), xmmOffset(i)), true);
  for (unsigned word = 0; word < 3; ++word)
    reload(FlagsOffset + 8 * word, flagWords[word]);
  defineFlags(FlagDef());
  reloadCount();
}

void RegionBuilder::writeAll() { sync(AllState); }

void RegionBuilder::reloadAll() {
  ripInState = 0;
  reloadMemoryState();
  takeArguments(true, [this](unsigned i) {
    return i < RegionAbi::NumTravelling
               ? loadField(ir.getInt64Ty(), gprOffset(number(RegionAbi::Travelling[i])))
               : loadField(RegionAbi::vectorType(context), xmmOffset(i - RegionAbi::FirstVector));
  });
}

void RegionBuilder::storeRip(uint64_t pc) {
  if (ripInState == pc)
    return;
  // The upper half is there since the region's entry.
  if (oneUpperRip)
    storeField(ir.getInt32(static_cast<uint32_t>(pc)), offsetof(CpuState, rip));
  else
    storeField(ir.getInt64(pc), offsetof(CpuState, rip));
  ripInState = pc;
}

void RegionBuilder::beforeFault() {
  if (!request.exact)
    return;
  sync(AllState);
  storeRip(insn->pc);
}

Value *RegionBuilder::loadedForGood(Value *v) {
  Value *origin = v;
  while (auto *cast = dyn_cast<CastInst>(origin))
    origin = cast->getOperand(0);
  if (!request.exact || !isa<LoadInst>(origin) || !cast<LoadInst>(origin)->isVolatile())
    return v;
  return opaque(ir, v);
}

} // namespace dbt::lift
