//===- dbt-lift.cpp - Prints the IR of x86-64 code ------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "EffectsList.h"
#include "GuestFile.h"
#include "Lists.h"
#include "Options.h"

#include "Decode/CfgDot.h"
#include "Effects/FlagLiveness.h"
#include "Jit/Engine.h"
#include "Lift/Passes.h"
#include "Lift/RegionAbi.h"
#include "Lift/RegionLifter.h"

#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/ToolOutputFile.h"

#include <algorithm>

using namespace dbt;
using namespace llvm;

namespace {

[[noreturn]] void fail(const std::string &message) {
  errs() << "dbt-lift: error: " << message << "\n";
  std::exit(1);
}

struct Unit {
  uint64_t entry;
  uint64_t start, end; ///< blocks are looked for in [start, end)
  std::string name;    ///< the function's, or empty
  bool given = true;   ///< by an option: what has no instruction is an error
};

/// What the options ask to be lifted, by address.
std::vector<Unit> chooseUnits(const GuestFile &file, const LiftOptions &o) {
  std::vector<Unit> units;
  auto ofSymbol = [&](const ElfSymbol &s) {
    units.push_back({s.address, s.address, s.size ? s.address + s.size : ~uint64_t(0), s.name});
  };
  for (const std::string &name : o.functions) {
    auto it = std::find_if(file.symbols.functions.begin(), file.symbols.functions.end(),
                           [&](const ElfSymbol &s) { return s.name == name; });
    if (it == file.symbols.functions.end())
      fail("no function '" + name + "' in the file");
    ofSymbol(*it);
  }
  for (uint64_t entry : o.entries)
    units.push_back({entry, 0, ~uint64_t(0), ""});
  if (o.range) {
    for (const ElfSymbol &s : file.functions())
      if (s.address >= o.range->first && s.address < o.range->second)
        ofSymbol(s);
    if (units.empty())
      units.push_back({o.range->first, o.range->first, o.range->second, ""});
  }
  if (!o.bytes.empty())
    units.push_back({o.address, 0, ~uint64_t(0), ""});
  if (!units.empty())
    return units;
  for (const ElfSymbol &s : file.functions()) {
    ofSymbol(s);
    units.back().given = false;
  }
  if (units.empty())
    fail("the file has no functions; choose with --entry or --range");
  return units;
}

ConstantReader constantsOf(const LiftOptions &o) {
  return [&o](uint64_t slot) {
    auto known = o.constants.find(slot);
    return known == o.constants.end() ? std::nullopt : std::optional(known->second);
  };
}

/// The region of \p unit; without blocks if there is none and that is no error.
RegionRequest findRegion(Decoder &decoder, const GuestFile &file, const Unit &unit, const LiftOptions &o) {
  CfgSource source;
  source.code = [&](uint64_t pc) { return file.read(pc); };
  source.data = [&](uint64_t at, void *to, size_t size) { return file.readData(at, to, size); };
  source.wanted = [&](uint64_t pc) {
    return pc >= unit.start && pc < unit.end && (o.blocks.empty() || o.blocks.count(pc));
  };
  source.targets = [&](const Insn &site, const std::vector<uint64_t> &) {
    auto known = o.targets.find(site.pc);
    return known == o.targets.end() ? std::vector<uint64_t>() : known->second;
  };
  source.constants = constantsOf(o);
  RegionRequest request;
  request.entry = unit.entry;
  request.blocks = findCfg(decoder, unit.entry, source, o.limits);
  if (request.blocks.empty() && unit.given)
    fail("no instruction at 0x" + utohexstr(unit.entry, true));
  if (o.callEntries)
    request.entries = callReturns(request.blocks);
  return request;
}

/// Lifts \p unit into \p module, unless a function of another name has done that.
void liftUnit(Module &module, Decoder &decoder, const GuestFile &file, const Unit &unit, const LiftOptions &o,
              std::vector<LiftedRegion> &regions) {
  if (module.getFunction(RegionAbi::regionName(unit.entry)))
    return;
  RegionRequest request = findRegion(decoder, file, unit, o);
  if (request.blocks.empty())
    return;
  request.exact = o.exact;
  request.countInsns = o.countInsns || o.lockstep;
  request.lockstep = o.lockstep;
  request.inMemory = o.level == 0;
  request.multiThreaded = o.threads;
  request.lines = o.listCosts;
  request.flagsDead = [&](uint64_t pc) {
    return flagsDeadAt(pc, [&](uint64_t at, Insn &out) {
      const CodeBytes code = file.read(at);
      if (!code.size || code.guestWritable || !decoder.decode(code.data, code.size, at, out))
        return false;
      out = bound(out, constantsOf(o));
      return true;
    });
  };
  auto lifted = liftRegion(module, request);
  if (!lifted)
    fail(toString(lifted.takeError()));
  if (!unit.name.empty())
    GlobalAlias::create(unit.name, lifted->function);
  regions.push_back(std::move(*lifted));
}

void emit(Module &module, TargetMachine &machine, const LiftOptions &o, ArrayRef<LiftedRegion> regions,
          const InsnText &insnText, raw_pwrite_stream &out) {
  using Emit = LiftOptions::Emit;
  if (o.emit == Emit::Bc)
    return WriteBitcodeToFile(module, out);
  if (o.emit == Emit::Ll)
    return printModule(module, regions, out, insnText);
  legacy::PassManager passes;
  auto type = o.emit == Emit::Asm ? CodeGenFileType::AssemblyFile : CodeGenFileType::ObjectFile;
  if (machine.addPassesToEmitFile(passes, out, nullptr, type))
    fail("the target cannot emit this kind of file");
  passes.run(module);
}

/// Only what is complete becomes a file.
void writeOutput(const std::string &path, StringRef contents) {
  std::error_code error;
  ToolOutputFile output(path, error, sys::fs::OF_None);
  if (!error) {
    output.os() << contents;
    output.os().flush();
    error = output.os().error();
    output.os().clear_error();
  }
  if (error)
    fail("cannot write '" + path + "': " + errorText(error.value()));
  output.keep();
}

} // namespace

