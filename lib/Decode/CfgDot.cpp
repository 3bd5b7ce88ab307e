//===- CfgDot.cpp - A control-flow graph for graphviz ---------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Decode/CfgDot.h"

#include <cinttypes>
#include <cstdio>
#include <map>
#include <set>

namespace dbt {

namespace {

std::string hex(uint64_t value) {
  char text[24];
  std::snprintf(text, sizeof text, "%" PRIx64, value);
  return text;
}

std::string quoted(const std::string &text) {
  std::string result = "\"";
  for (char c : text)
    result += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return result + "\"";
}

class Dot {
public:
  Dot(const std::vector<CfgBlock> &blocks, const std::function<std::string(uint64_t pc)> &insnText) : insnText(insnText) {
    for (const CfgBlock &block : blocks) {
      inside.insert(block.pc);
      if (isCall(block.insns.back()))
        for (uint64_t callee : block.targets)
          returns[callee].insert(block.end());
    }
  }

  void entry(uint64_t pc) {
    const std::string from = "entry_" + hex(pc);
    text += "  " + from + " [shape=oval, label=" + quoted("entry 0x" + hex(pc)) + "];\n  " + from + " -> " + node(pc) + ";\n";
  }

  void block(const CfgBlock &b) {
    // \l ends a line that is set to the left.
    std::string label = "\"";
    for (const Insn &insn : b.insns) {
      const std::string line = quoted(hex(insn.pc) + ": " + insnText(insn.pc));
      label += line.substr(1, line.size() - 2) + "\\l";
    }
    text += "  " + node(b.pc) + " [label=" + label + "\"];\n";
    const Insn &last = b.insns.back();
    const auto target = static_cast<uint64_t>(last.imm);
    switch (last.flow) {
    case Flow::Next:
      return edge(b, last.nextPc(), "");
    case Flow::Jump:
      return edge(b, target, "");
    case Flow::CondJump:
      edge(b, target, "taken");
      return edge(b, last.nextPc(), "");
    case Flow::Call:
      if (!b.targets.empty())
        return edge(b, target, "call");
      out(b, "call 0x" + hex(target), "");
      return edge(b, last.nextPc(), "return");
    case Flow::IndirectCall:
      for (uint64_t to : b.targets)
        edge(b, to, "call");
      out(b, "indirect call", "");
      return edge(b, last.nextPc(), "return");
    case Flow::IndirectJump:
      for (uint64_t to : std::set<uint64_t>(b.table.targets.begin(), b.table.targets.end()))
        edge(b, to, "table");
      for (uint64_t to : b.targets)
        edge(b, to, "seen");
      return out(b, "indirect jump", "");
    case Flow::Ret:
      if (b.callee)
        for (uint64_t to : returns[b.callee])
          edge(b, to, "return");
      return out(b, "return", "");
    case Flow::Trap:
      return out(b, "trap", "");
    case Flow::Syscall:
      return out(b, "system call", "");
    }
  }

  std::string text;

private:
  static std::string node(uint64_t pc) { return "block_" + hex(pc); }

  void edge(const CfgBlock &from, uint64_t to, const std::string &label) {
    if (!inside.count(to))
      return out(from, "exit to 0x" + hex(to), label);
    text += "  " + node(from.pc) + " -> " + node(to) + labelled(label) + ";\n";
  }

  /// A way out of the region: an oval of its own.
  void out(const CfgBlock &from, const std::string &what, const std::string &label) {
    const std::string to = "out_" + std::to_string(++outs);
    text += "  " + to + " [shape=oval, label=" + quoted(what) + "];\n  " + node(from.pc) + " -> " + to + labelled(label) + ";\n";
  }

  static std::string labelled(const std::string &label) { return label.empty() ? "" : " [label=" + quoted(label) + "]"; }

  const std::function<std::string(uint64_t pc)> &insnText;
  std::set<uint64_t> inside;
  std::map<uint64_t, std::set<uint64_t>> returns; ///< of the called functions, by entry
  unsigned outs = 0;
};

} // namespace

std::string cfgDot(const std::string &name, const std::vector<CfgBlock> &blocks, const std::vector<uint64_t> &entries,
                   const std::function<std::string(uint64_t pc)> &insnText) {
  Dot dot(blocks, insnText);
  dot.text = "digraph " + quoted(name) + " {\n  node [shape=box, fontname=monospace];\n";
  dot.entry(blocks.front().pc);
  for (uint64_t pc : entries)
    dot.entry(pc);
  for (const CfgBlock &block : blocks)
    dot.block(block);
  return dot.text + "}\n";
}

} // namespace dbt
