//===- RegionCompiler.cpp - The compiling tier ----------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Jit/RegionCompiler.h"

#include "Jit/CodeLines.h"
#include "Jit/RegionStubs.h"
#include "Lift/Passes.h"
#include "Lift/RegionAbi.h"

#include "llvm/Support/SmallVectorMemoryBuffer.h"

#include <chrono>

using namespace llvm;

namespace dbt {

namespace {

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
    : host(host), options(options), log(this->options),
      worker({[this](uint64_t pc, const Worker::Queue &others) { compile(pc, others); },
              [this](uint64_t pc) { return this->host.heat(pc); },
              [this](uint64_t pc, bool stale) { return this->host.admit(pc, stale); },
              [this](void (*main)(void *), void *argument) { return this->host.startThread(main, argument); },
              [this](const char *why) { this->options.log->write(NoCompiledCode + std::string(why) + "\n"); }}) {}

RegionCompiler::~RegionCompiler() = default;

Expected<std::unique_ptr<RegionCompiler>> RegionCompiler::create(CompilerHost &host, const CompilerOptions &options) {
  std::unique_ptr<RegionCompiler> compiler(new RegionCompiler(host, options));
  CodeGenOptLevel level = static_cast<CodeGenOptLevel>(options.policy.level());
  auto engine = Engine::create(level, [c = compiler.get()](StringRef name) { return c->resolve(name); }, Worker::abandon);
  if (!engine)
    return engine.takeError();
  compiler->engine = std::move(*engine);
  if (Error error = compiler->linkStubs())
    return std::move(error);
  if (!compiler->worker.start())
    return createStringError("there can be no more threads");
  return compiler;
}

Error RegionCompiler::linkStubs() {
  auto linked = RegionStubs::link(*engine, options.policy.level() == 0);
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
  if (name == RegionAbi::EmptySlot)
    return host.emptySlot();
  if (name == RegionAbi::ExitStub)
    return exitStub;
  if (name.consume_front(RegionAbi::HelperPrefix))
    return reinterpret_cast<void *>(host.helper(std::string_view(name.data(), name.size())));
  return regionCallee(name);
}

/// A region under way.
struct RegionCompiler::Job {
  Job(CompilerHost &host, const CompilerOptions &options, Decoder &decoder) : source(host, options, decoder) {}

  unsigned size() const {
    unsigned insns = 0;
    for (const CfgBlock &block : request.blocks)
      insns += static_cast<unsigned>(block.insns.size());
    return insns;
  }

