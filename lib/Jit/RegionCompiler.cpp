//===- RegionCompiler.cpp - The compiling tier ----------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Jit/RegionCompiler.h"

#include "Decode/CfgDot.h"
#include "Effects/FlagLiveness.h"
#include "Jit/CodeLines.h"
#include "Jit/Listing.h"
#include "Jit/RegionStubs.h"
#include "Lift/Passes.h"
#include "Lift/RegionAbi.h"

#include "llvm/Support/SmallVectorMemoryBuffer.h"

#include <chrono>
#include <sys/uio.h>
#include <unistd.h>

using namespace llvm;

namespace dbt {

namespace {

constexpr uint64_t GuestPage = 4096;
/// An instruction may reach into the next page.
constexpr uint64_t PageOverlap = 16;

/// A jump to what is not below it faults at once, not where it leads to.
constexpr uint64_t AddressesEnd = uint64_t(1) << 47;

size_t readGuest(uint64_t at, void *to, size_t size) {
  iovec local = {to, size}, remote = {reinterpret_cast<void *>(at), size};
  const ssize_t n = process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
  return n > 0 ? static_cast<size_t>(n) : 0;
}

uint64_t nowNs() {
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                   std::chrono::steady_clock::now().time_since_epoch()).count());
}

/// Adds the time from its making to its end to a counter.
class Stopwatch {
public:
  explicit Stopwatch(uint64_t &counter) : counter(counter), start(nowNs()) {}
  ~Stopwatch() { counter += nowNs() - start; }

private:
  uint64_t &counter, start;
};

} // namespace

RegionCompiler::RegionCompiler(CompilerHost &host, const CompilerOptions &options)
    : host(host), options(options), worker({[this](uint64_t pc) { return compileRegion(pc); }, [this](uint64_t pc) { return this->host.heat(pc); },
              [this](uint64_t pc, bool stale) { return this->host.admit(pc, stale); }}) {}

Expected<std::unique_ptr<RegionCompiler>> RegionCompiler::create(CompilerHost &host, const CompilerOptions &options) {
  std::unique_ptr<RegionCompiler> compiler(new RegionCompiler(host, options));
  CodeGenOptLevel level = static_cast<CodeGenOptLevel>(options.policy.level());
  auto engine = Engine::create(level, [c = compiler.get()](StringRef name) { return c->resolve(name); });
  if (!engine)
    return engine.takeError();
  compiler->engine = std::move(*engine);
  if (Error error = compiler->linkStubs())
    return std::move(error);
  return compiler;
}

Error RegionCompiler::linkStubs() {
  auto linked = RegionStubs::link(*engine, inMemory());
  if (!linked)
    return linked.takeError();
  enter = linked->enter;
  exitStub = linked->exit;
  host.startCache(exitStub, engine->slots(), CodeArena::SlotBytes);
  return Error::success();
}

void *RegionCompiler::resolve(StringRef name) {
  if (name.consume_front("slot_")) {
    uint64_t pc;
    return name.getAsInteger(16, pc) ? nullptr : host.slot(pc);
  }
  if (name == RegionAbi::ExitStub)
    return exitStub;
  if (name.consume_front(RegionAbi::HelperPrefix))
    return reinterpret_cast<void *>(host.helper(std::string_view(name.data(), name.size())));
  return regionCallee(name);
}

CodeBytes RegionCompiler::readCode(uint64_t pc) {
  const uint64_t start = pc & ~(GuestPage - 1);
  auto it = pages.find(start);
  if (it == pages.end()) {
    Page page = {{}, false};
    uint64_t available = host.compilableBytes(start, page.guestWritable);
    if (available) {
      page.bytes.resize(std::min<uint64_t>(available, GuestPage + PageOverlap));
      page.bytes.resize(readGuest(start, page.bytes.data(), page.bytes.size()));
    }
    it = pages.emplace(start, std::move(page)).first;
  }
  const Page &page = it->second;
  const uint64_t offset = pc - start;
  if (offset >= page.bytes.size())
    return {nullptr, 0, false};
  return {page.bytes.data() + offset, page.bytes.size() - offset, page.guestWritable};
}

std::vector<CfgBlock> RegionCompiler::findBlocks(uint64_t pc) {
  CfgSource source;
  source.code = [this](uint64_t at) { return readCode(at); };
  source.data = readGuest;
  source.wanted = [this](uint64_t at) { return wanted(at); };
  source.targets = [this](const Insn &site, const std::vector<uint64_t> &line) { return targets(site, line); };
  source.constants = [this](uint64_t slot) { return constantAt(slot); };
  return findCfg(decoder, pc, source, limits());
}

