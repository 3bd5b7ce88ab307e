//===- Engine.cpp - Object code in memory, by ORC -------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Jit/Engine.h"

#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/CompileUtils.h"
#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/ExecutionEngine/Orc/MapperJITLinkMemoryManager.h"
#include "llvm/ExecutionEngine/Orc/MemoryMapper.h"
#include "llvm/ExecutionEngine/Orc/SelfExecutorProcessControl.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/TargetSelect.h"

using namespace llvm;
using namespace llvm::orc;

namespace dbt {

namespace {

/// Names that generated code does not define itself.
class HostSymbols final : public DefinitionGenerator {
public:
  explicit HostSymbols(SymbolResolver resolver) : resolver(std::move(resolver)) {}

  Error tryToGenerate(LookupState &, LookupKind, JITDylib &dylib, JITDylibLookupFlags,
                      const SymbolLookupSet &wanted) override {
    SymbolMap found;
    for (const auto &[name, flags] : wanted)
      if (void *address = resolver(*name))
        found[name] = {ExecutorAddr::fromPtr(address), JITSymbolFlags::Exported};
    return found.empty() ? Error::success() : dylib.define(absoluteSymbols(std::move(found)));
  }

private:
  SymbolResolver resolver;
};

/// What the linker's memory manager asks of the arena at a time.
constexpr size_t ReservationSize = size_t(4) << 20;

/// Takes the linker's memory from the arena.
class ArenaMapper final : public InProcessMemoryMapper {
public:
  ArenaMapper(CodeArena &arena, std::function<void(const char *)> refused)
      : InProcessMemoryMapper(sys::Process::getPageSizeEstimate()), arena(arena), refused(std::move(refused)) {}

  void reserve(size_t size, OnReservedFunction onReserved) override {
    if (void *memory = arena.take(size))
      return onReserved(ExecutorAddrRange(ExecutorAddr::fromPtr(memory), size));
    onReserved(createStringError("the memory for compiled code is used up"));
  }

  /// Constants are executable, too: then neighbours are one mapping of the kernel's, of
  /// which a process may have 65,530.
  void initialize(AllocInfo &info, OnInitializedFunction onInitialized) override {
    for (AllocInfo::SegInfo &segment : info.Segments)
      if ((segment.AG.getMemProt() & MemProt::Write) == MemProt::None)
        segment.AG = AllocGroup(MemProt::Read | MemProt::Exec, segment.AG.getMemLifetime());
    InProcessMemoryMapper::initialize(info, [this, next = std::move(onInitialized)](Expected<ExecutorAddr> result) mutable {
      if (result)
        return next(std::move(result));
      const std::string why = "code cannot be made executable: " + toString(result.takeError());
      if (refused)
        refused(why.c_str());
      next(createStringError(why));
    });
  }

private:
  CodeArena &arena;
  std::function<void(const char *)> refused;
};

/// What TargetMachine has no interface for: on lifted code the machine schedulers cost a
/// tenth of code generation, for half a percent of code size (docs/Design.md). Selection's
/// scheduler must stay: the linear one, which is as much faster, keeps EFLAGS alive over
/// instructions that change them.
void setCodeGenOptions() {
  static const bool done = [] {
    const char *options[] = {"dbt", "-enable-misched=false", "-enable-post-misched=false"};
    return cl::ParseCommandLineOptions(std::size(options), options);
  }();
  (void)done;
}

} // namespace

/// LLVM's X86FixupBWInsts makes MOVZWL (%RBP), %EBP of MOVW (%RBP), %BP though RBP's
/// upper bits are live: register allocation has noted its use as the address only.
static void disableByteWordFixups() {
  auto &options = cl::getRegisteredOptions();
  if (auto it = options.find("fixup-byte-word-insts"); it != options.end())
    static_cast<cl::opt<bool> *>(it->second)->setValue(false);
}

Expected<std::unique_ptr<TargetMachine>> hostTargetMachine(CodeGenOptLevel level) {
  InitializeNativeTarget();
  InitializeNativeTargetAsmPrinter();
  InitializeNativeTargetAsmParser(); // for inline assembly
  disableByteWordFixups();
  auto builder = JITTargetMachineBuilder::detectHost();
  if (!builder)
    return builder.takeError();
  builder->setCodeGenOptLevel(level);
  builder->setRelocationModel(Reloc::PIC_);
  builder->setCodeModel(CodeModel::Small);
  setCodeGenOptions();
  return builder->createTargetMachine();
}

Expected<std::unique_ptr<Engine>> Engine::create(CodeGenOptLevel level, SymbolResolver resolver,
                                                 std::function<void(const char *)> refused) {
  std::unique_ptr<Engine> engine(new Engine);
  auto machine = hostTargetMachine(level);
  if (!machine)
    return machine.takeError();
  engine->machine = std::move(*machine);
  auto arena = CodeArena::create();
  if (!arena)
    return arena.takeError();
  engine->arena = std::move(*arena);
  auto control = SelfExecutorProcessControl::Create();
  if (!control)
    return control.takeError();
  engine->session = std::make_unique<ExecutionSession>(std::move(*control));
  // A lookup's own error only names what was looked up.
  engine->session->setErrorReporter([e = engine.get()](Error error) { e->cause = toString(std::move(error)); });
  auto memory = std::make_unique<MapperJITLinkMemoryManager>(ReservationSize, std::make_unique<ArenaMapper>(*engine->arena, std::move(refused)));
  engine->layer = std::make_unique<ObjectLinkingLayer>(*engine->session, std::move(memory));
  engine->code = &engine->session->createBareJITDylib("regions");
  engine->code->addGenerator(std::make_unique<HostSymbols>(std::move(resolver)));
  return engine;
}

Engine::~Engine() {
  if (session)
    if (Error error = session->endSession())
      session->reportError(std::move(error));
}

void Engine::prepare(Module &module) const {
  module.setDataLayout(machine->createDataLayout());
  module.setTargetTriple(machine->getTargetTriple());
}

Expected<std::unique_ptr<MemoryBuffer>> Engine::compile(Module &module) {
  return SimpleCompiler(*machine)(module);
}

Expected<Engine::Linked> Engine::link(std::unique_ptr<MemoryBuffer> object, ArrayRef<std::string> names) {
  Linked linked;
  linked.tracker = code->createResourceTracker();
  if (Error error = layer->add(linked.tracker, std::move(object)))
    return std::move(error);
  SymbolLookupSet wanted;
  for (const std::string &name : names)
    wanted.add(session->intern(name));
  cause.clear();
  auto found = session->lookup(makeJITDylibSearchOrder(code), std::move(wanted));
  if (!found) {
    std::string error = toString(found.takeError());
    return createStringError(cause.empty() ? error : cause);
  }
  for (const std::string &name : names)
    linked.addresses.push_back((*found)[session->intern(name)].getAddress());
  return linked;
}

} // namespace dbt
