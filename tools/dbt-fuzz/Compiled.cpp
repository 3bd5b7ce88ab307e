//===- Compiled.cpp - Sequences as compiled regions -----------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Guard.h"
#include "Machines.h"

#include "Abi/CpuBase.h"
#include "Guest/FlagsWord.h"
#include "Guest/Host/HostFp.h"
#include "Guest/Host/HostX87.h"
#include "Guest/RegionExit.h"
#include "Guest/RegionTable.h"
#include "Interp/BranchTable.h"
#include "Interp/Interp.h"
#include "Lift/Passes.h"
#include "Lift/RegionAbi.h"
#include "Lift/RegionLifter.h"

#include <dlfcn.h>

using namespace llvm;

namespace dbt::fuzz {

namespace {

CpuState cpu;
RegionTable regionTable = {};
BranchTable branches = {};

uint64_t statusFlagsOf(uint64_t op, uint64_t a, uint64_t b) { return statusFlags({op, a, b}); }

void *helperOf(StringRef row) {
  void *found = nullptr;
  interpRows().forEach([&](const InterpEntry &entry) {
    if (entry.info.helper && row == entry.info.name)
      found = reinterpret_cast<void *>(entry.info.helper);
  });
  return found;
}

} // namespace

/// Code of one -O level: an engine, and the stubs by which regions are entered and left.
struct Compiled::Level {
  unsigned level;
  std::unique_ptr<Engine> engine;
  void *exitStub = nullptr;
  void (*enter)(CpuState &, void *) = nullptr;

