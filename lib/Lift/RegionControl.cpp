//===- RegionControl.cpp - How control moves in a region and leaves it ----===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Lift/RegionBuilder.h"
#include "Lift/StateMasks.h"

#include "llvm/IR/CFG.h"
#include "llvm/IR/MDBuilder.h"

using namespace llvm;

namespace dbt::lift {

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
    exits.push_back({block, Exit::Jump, pc, {}, ExitReason::Interpret, Trap::None, callee});
  }
  return block;
}

BasicBlock *RegionBuilder::exitBlockReturning(uint64_t pc) {
  BasicBlock *block = newBlock("leave_" + Twine::utohexstr(pc));
  exits.push_back({block, Exit::Leave, pc, {ir.getInt64(pc)}, ExitReason::Interpret, Trap::None});
  return block;
}

void RegionBuilder::returnRip(Value *rip) {
  terminated = true;
  if (current->callee)
    returnInside(rip, returnsOf[current->callee]);
  exits.push_back({ir.GetInsertBlock(), Exit::Return, 0, {rip}, ExitReason::Interpret, Trap::None});
}

bool RegionBuilder::isGuestWritable(uint64_t pc) const {
  return any_of(request.blocks, [pc](const CfgBlock &block) { return block.pc == pc && block.guestWritable; });
}

void RegionBuilder::returnInside(Value *rip, ArrayRef<uint64_t> returns) {
  for (uint64_t pc : returns) {
    BasicBlock *back = newBlock("back"), *elsewhere = newBlock("elsewhere");
    expect(ir.CreateICmpNE(rip, ir.getInt64(pc)), elsewhere, back);
    ir.SetInsertPoint(back);
    if (request.exact)
      storeField(ir.getInt64(pc), offsetof(CpuState, rip));
    // What was called may have changed the code that follows.
    if (isGuestWritable(pc)) {
      BasicBlock *unchanged = newBlock("unchanged");
      expect(abi.isPending(ir), exitBlockReturning(pc), unchanged);
      ir.SetInsertPoint(unchanged);
    }
    ir.CreateBr(blocks.count(pc) ? edge(pc) : exitTo(pc, 0));
    ir.SetInsertPoint(elsewhere);
  }
}

void RegionBuilder::tailCall(Value *code, Value *rip) {
  terminated = true;
  exits.push_back({ir.GetInsertBlock(), Exit::TailCall, 0, {rip, code}, ExitReason::Interpret, Trap::None, current->callee});
}

void RegionBuilder::leave(ExitReason exit, uint64_t pc, Trap trap) {
  terminated = true;
  exits.push_back({ir.GetInsertBlock(), Exit::Tagged, pc, {}, exit, trap});
}

void RegionBuilder::refuse() {
  if (lifted.refused.empty() || lifted.refused.back() != insn->pc)
    lifted.refused.push_back(insn->pc);
  leave(ExitReason::Interpret, insn->pc);
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
  return loadSlot(slotNamed(RegionAbi::slotName(pc)));
}

Value *RegionBuilder::slotNamed(const Twine &name) {
  auto *slot = cast<GlobalVariable>(module.getOrInsertGlobal(name.str(), ir.getPtrTy()));
  slot->setDSOLocal(true); // code and slots are within 32-bit addresses of each other
  return slot;
}

Value *RegionBuilder::loadSlot(Value *slot) {
  // A plain load, which becomes the transfer's operand. Others store to slots, but none
  // is read twice without a call or an exit between.
  return ir.CreateAlignedLoad(ir.getPtrTy(), slot, Align(8), "code");
}

Value *RegionBuilder::probe(Value *target) {
  Value *table = loadField(ir.getPtrTy(), offsetof(CpuState, regionTable));
  // An entry has 16 bytes: the index is in place but for one bit.
  static_assert(sizeof(RegionTable::Entry) == 2 << RegionTable::Shift);
  Value *offset = ir.CreateAnd(ir.CreateShl(target, 1), (RegionTable::Size - 1) * sizeof(RegionTable::Entry));
  Value *at = ir.CreateGEP(ir.getInt8Ty(), table, offset);
  Value *pc = ir.CreateLoad(ir.getInt64Ty(), at);
  Value *slot = ir.CreateLoad(ir.getPtrTy(), ir.CreateConstGEP1_64(ir.getInt8Ty(), at, 8));
  return loadSlot(ir.CreateSelect(ir.CreateICmpEQ(pc, target), slot, slotNamed(RegionAbi::EmptySlot)));
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
      if (exit.reason != ExitReason::Syscall)
        addToCount(-1); // it has not been done
      storeField(ir.getInt64(exit.pc), offsetof(CpuState, rip));
      storeField(ir.getInt32(static_cast<uint32_t>(exit.reason)), offsetof(CpuState, exitReason));
      if (exit.trap != Trap::None)
        storeField(ir.getInt8(static_cast<uint8_t>(exit.trap)), offsetof(CpuState, trap));
      rip = ir.getInt64(LeaveRip);
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
