//===- RegionBuilder.cpp - The IR function that a region becomes ----------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Lift/RegionBuilder.h"

#include "Decode/Nondeterminism.h"
#include "Lift/Lanes.h"
#include "Lift/LiftEntry.h"
#include "Lift/Opaque.h"
#include "Lift/Rows.h"

#include "llvm/IR/CFG.h"
#include "llvm/IR/MDBuilder.h"

using namespace llvm;

namespace dbt::lift {

namespace {
constexpr const char *RegNames[] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                    "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};

bool travels(unsigned n) { return RegionAbi::indexOf(static_cast<Reg>(n)) >= 0; }
constexpr uint64_t gprOffset(unsigned n) { return offsetof(CpuState, gpr) + 8 * n; }
constexpr uint64_t xmmOffset(unsigned n) { return offsetof(CpuState, xmm) + 16 * n; }
constexpr uint64_t upperOffset(unsigned n) { return offsetof(CpuState, ymmHigh) + 16 * n; }
constexpr uint64_t FlagsOffset = offsetof(CpuState, flags);

// The bits of DirtyState.
constexpr DirtyState::Mask gprBit(unsigned n) { return DirtyState::Mask(1) << n; }
constexpr DirtyState::Mask xmmBit(unsigned n) { return DirtyState::Mask(1) << (16 + n); }
constexpr DirtyState::Mask upperBit(unsigned n) { return DirtyState::Mask(1) << (33 + n); }
constexpr DirtyState::Mask FlagsBit = DirtyState::Mask(1) << 32, AllState = ~DirtyState::Mask(0);

DirtyState::Mask travellingState() {
  DirtyState::Mask mask = 0;
  for (Reg r : RegionAbi::Travelling)
    mask |= gprBit(number(r));
  for (unsigned i = 0; i < RegionAbi::NumVectors; ++i)
    mask |= xmmBit(i);
  return mask;
}
} // namespace

RegionBuilder::RegionBuilder(Module &module, const RegionRequest &request, LiftedRegion &lifted)
    : context(module.getContext()), module(module), request(request), lifted(lifted), ir(context), abi(request.inMemory) {
  MDBuilder md(context);
  MDNode *domain = md.createAliasScopeDomain("dbt");
  cpuScope = MDNode::get(context, md.createAliasScope("cpu", domain));
}

void RegionBuilder::build() {
  function = abi.declare(module, RegionAbi::regionName(request.entry));
  lifted.function = function;
  if (request.lines) {
    lines.emplace(*function);
    ir.SetCurrentDebugLocation(lines->at(0)); // every call needs one
  }
  BasicBlock *entry = BasicBlock::Create(context, "entry", function);
  for (const CfgBlock &block : request.blocks) {
    blocks[block.pc] = newBlock("bb_" + Twine::utohexstr(block.pc));
    if (isCall(block.insns.back()))
      for (uint64_t callee : block.targets)
        returnsOf[callee].push_back(block.end());
  }
  findLoops();
  // How many edges of the region lead to each block, for what is known of flags.
  for (const CfgBlock &block : request.blocks) {
    const Insn &last = block.insns.back();
    if (last.flow != Flow::Jump) // a call's return is an edge, too
      ++flagsAtEntry[last.nextPc()].first;
    if (last.flow == Flow::Jump || last.flow == Flow::CondJump)
      ++flagsAtEntry[static_cast<uint64_t>(last.imm)].first;
    for (const std::vector<uint64_t> *targets : {&block.table.targets, &block.targets})
      for (uint64_t target : *targets)
        ++flagsAtEntry[target].first;
  }
  // The functions' returns, and what leaves them otherwise.
  for (const auto &[callee, returns] : returnsOf)
    for (uint64_t pc : returns)
      flagsAtEntry[pc].first += 2;
  ++flagsAtEntry[request.entry].first;
  oneUpperRip = all_of(request.blocks, [this](const CfgBlock &block) { return block.pc >> 32 == request.entry >> 32; });
  for (uint64_t pc : request.entries)
    ++flagsAtEntry[pc].first;
  findUppers();
  ir.SetInsertPoint(entry);
  emitEntry();
  for (const CfgBlock &block : request.blocks)
    emitBlock(block);
  current = nullptr;
  // What the functions' exits lead to may be exits.
  for (const Exit &exit : std::vector(exits))
    if (exit.callee && !calleeExits.count(exit.callee))
      emitCalleeExit(exit.callee);
  finishExits();
}

/// Decides for each vector register, by the instructions of the whole region, whether
/// its upper half matters and travels with the lower one: a loop on 256 bits then has
/// one value for a register, and one on 128 bits does not pay for the rest.
void RegionBuilder::findUppers() {
  if (request.inMemory)
    return;
  auto touch = [this](unsigned n, Upper how) { uppers[n] = std::max(uppers[n], how); };
  for (const CfgBlock &block : request.blocks)
    for (const Insn &i : block.insns) {
      if (zeroesUppers(i))
        for (unsigned n = 0; n < 16; ++n)
          touch(n, Upper::Apart);
      if (!i.has(prefix::Vex))
        continue;
      for (int k = 0; k < i.numOps; ++k)
        if (i.kind[k] == OpKind::Reg && isXmm(i.reg[k]) && (k == 0 || isYmm(i, k)))
          touch(number(i.reg[k]) - number(Reg::Xmm0), isYmm(i, k) ? Upper::Wide : Upper::Apart);
    }
}

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

void RegionBuilder::emitEntry() {
  ripToReturn = ir.CreateAlloca(ir.getInt64Ty(), nullptr, "rip.at");
  codeToEnter = ir.CreateAlloca(ir.getPtrTy(), nullptr, "code.at");
  if (request.inMemory)
    cpu = ir.CreateLoad(ir.getPtrTy(), RegionAbi::field(ir, offsetof(CpuState, self)), "cpu");
  else
    makeAllocas();
  takeArguments(request.exact, [this](unsigned i) { return function->getArg(i); });
  reloadMemoryState();
  // Which entry is wanted: callers pass its address as RIP.
  Value *rip = abi.ripArgument(*function);
  BasicBlock *start = newBlock("start"), *leave = newBlock("leave");
  // Near the end of the host's stack a call becomes a jump by way of the dispatcher,
  // which empties it; and so it does while something is pending (Guest/Pending.h).
  Value *limit = loadField(ir.getInt64Ty(), offsetof(CpuState, entryLimit));
  expect(orLimitReached(ir.CreateICmpULT(hostStackPointer(), limit)), leave, start);
  ir.SetInsertPoint(leave); // nothing has changed yet
  SmallVector<Value *, 32> unchanged;
  for (Argument &argument : function->args())
    unchanged.push_back(&argument);
  abi.leave(ir, module, unchanged);
  ir.SetInsertPoint(start);
  if (request.exact)
    storeField(ir.getInt64(request.entry), offsetof(CpuState, rip));
  if (request.entries.empty()) {
    ir.CreateBr(blocks[request.entry]);
    return;
  }
  SwitchInst *entries = ir.CreateSwitch(rip, blocks[request.entry], static_cast<unsigned>(request.entries.size()));
  for (uint64_t pc : request.entries)
    entries->addCase(ir.getInt64(pc), blocks[pc]);
}

void RegionBuilder::emitBlock(const CfgBlock &block) {
  current = &block;
  ir.SetInsertPoint(blocks[block.pc]);
  auto &[edges, known] = flagsAtEntry[block.pc];
  flags = edges == 1 ? known : FlagDef();
  inMmx = x87InHost = false;
  ripInState = 0;
  tableIndex = nullptr;
  for (const Insn &i : block.insns) {
    emitInsn(i);
    if (terminated)
      return;
    // The store may have changed the code that follows.
    if (block.guestWritable && mayStore) {
      BasicBlock *next = newBlock("");
      expect(orLimitReached(abi.isPending(ir)), exitBlockReturning(i.nextPc()), next);
      ir.SetInsertPoint(next);
    }
  }
  noteFlagsFor(block.end());
  ir.CreateBr(edge(block.end()));
}

void RegionBuilder::emitInsn(const Insn &i) {
  insn = &i;
  terminated = mayStore = false;
  ++lifted.guestInsns;
  lifted.lines.push_back(i.pc);
  if (lines)
    ir.SetCurrentDebugLocation(lines->at(lifted.guestInsns));
  BasicBlock *startBlock = ir.GetInsertBlock();
  Instruction *before = startBlock->empty() ? nullptr : &startBlock->back();
  if (!current->table.targets.empty() && i.pc == current->table.load)
    tableIndex = gpr(current->table.index);
  addToCount(1);
  LiftFn fn = findLift(i, rowName);
  if (!fn || (request.lockstep && isNondeterministic(i))) {
    refuse();
  } else {
    Emitter emitter(*this);
    Machine machine(emitter);
    fn(machine);
  }
  Instruction *first = before ? before->getNextNode() : startBlock->empty() ? nullptr : &startBlock->front();
  if (first)
    lifted.insnStarts[first] = i.pc;
}

//===--- State ---===//

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

//===--- Control ---===//

BasicBlock *RegionBuilder::newBlock(const Twine &name) { return BasicBlock::Create(context, name, function); }

void RegionBuilder::expect(Value *c, BasicBlock *rare, BasicBlock *usual) {
  ir.CreateCondBr(c, rare, usual, MDBuilder(context).createUnlikelyBranchWeights());
}

std::vector<uint64_t> RegionBuilder::successors(const CfgBlock &block, bool throughCalls) const {
  const Insn &last = block.insns.back();
  std::vector<uint64_t> next = block.targets;
  next.insert(next.end(), block.table.targets.begin(), block.table.targets.end());
  if (last.flow == Flow::Jump || last.flow == Flow::CondJump)
    next.push_back(static_cast<uint64_t>(last.imm));
  if (last.flow == Flow::Next || last.flow == Flow::CondJump || (throughCalls && isCall(last)))
    next.push_back(block.end());
  if (last.flow == Flow::Ret && block.callee) {
    const std::vector<uint64_t> &returns = returnsOf.at(block.callee);
    next.insert(next.end(), returns.begin(), returns.end());
  }
  return next;
}

/// What is called by a host call looks at what is pending, or the exit stub does: only
/// other loops must, at one edge each.
void RegionBuilder::findLoops() {
  std::map<uint64_t, const CfgBlock *> byPc;
  for (const CfgBlock &block : request.blocks)
    byPc[block.pc] = &block;
  enum State : uint8_t { New, OnPath, Done };
  std::map<uint64_t, State> states;
  struct Step {
    uint64_t pc;
    std::vector<uint64_t> next;
  };
  std::vector<Step> path;
  auto enter = [&](uint64_t pc) {
    states[pc] = OnPath;
    path.push_back({pc, successors(*byPc[pc], request.lockstep)});
  };
  for (const CfgBlock &root : request.blocks) {
    if (states[root.pc] == New)
      enter(root.pc);
    while (!path.empty()) {
      Step &step = path.back();
      if (step.next.empty()) {
        states[step.pc] = Done;
        path.pop_back();
        continue;
      }
      const uint64_t to = step.next.back();
      step.next.pop_back();
      if (!byPc.count(to))
        continue;
      if (states[to] == OnPath)
        loopEdges.insert({step.pc, to});
      else if (states[to] == New)
        enter(to);
    }
  }
}

BasicBlock *RegionBuilder::edge(uint64_t pc) {
  auto it = blocks.find(pc);
  if (it == blocks.end())
    return exitTo(pc, current->callee);
  if (!current || !loopEdges.count({current->pc, pc}))
    return it->second;
  BasicBlock *&point = safepoints[pc];
  if (!point) {
    point = newBlock("safepoint_" + Twine::utohexstr(pc));
    IRBuilder<>::InsertPointGuard guard(ir);
    ir.SetInsertPoint(point);
    expect(orLimitReached(abi.isPending(ir)), exitBlockReturning(pc), it->second);
  }
  return point;
}

BasicBlock *RegionBuilder::exitTo(uint64_t pc, uint64_t callee) {
  BasicBlock *&block = exitBlocks[{callee, pc}];
  if (!block) {
    block = newBlock("exit_" + Twine::utohexstr(pc));
    exits.push_back({block, Exit::Jump, pc, {}, RegionExit::Interpret, Trap::None, callee});
  }
  return block;
}

BasicBlock *RegionBuilder::exitBlockReturning(uint64_t pc) {
  BasicBlock *block = newBlock("leave_" + Twine::utohexstr(pc));
  exits.push_back({block, Exit::Leave, pc, {ir.getInt64(pc)}, RegionExit::Interpret, Trap::None});
  return block;
}

void RegionBuilder::returnRip(Value *rip) {
  terminated = true;
  if (current->callee)
    returnInside(rip, returnsOf[current->callee]);
  exits.push_back({ir.GetInsertBlock(), Exit::Return, 0, {rip}, RegionExit::Interpret, Trap::None});
}

void RegionBuilder::returnInside(Value *rip, ArrayRef<uint64_t> returns) {
  for (uint64_t pc : returns) {
    BasicBlock *back = newBlock("back"), *elsewhere = newBlock("elsewhere");
    expect(ir.CreateICmpNE(rip, ir.getInt64(pc)), elsewhere, back);
    ir.SetInsertPoint(back);
    if (request.exact)
      storeField(ir.getInt64(pc), offsetof(CpuState, rip));
    ir.CreateBr(blocks.count(pc) ? edge(pc) : exitTo(pc, 0));
    ir.SetInsertPoint(elsewhere);
  }
}

void RegionBuilder::tailCall(Value *code, Value *rip) {
  terminated = true;
  exits.push_back({ir.GetInsertBlock(), Exit::TailCall, 0, {rip, code}, RegionExit::Interpret, Trap::None, current->callee});
}

void RegionBuilder::leave(RegionExit exit, uint64_t pc, Trap trap) {
  terminated = true;
  exits.push_back({ir.GetInsertBlock(), Exit::Tagged, pc, {}, exit, trap});
}

void RegionBuilder::refuse() {
  if (lifted.refused.empty() || lifted.refused.back() != insn->pc)
    lifted.refused.push_back(insn->pc);
  leave(RegionExit::Interpret, insn->pc);
  // What else the body emits is never reached.
  ir.SetInsertPoint(newBlock("unreached"));
  ir.SetInsertPoint(ir.CreateUnreachable());
}

void RegionBuilder::noteFlagsFor(uint64_t pc) {
  auto it = flagsAtEntry.find(pc);
  if (it != flagsAtEntry.end() && it->second.first == 1)
    it->second.second = flags;
}

Value *RegionBuilder::slotEntry(uint64_t pc) {
  lifted.slots.push_back(pc);
  auto *slot = cast<GlobalVariable>(module.getOrInsertGlobal(RegionAbi::slotName(pc), ir.getPtrTy()));
  slot->setDSOLocal(true); // code and slots are within 32-bit addresses of each other
  // A plain load, which becomes the transfer's operand. Others store to slots, but none
  // is read twice without a call or an exit between.
  return ir.CreateAlignedLoad(ir.getPtrTy(), slot, Align(8), "code");
}

Constant *RegionBuilder::exitStub() {
  return abi.declare(module, RegionAbi::ExitStub);
}

Value *RegionBuilder::probe(Value *target) {
  Value *table = loadField(ir.getPtrTy(), offsetof(CpuState, regionTable));
  // An entry has 16 bytes: the index is in place but for one bit.
  static_assert(sizeof(RegionTable::Entry) == 2 << RegionTable::Shift);
  Value *offset = ir.CreateAnd(ir.CreateShl(target, 1), (RegionTable::Size - 1) * sizeof(RegionTable::Entry));
  Value *at = ir.CreateGEP(ir.getInt8Ty(), table, offset);
  Value *pc = ir.CreateLoad(ir.getInt64Ty(), at);
  Value *code = ir.CreateLoad(ir.getPtrTy(), ir.CreateConstGEP1_64(ir.getInt8Ty(), at, 8));
  return ir.CreateSelect(ir.CreateICmpEQ(pc, target), code, exitStub());
}

/// With a jump table (JumpTable.h) a switch over its index, each case of which makes sure
/// that the guest's target is the case's: the table may have changed, or be no table.
void RegionBuilder::jumpIndirect(Value *target) {
  std::map<uint64_t, BasicBlock *> cases;
  const std::vector<uint64_t> &targets = current->table.targets;
  if (tableIndex) {
    BasicBlock *other = newBlock("other");
    SwitchInst *choice = ir.CreateSwitch(tableIndex, other);
    for (size_t i = 0; i < targets.size(); ++i) {
      if (!blocks.count(targets[i]))
        continue;
      BasicBlock *&here = cases[targets[i]];
      if (!here) {
        here = newBlock("case_" + Twine::utohexstr(targets[i]));
        noteFlagsFor(targets[i]);
        ir.SetInsertPoint(here);
        expect(ir.CreateICmpNE(target, ir.getInt64(targets[i])), other, edge(targets[i]));
      }
      choice->addCase(ir.getInt64(i), here);
    }
    ir.SetInsertPoint(other);
  }
  branchIfKnown(target);
  tailCall(probe(target), target);
}

SmallVector<Value *, 32> RegionBuilder::arguments(Value *rip) {
  if (request.inMemory)
    return {rip};
  SmallVector<Value *, 32> values;
  for (Reg r : RegionAbi::Travelling)
    values.push_back(gpr(r));
  values.push_back(rip);
  for (unsigned i = 0; i < RegionAbi::NumVectors; ++i)
    values.push_back(xmm(i));
  return values;
}

/// Or an address near it: FastISel has no read_register.
Value *RegionBuilder::hostStackPointer() {
  if (request.inMemory)
    return ir.CreatePtrToInt(ripToReturn, ir.getInt64Ty());
  Value *name = MetadataAsValue::get(context, MDNode::get(context, MDString::get(context, "rsp")));
  return ir.CreateIntrinsic(Intrinsic::read_register, {ir.getInt64Ty()}, {name});
}

/// To those of the region's blocks that the block's end has been seen to go to.
void RegionBuilder::branchIfKnown(Value *target) {
  for (uint64_t pc : current->targets) {
    BasicBlock *other = newBlock("other");
    noteFlagsFor(pc);
    ir.CreateCondBr(ir.CreateICmpEQ(target, ir.getInt64(pc)), edge(pc), other);
    ir.SetInsertPoint(other);
  }
}

void RegionBuilder::callRegion(Value *target) {
  if (target) {
    branchIfKnown(target);
  } else if (!current->targets.empty()) {
    noteFlagsFor(current->targets[0]);
    ir.CreateBr(edge(current->targets[0]));
    terminated = true;
    return;
  }
  Value *rip = target ? target : ir.getInt64(static_cast<uint64_t>(insn->imm));
  Value *code = target ? probe(target) : slotEntry(static_cast<uint64_t>(insn->imm));
  DirtyState::Mask synced = syncedAtBoundaries();
  if (!target && flagsDeadAt(static_cast<uint64_t>(insn->imm)))
    synced &= ~FlagsBit;
  sync(synced);
  callHost(code, rip, insn->nextPc());
}

/// And on at one of \p returns, or where else the callee returns to.
void RegionBuilder::callHost(Value *code, Value *rip, ArrayRef<uint64_t> returns) {
  CallInst *call = abi.call(ir, code, arguments(rip));
  // In what a region returns nothing is missing from CpuState: it can be returned as it is.
  SmallVector<Value *, 32> values;
  if (request.inMemory)
    values.push_back(call);
  else
    for (unsigned i = 0; i < RegionAbi::NumValues; ++i)
      values.push_back(ir.CreateExtractValue(call, i));
  takeArguments(request.exact, [&](unsigned i) { return values[i]; });
  reloadMemoryState();
  returnInside(abi.returnedRip(values), returns);
  abi.leave(ir, module, values);
  terminated = true;
}

/// An exit from a called function that is part of the region is a call, so that the host's
/// calls and returns stay the guest's: its caller is the region itself.
void RegionBuilder::emitCalleeExit(uint64_t callee) {
  ir.SetInsertPoint(calleeExits[callee] = newBlock("out_of_" + Twine::utohexstr(callee)));
  if (lines)
    ir.SetCurrentDebugLocation(lines->at(0));
  sync(syncedAtBoundaries());
  callHost(ir.CreateLoad(ir.getPtrTy(), codeToEnter, "code"), ir.CreateLoad(ir.getInt64Ty(), ripToReturn, "rip"),
           returnsOf[callee]);
}

/// What leaves by \p block: the instruction that it ends, or that branches to it.
DebugLoc RegionBuilder::exitLocation(const BasicBlock &block) {
  if (!block.empty())
    return block.back().getDebugLoc();
  const_pred_iterator from = pred_begin(&block);
  return from == pred_end(&block) ? DebugLoc() : (*from)->getTerminator()->getDebugLoc();
}

void RegionBuilder::finishExits() {
  for (StoreInst *store : deadStores)
    erase(store);
  auto goTo = [this](BasicBlock *&meeting, const char *name) {
    if (!meeting)
      meeting = newBlock(name);
    ir.CreateBr(meeting);
  };
  for (const Exit &exit : exits) {
    ir.SetInsertPoint(exit.block);
    ir.SetCurrentDebugLocation(exitLocation(*exit.block));
    Value *rip = exit.kind == Exit::Jump ? ir.getInt64(exit.pc) : exit.value.rip;
    switch (exit.kind) {
    case Exit::Jump:
    case Exit::TailCall:
      if (exit.kind == Exit::Jump && flagsDeadAt(exit.pc))
        forgetFlags();
      ir.CreateStore(exit.kind == Exit::Jump ? slotEntry(exit.pc) : exit.value.code, codeToEnter);
      ir.CreateStore(rip, ripToReturn);
      if (exit.callee)
        ir.CreateBr(calleeExits.at(exit.callee));
      else
        goTo(transferBlock, "transfer");
      break;
    case Exit::Return:
      ir.CreateStore(rip, ripToReturn);
      goTo(returnBlock, "return");
      break;
    case Exit::Tagged:
      if (exit.reason != RegionExit::Syscall)
        addToCount(-1); // it has not been done
      storeField(ir.getInt64(exit.pc), offsetof(CpuState, rip));
      storeField(ir.getInt8(1), offsetof(CpuState, leaves));
      if (exit.trap != Trap::None)
        storeField(ir.getInt8(static_cast<uint8_t>(exit.trap)), offsetof(CpuState, trap));
      rip = ir.getInt64(static_cast<uint64_t>(exit.reason));
      [[fallthrough]];
    case Exit::Leave:
      // Each by itself: what only a rare exit needs can then sink into it.
      sync(syncedAtBoundaries());
      abi.leave(ir, module, arguments(rip));
      break;
    }
  }
  if (lines)
    ir.SetCurrentDebugLocation(lines->at(0));
  if (transferBlock)
    emitTransfer();
  if (returnBlock)
    emitReturn();
  if (request.inMemory)
    return;
  fillFlagPlaces();
  dirtyState.forEach(*function, request.exact ? 0 : travellingState(), [this](Instruction *marker, DirtyState::Mask dirty) {
    ir.SetInsertPoint(marker);
    writeBack(dirty);
    erase(marker);
  });
}

/// What begins a guest instruction hands that on: insnStarts must not name what is
/// gone, as its address may come to be another's.
void RegionBuilder::erase(Instruction *dead) {
  auto it = lifted.insnStarts.find(dead);
  if (it != lifted.insnStarts.end()) {
    const uint64_t pc = it->second;
    lifted.insnStarts.erase(it);
    if (Instruction *next = dead->getNextNode())
      lifted.insnStarts.try_emplace(next, pc);
  }
  dead->eraseFromParent();
}

/// All jumps to other regions meet here: each by itself would be as large as a block.
void RegionBuilder::emitTransfer() {
  ir.SetInsertPoint(transferBlock);
  sync(syncedAtBoundaries());
  Value *code = ir.CreateLoad(ir.getPtrTy(), codeToEnter, "code");
  CallInst *call = abi.call(ir, code, arguments(ir.CreateLoad(ir.getInt64Ty(), ripToReturn, "rip")));
  call->setTailCallKind(CallInst::TCK_MustTail);
  ir.CreateRet(call);
}

/// So do all guest returns: what travels is the region's result.
void RegionBuilder::emitReturn() {
  ir.SetInsertPoint(returnBlock);
  sync(syncedAtBoundaries());
  abi.ret(ir, arguments(ir.CreateLoad(ir.getInt64Ty(), ripToReturn, "rip")));
}

} // namespace dbt::lift