  bool inMemory() const { return level == 0; }
  void prepare(Module &module) const {
    module.setDataLayout(engine->targetMachine().createDataLayout());
    module.setTargetTriple(engine->targetMachine().getTargetTriple());
  }
  void *resolve(StringRef name) {
    if (name.starts_with("slot_"))
      return engine->slots(); // one for all
    if (name == RegionAbi::ExitStub)
      return exitStub;
    if (name == RegionAbi::StatusFlags)
      return reinterpret_cast<void *>(&statusFlagsOf);
    if (name == RegionAbi::X87Enter)
      return reinterpret_cast<void *>(&host::x87Enter);
    if (name == RegionAbi::X87Leave)
      return reinterpret_cast<void *>(&host::x87Leave);
    if (name.consume_front(RegionAbi::HelperPrefix))
      return helperOf(name);
    return dlsym(RTLD_DEFAULT, name.str().c_str());
  }
  Error initialise(unsigned n) {
    level = n;
    auto made = Engine::create(static_cast<CodeGenOptLevel>(n), [this](StringRef name) { return resolve(name); });
    if (!made)
      return made.takeError();
    engine = std::move(*made);
    LLVMContext context;
    Module module("stubs", context);
    prepare(module);
    RegionAbi(inMemory()).defineStubs(module);
    auto object = engine->compile(module);
    if (!object)
      return object.takeError();
    auto linked = engine->link(std::move(*object), {RegionAbi::Enter, RegionAbi::ExitStub});
    if (!linked)
      return linked.takeError();
    enter = linked->addresses[0].toPtr<void (*)(CpuState &, void *)>();
    exitStub = linked->addresses[1].toPtr<void *>();
    *static_cast<void **>(engine->slots()) = exitStub;
    return Error::success();
  }
};

Compiled::Level *Compiled::levels[4];

Error Compiled::initialise() {
  setCpuBase(&cpu);
  for (unsigned n = 0; n < 3; ++n) {
    levels[n] = new Level; // as long as the process
    if (Error error = levels[n]->initialise(n))
      return error;
  }
  return Error::success();
}

Compiled::~Compiled() {
  if (linked)
    consumeError(linked->tracker->remove());
}

Expected<std::unique_ptr<Compiled>> Compiled::compile(const std::vector<Sequence> &sequences, const CompileMode &mode) {
  std::unique_ptr<Compiled> compiled(new Compiled);
  compiled->level = levels[mode.level];
  Level &level = *compiled->level;
  LLVMContext context;
  Module module("batch", context);
  level.prepare(module);
  std::vector<std::string> names;
  static unsigned serial = 0; // a name is used once: earlier batches' code may live
  for (const Sequence &sequence : sequences) {
    RegionRequest request;
    request.entry = sequence.start();
    CfgBlock block = {};
    block.pc = sequence.start();
    for (const Sequence::Item &item : sequence.items)
      block.insns.push_back(item.insn);
    request.blocks.push_back(std::move(block));
    request.exact = mode.exact;
    request.multiThreaded = mode.threads;
    request.inMemory = level.inMemory();
    auto lifted = liftRegion(module, request);
    if (!lifted)
      return lifted.takeError();
    names.push_back(("region_" + Twine(serial++)).str() + "_fuzz");
    lifted->function->setName(names.back());
  }
  optimise(module, mode.level, &level.engine->targetMachine());
  auto object = level.engine->compile(module);
  if (!object)
    return object.takeError();
  auto linked = level.engine->link(std::move(*object), names);
  if (!linked)
    return linked.takeError();
  compiled->linked = std::move(*linked);
  return compiled;
}

void Compiled::run(size_t n, State &state, Interpreted &interpreted) {
  cpu = {};
  cpu.self = &cpu;
  cpu.branchTable = &branches;
  cpu.regionTable = &regionTable;
  toCpu(state, cpu);
  void *entry = linked->addresses[n].toPtr<void *>();
  int signal = 0;
  volatile bool inRegion = true;
  if ((signal = sigsetjmp(guard.recovery, 0))) {
    guard.running = Running::Nothing;
    if (guard.raised == Trap::None) { // a host fault
      cpu.mxcsr = guard.registers.fx.mxcsr;
      if (cpu.x87InHost) {
        X87State inUnit = {};
        loadX87(inUnit, guard.registers.fx, true);
        inUnit.ip = cpu.x87.ip;
        inUnit.dp = cpu.x87.dp;
        inUnit.opcode = cpu.x87.opcode;
        cpu.x87 = inUnit;
      }
      // In compiled code RIP is the faulting instruction's already (exact mode).
      if (!inRegion || !level->engine->owns(guard.hostPc))
        cpu.rip = cpu.currentInsn ? static_cast<const Insn *>(cpu.currentInsn)->pc : UnknownRip;
    }
  } else {
    guard.running = Running::Compiled;
    hostfp::setMxcsr(cpu.mxcsr);
    level->enter(cpu, entry);
    inRegion = false;
    if (cpu.x87InHost)
      host::x87Leave(cpu);
    if (cpu.regionExit == static_cast<uint64_t>(RegionExit::Trap)) {
      guard.raised = cpu.trap;
      signal = signalOf(cpu.trap);
      cpu.mxcsr = hostfp::mxcsr();
    } else {
      if (cpu.regionExit == static_cast<uint64_t>(RegionExit::Interpret)) {
        guard.running = Running::Nothing;
        const uint32_t mxcsr = hostfp::mxcsr();
        const Block &rest = interpreted.blockAt(cpu.rip);
        hostfp::setMxcsr(mxcsr);
        guard.running = Running::Compiled;
        interpretBody(cpu, rest);
      }
      cpu.mxcsr = hostfp::mxcsr();
    }
  }
  guard.running = Running::Nothing;
  hostfp::setMxcsr(DefaultMxcsr);
  fromCpu(cpu, state);
  state.signal = signal;
  if (signal && (guard.raised == Trap::BP || guard.raised == Trap::OF)) // traps, not faults
    for (const Sequence::Item &item : interpreted.sequence.items)
      if (item.insn.pc == cpu.rip)
        state.rip = item.insn.nextPc();
}

} // namespace dbt::fuzz
