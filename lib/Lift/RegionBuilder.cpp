//===- RegionBuilder.cpp - The IR function that a region becomes ----------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Lift/RegionBuilder.h"

#include "Decode/Nondeterminism.h"
#include "Lift/LiftEntry.h"
#include "Lift/Rows.h"

#include "llvm/IR/MDBuilder.h"

using namespace llvm;

namespace dbt::lift {

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

/// Whether it is VPCMPISTRM or VPCMPESTRM, whose destination is XMM0 and no operand.
static bool makesStringMask(const Insn &i) {
  if (i.numOps != 3 || i.kind[2] != OpKind::Imm)
    return false;
  const std::string_view name = Decoder::mnemonicName(i.mnemonic);
  return name == "vpcmpistrm" || name == "vpcmpestrm";
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
      if (makesStringMask(i))
        touch(0, Upper::Apart);
      for (int k = 0; k < i.numOps; ++k)
        if (i.kind[k] == OpKind::Reg && isXmm(i.reg[k]) && (k == 0 || isYmm(i, k)))
          touch(number(i.reg[k]) - number(Reg::Xmm0), isYmm(i, k) ? Upper::Wide : Upper::Apart);
    }
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

} // namespace dbt::lift
