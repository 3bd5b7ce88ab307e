//===- CompilerLoader.h - Loads the compiling tier --------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// libdbt-jit.so takes some 20 ms to load, relocate and set up. Guest threads do not wait
// for that: a thread of its own does it, while they go on in the tiers that there are.
//===----------------------------------------------------------------------===//
#ifndef DBT_REGION_COMPILERLOADER_H
#define DBT_REGION_COMPILERLOADER_H

#include "Region/Compiler.h"

#include <atomic>
#include <mutex>
#include <vector>

namespace dbt {

class CompilerLoader {
public:
  CompilerLoader(CompilerHost &host, const CompilerOptions &options) : host(host), options(options) {}

  /// Null: it is not loaded, or not yet.
  Compiler *get() const { return compiler.load(std::memory_order_acquire); }
  /// Loads it if need be, and waits for that; null: it cannot be.
  Compiler *wait();
  /// Has the region at \p pc compiled in the background, once there is a compiler.
  void queue(uint64_t pc);

  /// Around fork: neither loading nor a compilation is under way between the two.
  void beforeFork();
  void afterFork(bool inChild);

private:
  void start();
  void flush();

  CompilerHost &host;
  const CompilerOptions &options;
  std::atomic<Compiler *> compiler{nullptr};
  std::mutex loading;  ///< held while it is being loaded
  std::mutex lock;     ///< guards what follows; comes after `loading`
  std::vector<uint64_t> queued; ///< for the compiler that is being loaded
  bool started = false;
  std::atomic<bool> unavailable{false};
};

} // namespace dbt

#endif
