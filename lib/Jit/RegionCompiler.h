//===- RegionCompiler.h - The compiling tier --------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_JIT_REGIONCOMPILER_H
#define DBT_JIT_REGIONCOMPILER_H

#include "Decode/Cfg.h"
#include "Dispatch/Compiler.h"
#include "Jit/Engine.h"
#include "Jit/Worker.h"
#include "Lift/RegionLifter.h"

#include <map>

namespace dbt {

/// Compiles regions on a thread of its own and publishes them.
class RegionCompiler final : public Compiler {
public:
  static llvm::Expected<std::unique_ptr<RegionCompiler>> create(CompilerHost &host, const CompilerOptions &options);

  void queue(uint64_t pc) override { worker.queue(pc); }
  bool compileNow(uint64_t pc) override { return worker.runNow(pc); }
  bool owns(const void *hostPc) override { return engine && engine->owns(hostPc); }
  void pause() override { worker.pause(); }
  void resume(bool inChild) override { worker.resume(inChild); }
  CompilerStats stats() override { return counts; }

private:
  RegionCompiler(CompilerHost &host, const CompilerOptions &options);

  void *resolve(llvm::StringRef name);
  llvm::Error linkStubs();
  /// False where there is nothing to compile; errors are said in the log.
  bool compileRegion(uint64_t pc);
  llvm::Expected<bool> tryCompile(uint64_t pc);
  std::vector<CfgBlock> findBlocks(uint64_t pc);
  bool wanted(uint64_t pc);
  std::vector<uint64_t> targets(const Insn &site, const std::vector<uint64_t> &line); ///< a TargetReader
  /// The pointer at \p slot, if it cannot change under a running region.
  std::optional<uint64_t> constantAt(uint64_t slot);
  /// flagsDeadAt(), of code that does not change under a running region.
  bool flagsDead(uint64_t pc);
  /// Regions of the quickest level keep registers in CpuState.
  bool inMemory() const { return options.policy.level() == 0; }
  CodeBytes readCode(uint64_t pc);
  CfgLimits limits() const;
  std::string liftOptions(const RegionRequest &request) const;
  void logRegion(const RegionRequest &request, const LiftedRegion &region, const char *item);
  void logGuest(const RegionRequest &request);
  void logGraph(const RegionRequest &request);
  void logCode(const RegionRequest &request);
  llvm::Expected<std::string> listHostCode(RegionRequest request, bool sideBySide);
  llvm::Error describe(Region &region, const llvm::MemoryBuffer &object, const LiftedRegion &lifted);
  std::string insnText(uint64_t pc);

  CompilerHost &host;
  const CompilerOptions options;
  std::unique_ptr<Engine> engine;
  Decoder decoder;
  /// Copies of the guest pages that the region under way is read from: the guest
  /// may unmap the originals at any time.
  struct Page {
    std::vector<uint8_t> bytes;
    bool guestWritable;
  };
  std::map<uint64_t, Page> pages;
  /// What the region under way relies on besides its own code, and what is known by it.
  std::vector<CodeSpan> lookedAt;
  std::map<uint64_t, bool> flagsKnown;
  std::map<uint64_t, std::optional<uint64_t>> constants; ///< by where they are
  void *exitStub = nullptr;
  uint64_t serial = 0; ///< of the last region
  CompilerStats counts;
  Worker worker;
};

} // namespace dbt

#endif
