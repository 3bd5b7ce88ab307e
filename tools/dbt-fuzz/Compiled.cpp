//===- Compiled.cpp - Sequences as compiled regions -----------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Guard.h"
#include "Machines.h"

#include "Guest/ExitReason.h"
#include "Guest/Host/HostFp.h"
#include "Guest/Host/HostX87.h"
#include "Guest/RegionTable.h"
#include "Interp/Interp.h"
#include "Jit/RegionStubs.h"
#include "Lift/Passes.h"
#include "Lift/RegionAbi.h"
#include "Lift/RegionLifter.h"

using namespace llvm;

namespace dbt::fuzz {

namespace {

RegionTable regionTable = {};

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
  RegionStubs stubs;

  bool inMemory() const { return level == 0; }
  void *resolve(StringRef name) {
    if (name.starts_with("slot_") || name == RegionAbi::EmptySlot)
      return engine->slots(); // one for all
    if (name == RegionAbi::ExitStub)
      return stubs.exit;
    if (name.consume_front(RegionAbi::HelperPrefix))
      return helperOf(name);
    return regionCallee(name);
  }
  Error initialise(unsigned n) {
    level = n;
    auto made = Engine::create(static_cast<CodeGenOptLevel>(n), [this](StringRef name) { return resolve(name); });
    if (!made)
      return made.takeError();
    engine = std::move(*made);
    auto linked = RegionStubs::link(*engine, inMemory());
    if (!linked)
      return linked.takeError();
    stubs = *linked;
    *static_cast<void **>(engine->slots()) = stubs.exit;
    return Error::success();
  }
};

Compiled::Level *Compiled::levels[4];

Error Compiled::initialise() {
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
  level.engine->prepare(module);
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
    request.bitFields &= !mode.threads; // both ways are tried
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
  startGuest(state);
  cpu.regionTable = &regionTable;
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
    level->stubs.enter(cpu, entry);
    inRegion = false;
    if (cpu.x87InHost)
      host::x87Leave(cpu);
    if (cpu.exitReason == static_cast<uint32_t>(ExitReason::Trap)) {
      guard.raised = cpu.trap;
      signal = signalOf(cpu.trap);
      cpu.mxcsr = hostfp::mxcsr();
    } else {
      if (cpu.exitReason == static_cast<uint32_t>(ExitReason::Interpret)) {
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
  stopGuest(interpreted.sequence, signal, state);
}

} // namespace dbt::fuzz
