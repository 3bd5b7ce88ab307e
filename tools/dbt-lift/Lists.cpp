//===- Lists.cpp - What dbt-lift counts ------------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Lists.h"

#include "Lift/InsnLines.h"
#include "Lift/Rows.h"

#include "llvm/IR/InstIterator.h"
#include "llvm/Support/Format.h"

#include <algorithm>
#include <map>

using namespace llvm;

namespace dbt {

void listInsns(bool markdown) {
  if (markdown)
    outs() << "# Instructions\n\nEvery row of lib/Semantics, under the SDM's mnemonic. What has no row is "
              "SIGILL and a line on stderr. Compiled code does a row by IR of its own or by a call of "
              "the helper that the interpreter uses, too; x87 is the host's own instruction (docs/X87.md); "
              "what says interpreter it hands to that.\n\n| instruction | ISA | tiers | compiled code |\n"
              "|---|---|---|---|\n";
  lift::liftRows().forEach([markdown](const LiftEntry &row) {
    const char *how = row.info.interpreted ? "interpreter" : row.info.helper ? "helper" : row.info.isa == Isa::X87 ? "x87" : "IR";
    if (markdown)
      outs() << "| " << StringRef(row.info.name).upper() << " | " << isaName(row.info.isa) << (row.info.interpreted ? " | interpreter | " : " | both | ") << how << " |\n";
    else
      outs() << format("%-14s %-10s %s\n", row.info.name, isaName(row.info.isa), how);
  });
}

void listUnsupported(const GuestFile &file) {
  std::map<std::string, unsigned> missing;
  uint64_t total = 0, lacking = 0;
  Decoder decoder;
  for (auto [start, end] : file.code())
    for (uint64_t at = start; at < end;) {
      CodeBytes code = file.read(at);
      Insn insn;
      ++total;
      if (!code.size || !decoder.decode(code.data, std::min(code.size, end - at), at, insn)) {
        ++missing["(undecodable)"];
        ++lacking;
        ++at;
        continue;
      }
      if (!canLift(insn)) {
        ++missing[std::string(Decoder::mnemonicName(insn.mnemonic))];
        ++lacking;
      }
      at = insn.nextPc();
    }
  std::vector<std::pair<unsigned, std::string>> sorted;
  for (auto &[name, count] : missing)
    sorted.emplace_back(count, name);
  std::sort(sorted.rbegin(), sorted.rend());
  for (auto &[count, name] : sorted)
    outs() << format("%8u %s\n", count, name.c_str());
  outs() << format("%llu of %llu instructions covered (%.3f%%)\n", static_cast<unsigned long long>(total - lacking),
                   static_cast<unsigned long long>(total), total ? 100.0 * static_cast<double>(total - lacking) / static_cast<double>(total) : 0);
}

void listCosts(ArrayRef<LiftedRegion> regions, const GuestFile &file) {
  struct Cost {
    uint64_t guest = 0, ir = 0;
    double each() const { return guest ? static_cast<double>(ir) / static_cast<double>(guest) : 0; }
  };
  std::map<std::string, Cost> costs;
  Cost total, edges;
  Decoder decoder;
  for (const LiftedRegion &region : regions) {
    std::vector<Cost *> byLine(region.lines.size() + 1, &edges);
    for (size_t i = 0; i < region.lines.size(); ++i) {
      const CodeBytes code = file.read(region.lines[i]);
      Insn insn;
      if (decoder.decode(code.data, code.size, region.lines[i], insn))
        byLine[i + 1] = &costs[std::string(Decoder::mnemonicName(insn.mnemonic))];
      ++byLine[i + 1]->guest;
    }
    for (const Instruction &instruction : instructions(*region.function)) {
      ++byLine[InsnLines::of(instruction)]->ir;
      ++total.ir;
    }
    total.guest += region.lines.size();
  }
  std::vector<std::pair<std::string, Cost>> sorted(costs.begin(), costs.end());
  std::sort(sorted.begin(), sorted.end(), [](auto &a, auto &b) {
    return std::pair(-a.second.each(), a.first) < std::pair(-b.second.each(), b.first);
  });
  outs() << "IR/insn  IR instructions  guest instructions\n";
  auto row = [](const Cost &cost, StringRef name) {
    outs() << format("%7.2f %16llu %19llu  ", cost.each(), static_cast<unsigned long long>(cost.ir),
                     static_cast<unsigned long long>(cost.guest))
           << name << "\n";
  };
  for (const auto &[name, cost] : sorted)
    row(cost, name);
  edges.guest = regions.size();
  row(edges, "(entry and return of a region)");
  row(total, "(all)");
}

} // namespace dbt