  RegionSource source;
  RegionRequest request;
  LiftedRegion lifted;
};

/// The code of a module, in memory until no region needs it.
struct ModuleCode {
  explicit ModuleCode(Engine::Linked linked) : linked(std::move(linked)) {}
  ~ModuleCode() {
    if (Error error = linked.tracker->remove())
      consumeError(std::move(error)); // its memory stays
  }
  Engine::Linked linked;
};

struct RegionCompiler::OwnedRegion final : Region {
  std::shared_ptr<ModuleCode> code;
};

void RegionCompiler::release(Region *region) {
  std::lock_guard guard(releasedLock);
  released.push_back(region);
}

void RegionCompiler::freeReleased() {
  std::vector<Region *> dead;
  {
    std::lock_guard guard(releasedLock);
    dead.swap(released);
  }
  for (Region *region : dead)
    delete region;
}

void RegionCompiler::compile(uint64_t pc, const Worker::Queue &others) {
  freeReleased();
  std::unique_ptr<Job> first = prepare(pc);
  if (!first)
    return;
  unsigned insns = first->size();
  Batch batch;
  batch.push_back(std::move(first));
  // With others in a module functions of the log's IR would have other attributes' numbers.
  const bool alone = options.log->wants(log::Ir | log::IrOpt) || options.describeCode();
  while (!alone && insns < TierPolicy::BatchInsns && others.take(pc)) {
    std::unique_ptr<Job> next = prepare(pc);
    if (!next)
      continue;
    if (insns + next->size() > TierPolicy::BatchInsns) {
      others.putBack(pc);
      break;
    }
    insns += next->size();
    batch.push_back(std::move(next));
  }
  for (const std::unique_ptr<Job> &job : batch) {
    log.graph(job->source, job->request);
    log.code(job->source, job->request, engine->targetMachine().getOptLevel());
  }
  compileTogether(batch);
}

std::unique_ptr<RegionCompiler::Job> RegionCompiler::prepare(uint64_t pc) {
  if (host.isCompiled(pc))
    return nullptr;
  auto job = std::make_unique<Job>(host, options, decoder);
  job->request = job->source.request(pc);
  if (job->request.blocks.empty() || !canLift(job->request.blocks[0].insns[0]))
    return nullptr;
  return job;
}

void RegionCompiler::compileTogether(Batch &batch) {
  Error error = tryCompile(batch);
  if (!error)
    return;
  // One that LLVM cannot do must not keep the others from being compiled.
  if (batch.size() > 1) {
    consumeError(std::move(error));
    for (std::unique_ptr<Job> &job : batch) {
      Batch single;
      single.push_back(std::move(job));
      compileTogether(single);
    }
    return;
  }
  ++counts.failed;
  log.failure(batch[0]->request, std::move(error));
}

Error RegionCompiler::tryCompile(const Batch &batch) {
  LLVMContext context;
  Module module(RegionAbi::regionName(batch[0]->request.entry), context);
  engine->prepare(module);
  for (const std::unique_ptr<Job> &job : batch) {
    Stopwatch watch(counts.liftNs);
    auto result = liftRegion(module, job->request);
    if (!result)
      return result.takeError();
    job->lifted = std::move(*result);
  }
  for (const std::unique_ptr<Job> &job : batch)
    log.ir(log::Ir, job->source, job->request, job->lifted);
  {
    Stopwatch watch(counts.passNs);
    optimise(module, options.policy.level(), &engine->targetMachine());
  }
  std::vector<std::string> names;
  for (const std::unique_ptr<Job> &job : batch) {
    Function &function = *job->lifted.function;
    job->lifted.insnStarts.clear(); // the passes have replaced what it names
    log.ir(log::IrOpt, job->source, job->request, job->lifted);
    counts.irInsns += function.getInstructionCount();
    // The same address may be compiled again after it was invalidated, while the
    // old code still lives.
    function.setName(function.getName() + "." + Twine(++serial));
    names.push_back(function.getName().str());
  }
  std::unique_ptr<MemoryBuffer> object;
  {
    Stopwatch watch(counts.codegenNs);
    auto result = engine->compile(module);
    if (!result)
      return result.takeError();
    object = std::move(*result);
  }
  std::vector<std::unique_ptr<OwnedRegion>> regions;
  for (const std::unique_ptr<Job> &job : batch) {
    regions.push_back(std::make_unique<OwnedRegion>());
    if (options.describeCode())
      if (Error error = describe(*regions.back(), *object, job->lifted))
        return error;
  }
  Stopwatch watch(counts.linkNs);
  const size_t size = object->getBufferSize();
  auto linked = engine->link(std::move(object), names);
  if (!linked)
    return linked.takeError();
  counts.hostBytes += size;
  auto code = std::make_shared<ModuleCode>(std::move(*linked));
  for (size_t i = 0; i < batch.size(); ++i) {
    regions[i]->code = code;
    publish(*batch[i], std::move(regions[i]), code->linked.addresses[i].toPtr<void *>());
  }
  return Error::success();
}

void RegionCompiler::publish(const Job &job, std::unique_ptr<Region> region, void *code) {
  const RegionRequest &request = job.request;
  region->pc = request.entry;
  region->guestInsns = job.lifted.guestInsns;
  region->entries = {{request.entry, code}};
  for (uint64_t entry : request.entries)
    region->entries.push_back({entry, code});
  for (bool callees : {false, true}) {
    for (const CfgBlock &block : request.blocks)
      if ((block.callee != 0) == callees) {
        region->spans.push_back({block.pc, block.end() - block.pc});
        region->guestWritable |= block.guestWritable;
      }
    (callees ? region->numCode : region->numOwn) = region->spans.size();
  }
  const std::vector<GuestSpan> &others = job.source.lookedAt();
  region->spans.insert(region->spans.end(), others.begin(), others.end());
  region->exact = request.exact;
  region->multiThreaded = request.multiThreaded;
  if (!job.source.readSpans(region->spans, region->bytes) || !host.publish(region.get()))
    return;
  region.release(); // until release()
  ++counts.regions;
  counts.guestInsns += job.lifted.guestInsns;
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

} // namespace dbt