std::optional<uint64_t> RegionCompiler::constantAt(uint64_t slot) {
  auto [known, isNew] = constants.try_emplace(slot, std::nullopt);
  uint64_t value;
  // Read once it is sure that a change is noticed.
  if (!isNew || !host.isConstant(slot, sizeof value) || readGuest(slot, &value, sizeof value) != sizeof value ||
      value >= AddressesEnd)
    return known->second;
  lookedAt.push_back({slot, sizeof value});
  return known->second = value;
}

CfgLimits RegionCompiler::limits() const {
  if (options.policy.oneInsnPerRegion)
    return {.maxBlocks = 1, .maxInsns = 1, .maxCalleesInsns = 0};
  return {.maxBlocks = options.policy.maxBlocks(), .maxInsns = options.policy.maxInsns()};
}

/// Blocks that have run; where nothing is known of that, all that no other region
/// begins with.
bool RegionCompiler::wanted(uint64_t pc) {
  return options.policy.mode == TierMode::Jit ? !host.find(pc) : host.hasRun(pc);
}

std::vector<uint64_t> RegionCompiler::targets(const Insn &site, const std::vector<uint64_t> &line) {
  if (site.flow == Flow::Call)
    return {static_cast<uint64_t>(site.imm)};
  std::vector<uint64_t> seen;
  for (uint64_t pc : line)
    for (uint64_t target : host.targets(pc))
      if (target && llvm::find(seen, target) == seen.end())
        seen.push_back(target);
  return seen;
}

bool RegionCompiler::flagsDead(uint64_t pc) {
  auto [known, isNew] = flagsKnown.try_emplace(pc, false);
  if (!isNew)
    return known->second;
  std::vector<CodeSpan> seen;
  known->second = flagsDeadAt(pc, [&](uint64_t at, Insn &out) {
    // What the guest can write may be other code when it gets there.
    const CodeBytes code = readCode(at);
    if (!code.size || code.guestWritable || !decoder.decode(code.data, code.size, at, out))
      return false;
    seen.push_back({at, out.nextPc() - at});
    out = bound(out, [this](uint64_t slot) { return constantAt(slot); });
    return true;
  });
  if (known->second)
    lookedAt.insert(lookedAt.end(), seen.begin(), seen.end());
  return known->second;
}

bool RegionCompiler::compileRegion(uint64_t pc) {
  Expected<bool> done = tryCompile(pc);
  pages.clear();
  lookedAt.clear();
  flagsKnown.clear();
  constants.clear();
  if (done)
    return *done;
  ++counts.failed;
  if (options.log->wants(log::Tier, pc))
    options.log->write("tier: cannot compile: " + toString(done.takeError()) + "\n");
  else
    consumeError(done.takeError());
  return false;
}

Expected<bool> RegionCompiler::tryCompile(uint64_t pc) {
  if (host.find(pc))
    return true;
  const uint64_t generation = host.generation();
  RegionRequest request;
  request.entry = pc;
  request.blocks = findBlocks(pc);
  // With a profile they get regions of their own where returns by way of the dispatcher
  // are frequent: as entries they would cost every value a phi.
  if (options.policy.mode == TierMode::Jit)
    request.entries = callReturns(request.blocks);
  request.multiThreaded = host.multiThreaded();
  request.exact = host.exact();
  request.inMemory = inMemory();
  request.countInsns = options.countInsns;
  request.lockstep = options.lockstep;
  request.lines = options.describeCode();
  request.flagsDead = [this](uint64_t at) { return flagsDead(at); };
  if (request.blocks.empty() || !canLift(request.blocks[0].insns[0]))
    return false;
  logGraph(request);
  logCode(request);
  LLVMContext context;
  Module module(RegionAbi::regionName(pc), context);
  engine->prepare(module);
  LiftedRegion lifted;
  {
    Stopwatch watch(counts.liftNs);
    auto result = liftRegion(module, request);
    if (!result)
      return result.takeError();
    lifted = std::move(*result);
  }
  if (options.log->wants(log::Ir, pc))
    logRegion(request, lifted, "ir");
  {
    Stopwatch watch(counts.passNs);
    optimise(module, options.policy.level(), &engine->targetMachine());
  }
  counts.irInsns += lifted.function->getInstructionCount();
  lifted.insnStarts.clear(); // the passes have replaced what it names
  if (options.log->wants(log::IrOpt, pc))
    logRegion(request, lifted, "ir_opt");
  // The same address may be compiled again after it was invalidated, while the
  // old code still lives.
  lifted.function->setName(lifted.function->getName() + "." + Twine(++serial));
  std::unique_ptr<MemoryBuffer> object;
  {
    Stopwatch watch(counts.codegenNs);
    auto result = engine->compile(module);
    if (!result)
      return result.takeError();
    object = std::move(*result);
  }
  auto region = std::make_unique<Region>();
  if (options.describeCode())
    if (Error error = describe(*region, *object, lifted))
      return std::move(error);
  Stopwatch watch(counts.linkNs);
  const size_t size = object->getBufferSize();
  auto linked = engine->link(std::move(object), {lifted.function->getName().str()});
  if (!linked)
    return linked.takeError();
  region->pc = pc;
  region->guestInsns = lifted.guestInsns;
  region->hostBytes = static_cast<uint32_t>(size);
  void *code = linked->addresses[0].toPtr<void *>();
  region->entries = {{pc, code}};
  for (uint64_t entry : request.entries)
    region->entries.emplace_back(entry, code);
  for (const CfgBlock &block : request.blocks)
    (block.callee ? region->calleeSpans : region->spans).push_back({block.pc, block.end() - block.pc});
  region->lookedAt = lookedAt;
  if (!host.publish(region.release(), generation))
    return false;
  ++counts.regions;
  counts.guestInsns += lifted.guestInsns;
  counts.hostBytes += size;
  host.published(pc);
  for (uint64_t entry : request.entries)
    host.published(entry);
  return true;
}

