//===- Cfg.cpp - A region's control-flow graph ----------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Decode/Cfg.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

namespace dbt {

namespace {

bool endsBlock(const Insn &insn) { return insn.flow != Flow::Next; }

/// A piece of code under way: first every reachable instruction and every leader, then
/// the blocks.
struct Code {
  std::map<uint64_t, Insn> insns;
  std::set<uint64_t> leaders, writable;
  std::map<uint64_t, JumpTable> tables;                ///< by the jump
  std::map<uint64_t, std::vector<uint64_t>> targets;   ///< by the call or jump
  bool leaves = false;                                 ///< by a jump through a constant pointer
  unsigned callers = 0;                                ///< of a called function

  bool meets(const Code &other) const {
    return std::any_of(insns.begin(), insns.end(), [&](const auto &at) { return other.insns.count(at.first) != 0; });
  }
};

/// The instruction at \p pc and those that lie before it without a gap, as many as a
/// jump table's pattern may take.
std::vector<Insn> pathTo(const std::map<uint64_t, Insn> &insns, uint64_t pc) {
  constexpr size_t Longest = 24;
  std::vector<Insn> path;
  for (auto it = insns.find(pc);; --it) {
    path.insert(path.begin(), it->second);
    if (it == insns.begin() || path.size() == Longest || std::prev(it)->second.nextPc() != it->first)
      return path;
  }
}

class Finder {
public:
  Finder(Decoder &decoder, const CfgSource &source, const CfgLimits &limits)
      : decoder(decoder), source(source), limits(limits) {}

  std::vector<CfgBlock> find(uint64_t entry) {
    region = explore(entry, limits.maxBlocks, limits.maxInsns, false);
    for (auto &[pc, insn] : region.insns)
      if (isCall(insn))
        addCallees(insn);
    std::vector<CfgBlock> blocks = blocksOf(region, 0);
    auto first = std::find_if(blocks.begin(), blocks.end(), [&](const CfgBlock &b) { return b.pc == entry; });
    if (first == blocks.end())
      return {};
    std::rotate(blocks.begin(), first, first + 1);
    for (const auto &[pc, code] : callees)
      for (CfgBlock &block : blocksOf(code, pc))
        blocks.push_back(std::move(block));
    return blocks;
  }

private:
  Code explore(uint64_t entry, unsigned maxBlocks, unsigned maxInsns, bool followTargets);
  void addCallees(const Insn &call);
  bool addCallee(uint64_t pc);
  std::vector<uint64_t> targetsOf(const Code &code, const Insn &site);
  static std::vector<CfgBlock> blocksOf(const Code &code, uint64_t callee);

