//===- Instructions.cpp - docs/Instructions.md ----------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Instructions.h"

#include "Interp/Interp.h"
#include "Lift/RegionLifter.h"
#include "Semantics/Refused.h"
#include "Semantics/RowIsas.h"
#include "Templates.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

#include <algorithm>
#include <cstdio>

using namespace llvm;

namespace dbt::fuzz {

namespace {

constexpr const char *Head =
    "# Instructions\n\nEvery row of lib/Semantics, under the SDM's mnemonic, and what is known to have none. Compiled code does an "
    "instruction by plain *IR*, by target *intrinsics*, as the *host*'s own instruction where its order, its NaNs or its sticky "
    "flags must be the guest's (x87: docs/X87.md), by a call of the *helper* that the interpreter uses, too, or leaves it to the "
    "*interpreter*; the row says why. System instructions raise their fault.\n\n| instruction | ISA | status | compiled code |\n|---|---|---|---|\n";

constexpr const char *MakersHead =
    "\n# Where Intel's and AMD's processors differ\n\nThe vendor that the guest's CPUID shows decides (`dbt-run -cpu "
    "MODEL,vendor=...`; by default the host's), in every tier. SDM is Intel's manual, APM AMD's.\n\n"
    "| instructions | Intel | AMD | sources |\n|---|---|---|---|\n";

/// How compiled code does the instruction of one region.
const char *howLifted(Function &function) {
  bool intrinsic = false, host = false;
  for (Instruction &i : instructions(function)) {
    auto *call = dyn_cast<CallBase>(&i);
    if (!call)
      continue;
    if (auto *text = dyn_cast<InlineAsm>(call->getCalledOperand()))
      host |= !text->getAsmString().empty();
    else if (auto *called = dyn_cast<IntrinsicInst>(call))
      intrinsic |= Intrinsic::getBaseName(called->getIntrinsicID()).starts_with("llvm.x86.");
  }
  return host ? "host" : intrinsic ? "intrinsic" : "IR";
}

const char *howCompiled(const RowTemplates &row) {
  const RowInfo &info = row.row->info;
  if (info.interpreted)
    return "interpreter";
  if (!row.sample.length)
    return info.helper ? "helper" : "IR";
  LLVMContext context;
  Module module("sample", context);
  RegionRequest request;
  request.entry = row.sample.pc;
  CfgBlock block = {};
  block.pc = row.sample.pc;
  block.insns.push_back(row.sample);
  request.blocks.push_back(std::move(block));
  auto lifted = liftRegion(module, request);
  if (!lifted) {
    consumeError(lifted.takeError());
    return "interpreter";
  }
  return !lifted->refused.empty() ? "interpreter" : !lifted->helpers.empty() ? "helper" : howLifted(*lifted->function);
}

/// A mnemonic's row or rows: of MMX and SSE, or of AVX and AVX2.
struct Entry {
  std::string name;
  const MakersDiffer *makers = nullptr;
  SmallVector<std::string, 2> isas, hows;
};

void addOnce(SmallVectorImpl<std::string> &list, StringRef item) {
  if (!is_contained(list, item))
    list.push_back(item.str());
}

/// Where the two makers' processors differ, a line for the instructions of one difference.
void printMakers(ArrayRef<Entry> entries) {
  std::fputs(MakersHead, stdout);
  std::vector<const MakersDiffer *> printed;
  for (const Entry &entry : entries) {
    if (!entry.makers || is_contained(printed, entry.makers))
      continue;
    printed.push_back(entry.makers);
    std::string names;
    for (const Entry &other : entries)
      if (other.makers == entry.makers)
        names += (names.empty() ? "" : " ") + StringRef(other.name).upper();
    const MakersDiffer &makers = *entry.makers;
    std::printf("| %s | %s | %s | %s |\n", names.c_str(), makers.intel, makers.amd, makers.sources);
  }
}

} // namespace

bool printInstructions() {
  bool explained = true;
  FeatureSet all;
  for (const Feature &feature : allFeatures())
    all[number(feature.isa)] = feature.state != FeatureState::Absent;
  all[number(Isa::Base)] = all[number(Isa::System)] = true;
  setGuestFeatures(all);
  Decoder decoder;
  std::vector<Entry> entries;
  for (const RowTemplates &row : findTemplates(decoder)) {
    const RowInfo &info = row.row->info;
    auto entry = find_if(entries, [&](const Entry &e) { return e.name == info.name; });
    if (entry == entries.end())
      entry = entries.insert(entry, {info.name, nullptr, {}, {}});
    for (Isa isa : isasOf(info))
      addOnce(entry->isas, isaName(isa));
    const StringRef how = howCompiled(row);
    const bool byCode = how != "helper" && how != "interpreter";
    if (byCode == (info.why != nullptr)) {
      errs() << info.name << ": " << how << (byCode ? ", but its row has a reason for something else\n" : ", and its row does not say why\n");
      explained = false;
    }
    if (info.makers)
      entry->makers = info.makers;
    addOnce(entry->hows, (how + (info.why ? Twine(": ") + info.why : Twine())).str());
  }
  std::fputs(Head, stdout);
  for (const Entry &entry : entries) {
    const bool interpreted = entry.hows.size() == 1 && StringRef(entry.hows[0]).starts_with("interpreter");
    std::printf("| %s | %s | %s | %s |\n", StringRef(entry.name).upper().c_str(), join(entry.isas, ", ").c_str(),
                interpreted ? "interpreter only" : "both tiers", join(entry.hows, "; ").c_str());
  }
  for (const RefusedSet &refused : RefusedSets) {
    if (!*refused.names)
      std::printf("| all | %s | refused | |\n", refused.set);
    refused.forEach([&](std::string_view name) {
      std::printf("| %s | %s | refused | |\n", StringRef(name).upper().c_str(), refused.set);
    });
  }
  printMakers(entries);
  return explained;
}

} // namespace dbt::fuzz
