//===- RegionCompiler.h - The compiling tier --------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_JIT_REGIONCOMPILER_H
#define DBT_JIT_REGIONCOMPILER_H

#include "Region/Compiler.h"
#include "Jit/Engine.h"
#include "Jit/RegionLog.h"
#include "Jit/Worker.h"

#include <mutex>

namespace dbt {

/// Compiles regions on a thread of its own and publishes them.
class RegionCompiler final : public Compiler {
public:
  ~RegionCompiler();
  static llvm::Expected<std::unique_ptr<RegionCompiler>> create(CompilerHost &host, const CompilerOptions &options);

  void queue(uint64_t pc) override { worker.queue(pc); }
  bool compileNow(uint64_t pc) override {
    worker.runNow(pc);
    return host.isCompiled(pc);
  }
  void release(Region *region) override;
  bool owns(const void *hostPc) override { return engine && engine->owns(hostPc); }
  void pause() override { worker.pause(); }
  void resume(bool inChild) override { worker.resume(inChild); }
  CompilerStats stats() override { return counts; }

private:
  RegionCompiler(CompilerHost &host, const CompilerOptions &options);

  void *resolve(llvm::StringRef name);
  llvm::Error linkStubs();
  struct Job;
  using Batch = std::vector<std::unique_ptr<Job>>;
  /// The region at \p pc, and with it small ones of \p others: much of what LLVM does for a
  /// module is the same for one of a few instructions.
  void compile(uint64_t pc, const Worker::Queue &others);
  /// Null where there is nothing to compile.
  std::unique_ptr<Job> prepare(uint64_t pc);
  void freeReleased();
  /// Errors are said in the log.
  void compileTogether(Batch &batch);
  llvm::Error tryCompile(const Batch &batch);
  void publish(const Job &job, std::unique_ptr<Region> region, void *code);
  /// A region whose code goes with the last region of its module.
  struct OwnedRegion;
  llvm::Error describe(Region &region, const llvm::MemoryBuffer &object, const LiftedRegion &lifted);

  CompilerHost &host;
  const CompilerOptions options;
  RegionLog log;
  std::unique_ptr<Engine> engine;
  Decoder decoder;
  void *exitStub = nullptr;
  uint64_t serial = 0; ///< of the last region
  CompilerStats counts;
  std::mutex releasedLock; ///< comes after all others
  std::vector<Region *> released; ///< to be freed on the worker's thread
  Worker worker;
};

} // namespace dbt

#endif
