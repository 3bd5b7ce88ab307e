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

} // namespace

std::vector<CfgBlock> findCfg(Decoder &decoder, uint64_t entry, const CodeReader &read, const DataReader &readData,
                              const std::function<bool(uint64_t)> &wanted, const CfgLimits &limits) {
  // First every reachable instruction and every leader, then the blocks.
  std::map<uint64_t, Insn> insns;
  std::set<uint64_t> leaders = {entry};
  std::set<uint64_t> writable;
  std::map<uint64_t, JumpTable> tables; // by the jump
  std::deque<uint64_t> queue = {entry};
  auto reach = [&](uint64_t pc) {
    if (leaders.size() >= limits.maxBlocks || leaders.count(pc) || !wanted(pc))
      return;
    leaders.insert(pc);
    queue.push_back(pc);
  };
  while (!queue.empty()) {
    uint64_t pc = queue.front();
    queue.pop_front();
    const bool isWritable = read(pc).guestWritable;
    for (uint64_t at = pc; insns.size() < limits.maxInsns;) {
      // Read anew for each: what the reader has in one piece may be a page. A block
      // lies in pages of one kind.
      CodeBytes code = read(at);
      if (!code.size || code.guestWritable != isWritable || insns.count(at))
        break;
      Insn insn;
      if (!decoder.decode(code.data, code.size, at, insn))
        break;
      insns[at] = insn;
      if (isWritable)
        writable.insert(at);
      at = insn.nextPc();
      if (!endsBlock(insn))
        continue;
      if (insn.flow == Flow::Jump || insn.flow == Flow::CondJump)
        reach(static_cast<uint64_t>(insn.imm));
      if (insn.flow == Flow::IndirectJump) {
        JumpTable table = findJumpTable(pathTo(insns, insn.pc), read, readData);
        for (uint64_t target : table.targets)
          reach(target);
        tables[insn.pc] = std::move(table);
      }
      if (insn.flow == Flow::CondJump || insn.flow == Flow::Call || insn.flow == Flow::IndirectCall)
        reach(at);
      break;
    }
  }
  std::vector<CfgBlock> blocks;
  for (uint64_t leader : leaders) {
    CfgBlock block{leader, {}, writable.count(leader) != 0, {}};
    for (uint64_t at = leader;;) {
      auto it = insns.find(at);
      if (it == insns.end())
        break;
      block.insns.push_back(it->second);
      at = it->second.nextPc();
      if (endsBlock(it->second) || leaders.count(at))
        break;
    }
    if (block.insns.empty())
      continue;
    // The index must be seen where the table is read.
    if (auto table = tables.find(block.insns.back().pc); table != tables.end() && table->second.load >= leader)
      block.table = std::move(table->second);
    blocks.push_back(std::move(block));
  }
  auto first = std::find_if(blocks.begin(), blocks.end(), [&](const CfgBlock &b) { return b.pc == entry; });
  if (first == blocks.end())
    return {};
  std::rotate(blocks.begin(), first, first + 1);
  return blocks;
}

} // namespace dbt