std::string RegionCompiler::insnText(uint64_t pc) {
  CodeBytes code = readCode(pc);
  return code.size ? decoder.text(code.data, code.size, pc) : "(gone)";
}

/// What makes dbt-lift print the same.
std::string RegionCompiler::liftOptions(const RegionRequest &request) const {
  std::string text = "--entry=" + utohexstr(request.entry, true) + " --blocks=";
  for (const CfgBlock &block : request.blocks)
    text += (&block == request.blocks.data() ? "" : ",") + utohexstr(block.pc, true);
  for (const CfgBlock &block : request.blocks)
    for (uint64_t target : block.targets)
      text += " --target=" + utohexstr(block.insns.back().pc, true) + ":" + utohexstr(target, true);
  for (const auto &[slot, value] : constants)
    if (value)
      text += " --constant=" + utohexstr(slot, true) + ":" + utohexstr(*value, true);
  text += " --max-insns=" + std::to_string(limits().maxInsns) + " -O" + std::to_string(options.policy.level());
  text += options.policy.mode == TierMode::Jit ? " --call-entries" : "";
  return text + (request.exact ? " --exact" : "") + (request.multiThreaded ? " --threads" : "") +
         (request.lockstep ? " --lockstep" : request.countInsns ? " --count-insns" : "");
}

void RegionCompiler::logRegion(const RegionRequest &request, const LiftedRegion &region, const char *item) {
  std::string text = std::string(item) + ": dbt-lift " + liftOptions(request) + "\n";
  raw_string_ostream out(text);
  printRegion(region, out, [this](uint64_t pc) { return insnText(pc); });
  options.log->write(text);
}

/// Which guest instruction the host code is for: its entry and return are the region's.
Error RegionCompiler::describe(Region &region, const MemoryBuffer &object, const LiftedRegion &lifted) {
  auto code = functionCode(object.getMemBufferRef(), lifted.function->getName());
  if (!code)
    return code.takeError();
  region.codeBytes = static_cast<uint32_t>(code->bytes);
  for (const FunctionCode::Line &line : code->lines) {
    const uint64_t pc = line.line ? lifted.lines[line.line - 1] : lifted.lines[0];
    if (region.lines.empty() || region.lines.back().pc != pc)
      region.lines.push_back({static_cast<uint32_t>(line.offset), pc});
  }
  return Error::success();
}

void RegionCompiler::logGraph(const RegionRequest &request) {
  if (options.log->wants(log::Dot, request.entry))
    options.log->write(cfgDot(RegionAbi::regionName(request.entry), request.blocks, request.entries,
                              [this](uint64_t pc) { return insnText(pc); }));
}

void RegionCompiler::logGuest(const RegionRequest &request) {
  std::string text = "in_asm: " + RegionAbi::regionName(request.entry) + "\n";
  for (const CfgBlock &block : request.blocks)
    for (const Insn &insn : block.insns)
      text += "  " + utohexstr(insn.pc, true) + ":\t" + insnText(insn.pc) + "\n";
  options.log->write(text);
}

/// The region is lifted and compiled once more for this, with debug lines, which
/// change nothing of the code.
Expected<std::string> RegionCompiler::listHostCode(RegionRequest request, bool sideBySide) {
  auto machine = hostTargetMachine(engine->targetMachine().getOptLevel());
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
  return sideBySide ? listSideBySide(*lifted, host, [this](uint64_t pc) { return insnText(pc); }) : listHost(host);
}

void RegionCompiler::logCode(const RegionRequest &request) {
  const bool guest = options.log->wants(log::InAsm, request.entry), host = options.log->wants(log::OutAsm, request.entry);
  if (!host) {
    if (guest)
      logGuest(request);
    return;
  }
  Expected<std::string> text = listHostCode(request, guest);
  if (!text) {
    consumeError(text.takeError()); // compileRegion says it
    return;
  }
  options.log->write((guest ? "in_asm,out_asm: " : "out_asm: ") + RegionAbi::regionName(request.entry) + "\n" + *text);
}

} // namespace dbt