int main(int argc, char **argv) {
  LiftOptions o;
  OptionTable table = liftOptionTable(o);
  Result<ParsedOptions> parsed = table.parse({argv + 1, static_cast<size_t>(argc - 1)});
  if (!parsed)
    fail(parsed.error().message);
  if (o.help || o.helpMarkdown) {
    outs() << (o.help ? table.help() : table.markdown());
    return 0;
  }
  if (o.version) {
    outs() << "dbt-lift " DBT_VERSION "\n";
    return 0;
  }
  if (o.listInsns) {
    listInsns();
    return 0;
  }
  if (parsed->rest.size() != (o.bytes.empty() ? 1u : 0u))
    fail(o.bytes.empty() ? "one FILE is needed, or --bytes" : "--bytes takes no FILE");
  Result<GuestFile> opened = o.bytes.empty() ? GuestFile::open(parsed->rest[0]) : GuestFile::ofBytes(o.bytes, o.address);
  if (!opened)
    fail(opened.error().message);
  const GuestFile &file = *opened;
  if (o.listUnsupported) {
    listUnsupported(file);
    return 0;
  }

  Decoder decoder;
  auto insnText = [&](uint64_t pc) {
    CodeBytes code = file.read(pc);
    return decoder.text(code.data, code.size, pc);
  };
  if (o.listEffects) {
    for (const Unit &unit : chooseUnits(file, o))
      listEffects(findRegion(decoder, file, unit, o).blocks, decoder, file);
    return 0;
  }
  if (o.printDot) {
    std::string text;
    for (const Unit &unit : chooseUnits(file, o))
      if (RegionRequest region = findRegion(decoder, file, unit, o); !region.blocks.empty())
        text += cfgDot(unit.name.empty() ? RegionAbi::regionName(unit.entry) : unit.name, region.blocks, region.entries, insnText);
    writeOutput(o.output, text);
    return 0;
  }

  auto machine = hostTargetMachine(static_cast<CodeGenOptLevel>(o.level));
  if (!machine)
    fail(toString(machine.takeError()));
  LLVMContext context;
  Module module(parsed->rest.empty() ? "bytes" : parsed->rest[0], context);
  module.setDataLayout((*machine)->createDataLayout());
  module.setTargetTriple((*machine)->getTargetTriple());
  std::vector<LiftedRegion> regions;
  for (const Unit &unit : chooseUnits(file, o))
    liftUnit(module, decoder, file, unit, o, regions);
  if (o.stage == LiftOptions::Stage::Opt) {
    optimise(module, o.level, machine->get());
    for (LiftedRegion &region : regions)
      region.insnStarts.clear(); // the passes have replaced what they name
  }
  if (o.listCosts) {
    listCosts(regions, file);
    return 0;
  }
  std::string problem;
  raw_string_ostream problems(problem);
  if (verifyModule(module, &problems))
    fail("the module does not verify: " + problem);
  SmallString<0> text;
  raw_svector_ostream out(text);
  emit(module, **machine, o, regions, insnText, out);
  writeOutput(o.output, text);
  return 0;
}
