//===- Lists.cpp - What dbt-lift counts ------------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Lists.h"

#include "Lift/InsnLines.h"
#include "Lift/Rows.h"
#include "Semantics/Refused.h"
#include "Semantics/RowIsas.h"

#include "llvm/IR/InstIterator.h"
#include "llvm/Support/Format.h"

#include <algorithm>
#include <map>

using namespace llvm;

namespace dbt {

namespace {

/// Rows of one ISA set.
struct RowSum {
  unsigned rows = 0, implemented = 0;
  void add(bool isImplemented) {
    ++rows;
    implemented += isImplemented;
  }
  void operator+=(const RowSum &other) {
    rows += other.rows;
    implemented += other.implemented;
  }
};

void printSum(const char *what, const RowSum &sum) {
  outs() << format("%-34s %5u of %5u rows (%.1f%%)\n", what, sum.implemented, sum.rows, 100.0 * sum.implemented / sum.rows);
}

} // namespace

void listInsns() {
  std::map<Isa, RowSum> sums;
  lift::liftRows().forEach([&](const LiftEntry &row) {
    const RowInfo &info = row.info;
    const char *how = info.interpreted ? "interpreter" : info.helper ? "helper" : info.isa == Isa::X87 ? "x87" : "IR";
    outs() << format("%-20s %-12s %s", info.name, isaName(info.isa), how);
    if (info.why)
      outs() << ": " << info.why;
    outs() << "\n";
    // A row that has forms of several sets counts for each.
    for (Isa isa : isasOf(info))
      sums[isa].add(true);
  });
  std::vector<std::pair<const char *, RowSum>> refusedSums;
  for (const RefusedSet &refused : RefusedSets) {
    RowSum sum;
    refused.forEach([&](std::string_view name) {
      outs() << format("%-20s %-12s %s\n", std::string(name).c_str(), refused.set, "refused");
      sum.add(false);
    });
    if (sum.rows)
      refusedSums.push_back({refused.set, sum});
  }
  RowSum level;
  outs() << "\n";
  for (const auto &[isa, sum] : sums) {
    const Feature *feature = findFeature(isa);
    printSum(isaName(isa), sum);
    if (!feature || feature->level <= CpuLevel::V3)
      level += sum;
  }
  for (const auto &[set, sum] : refusedSums)
    printSum(set, sum);
  printSum("x86-64-v3, all that it consists of", level);
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