  Decoder &decoder;
  const CfgSource &source;
  const CfgLimits &limits;
  Code region;
  std::map<uint64_t, Code> callees;
  size_t calleesInsns = 0;
};

Code Finder::explore(uint64_t entry, unsigned maxBlocks, unsigned maxInsns, bool followTargets) {
  Code code;
  code.leaders = {entry};
  std::deque<uint64_t> queue = {entry};
  auto reach = [&](uint64_t pc) {
    if (code.leaders.size() >= maxBlocks || code.leaders.count(pc) || !source.wanted(pc))
      return;
    code.leaders.insert(pc);
    queue.push_back(pc);
  };
  while (!queue.empty()) {
    uint64_t pc = queue.front();
    queue.pop_front();
    const bool isWritable = source.code(pc).guestWritable;
    for (uint64_t at = pc; code.insns.size() < maxInsns;) {
      // Read anew for each: what the reader has in one piece may be a page. A block
      // lies in pages of one kind.
      CodeBytes bytes = source.code(at);
      if (!bytes.size || bytes.guestWritable != isWritable || code.insns.count(at))
        break;
      Insn insn;
      if (!decoder.decode(bytes.data, bytes.size, at, insn))
        break;
      const bool isIndirect = insn.flow == Flow::IndirectJump;
      insn = bound(insn, source.constants);
      code.insns[at] = insn;
      if (isWritable)
        code.writable.insert(at);
      at = insn.nextPc();
      if (!endsBlock(insn))
        continue;
      if (insn.flow == Flow::Jump && isIndirect && !followTargets)
        code.leaves = true; // where a PLT's stub leads to is a function with a region of its own
      else if (insn.flow == Flow::Jump || insn.flow == Flow::CondJump)
        reach(static_cast<uint64_t>(insn.imm));
      if (insn.flow == Flow::IndirectJump) {
        JumpTable table = findJumpTable(pathTo(code.insns, insn.pc), source.code, source.data);
        for (uint64_t target : table.targets)
          reach(target);
        if (table.targets.empty() && followTargets)
          for (uint64_t target : targetsOf(code, insn)) {
            reach(target);
            if (code.leaders.count(target))
              code.targets[insn.pc].push_back(target);
          }
        code.tables[insn.pc] = std::move(table);
      }
      if (insn.flow == Flow::CondJump || isCall(insn))
        reach(at);
      break;
    }
  }
  return code;
}

std::vector<uint64_t> Finder::targetsOf(const Code &code, const Insn &site) {
  if (!source.targets)
    return {};
  std::vector<uint64_t> line = {site.pc};
  for (auto it = code.insns.find(site.pc); it != code.insns.begin();) {
    --it;
    if (it->second.nextPc() != line.back() || endsBlock(it->second))
      break;
    line.push_back(it->first);
  }
  return source.targets(site, line);
}

void Finder::addCallees(const Insn &call) {
  for (uint64_t pc : targetsOf(region, call)) {
    // A direct call is not compared with it.
    if (call.flow == Flow::Call && pc != static_cast<uint64_t>(call.imm))
      continue;
    auto known = callees.find(pc);
    if (known == callees.end()) {
      if (!addCallee(pc))
        continue;
      known = callees.find(pc);
    }
    if (known->second.callers == limits.maxCallers)
      continue;
    ++known->second.callers;
    region.targets[call.pc].push_back(pc);
  }
}

/// A small function that calls nothing: with what its indirect jump leads to, as in a
/// PLT's stub, or without.
bool Finder::addCallee(uint64_t pc) {
  auto fits = [&](const Code &code) {
    const size_t size = code.insns.size();
    if (!size || size > limits.maxCalleeInsns || calleesInsns + size > limits.maxCalleesInsns || !code.writable.empty())
      return false;
    bool ends = code.leaves;
    for (const auto &[at, insn] : code.insns) {
      if (isCall(insn) || insn.flow == Flow::Syscall || insn.flow == Flow::Trap)
        return false;
      ends |= insn.flow == Flow::Ret || insn.flow == Flow::IndirectJump;
    }
    return ends && !code.meets(region) &&
           std::none_of(callees.begin(), callees.end(), [&](const auto &other) { return code.meets(other.second); });
  };
  if (!source.wanted(pc))
    return false;
  for (bool followTargets : {true, false}) {
    // One more than may be: what is cut off is no function.
    Code code = explore(pc, limits.maxBlocks, limits.maxCalleeInsns + 1, followTargets);
    if (!fits(code))
      continue;
    calleesInsns += code.insns.size();
    callees.emplace(pc, std::move(code));
    return true;
  }
  return false;
}

std::vector<CfgBlock> Finder::blocksOf(const Code &code, uint64_t callee) {
  std::vector<CfgBlock> blocks;
  for (uint64_t leader : code.leaders) {
    CfgBlock block{leader, {}, code.writable.count(leader) != 0, {}, callee, {}};
    for (uint64_t at = leader;;) {
      auto it = code.insns.find(at);
      if (it == code.insns.end())
        break;
      block.insns.push_back(it->second);
      at = it->second.nextPc();
      if (endsBlock(it->second) || code.leaders.count(at))
        break;
    }
    if (block.insns.empty())
      continue;
    const uint64_t last = block.insns.back().pc;
    // The index must be seen where the table is read.
    if (auto table = code.tables.find(last); table != code.tables.end() && table->second.load >= leader)
      block.table = table->second;
    if (auto targets = code.targets.find(last); targets != code.targets.end())
      block.targets = targets->second;
    blocks.push_back(std::move(block));
  }
  return blocks;
}

} // namespace

Insn bound(const Insn &insn, const ConstantReader &constants) {
  const std::string_view name = Decoder::mnemonicName(insn.mnemonic);
  const bool isJump = name == "jmp";
  if (!constants || (!isJump && name != "call") || insn.kind[0] != OpKind::Mem || insn.base != Reg::None ||
      insn.index != Reg::None || insn.segment != Reg::None || insn.size[0] != 8)
    return insn;
  const std::optional<uint64_t> target = constants(static_cast<uint64_t>(insn.disp));
  if (!target)
    return insn;
  Insn result = insn;
  result.flow = isJump ? Flow::Jump : Flow::Call;
  result.kind[0] = OpKind::Imm;
  result.imm = static_cast<int64_t>(*target);
  result.disp = 0;
  result.ripRelative = false;
  return result;
}

std::vector<CfgBlock> findCfg(Decoder &decoder, uint64_t entry, const CfgSource &source, const CfgLimits &limits) {
  return Finder(decoder, source, limits).find(entry);
}

} // namespace dbt
