//===- RegionLog.cpp - -d of regions --------------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Jit/RegionLog.h"

#include "Decode/CfgDot.h"
#include "Jit/Engine.h"
#include "Jit/Listing.h"
#include "Lift/Passes.h"
#include "Lift/RegionAbi.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace dbt {

void RegionLog::ir(uint32_t item, RegionSource &source, const RegionRequest &request, const LiftedRegion &region) {
  if (!options.log->wants(item, request.entry))
    return;
  std::string text = std::string(item == log::Ir ? "ir" : "ir_opt") + ": dbt-lift " + source.liftOptions(request) + "\n";
  raw_string_ostream out(text);
  printRegion(region, out, [&](uint64_t pc) { return source.insnText(pc); });
  options.log->write(text);
}

void RegionLog::failure(const RegionRequest &request, Error error) {
  if (options.log->wants(log::Tier, request.entry))
    options.log->write("tier: cannot compile: " + toString(std::move(error)) + "\n");
  else
    consumeError(std::move(error));
}

void RegionLog::graph(RegionSource &source, const RegionRequest &request) {
  if (options.log->wants(log::Dot, request.entry))
    options.log->write(cfgDot(RegionAbi::regionName(request.entry), request.blocks, request.entries,
                              [&](uint64_t pc) { return source.insnText(pc); }));
}

void RegionLog::guestCode(RegionSource &source, const RegionRequest &request) {
  std::string text = "in_asm: " + RegionAbi::regionName(request.entry) + "\n";
  for (const CfgBlock &block : request.blocks)
    for (const Insn &insn : block.insns)
      text += "  " + utohexstr(insn.pc, true) + ":\t" + source.insnText(insn.pc) + "\n";
  options.log->write(text);
}

/// The region is lifted and compiled once more for this, with debug lines, which
/// change nothing of the code.
Expected<std::string> RegionLog::hostCode(RegionSource &source, RegionRequest request, CodeGenOptLevel level,
                                          bool sideBySide) {
  auto machine = hostTargetMachine(level);
  if (!machine)
    return machine.takeError();
  // In the syntax of the guest's column.
  (*machine)->Options.MCOptions.OutputAsmVariant = 1;
  LLVMContext context;
  Module module("listing", context);
  module.setDataLayout((*machine)->createDataLayout());
  module.setTargetTriple((*machine)->getTargetTriple());
  request.lines = true;
  auto lifted = liftRegion(module, request);
  if (!lifted)
    return lifted.takeError();
  optimise(module, options.policy.level(), machine->get());
  const std::vector<HostLine> host = hostLines(module, **machine, RegionAbi::regionName(request.entry));
  return sideBySide ? listSideBySide(*lifted, host, [&](uint64_t pc) { return source.insnText(pc); }) : listHost(host);
}

void RegionLog::code(RegionSource &source, const RegionRequest &request, CodeGenOptLevel level) {
  const bool guest = options.log->wants(log::InAsm, request.entry), host = options.log->wants(log::OutAsm, request.entry);
  if (!host) {
    if (guest)
      guestCode(source, request);
    return;
  }
  Expected<std::string> text = hostCode(source, request, level, guest);
  if (!text) {
    consumeError(text.takeError()); // the compiler says it
    return;
  }
  options.log->write((guest ? "in_asm,out_asm: " : "out_asm: ") + RegionAbi::regionName(request.entry) + "\n" + *text);
}

} // namespace dbt
