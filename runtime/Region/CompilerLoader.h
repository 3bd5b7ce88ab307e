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
#include <condition_variable>
#include <mutex>
#include <vector>

namespace dbt {

class CompilerLoader {
public:
  CompilerLoader(CompilerHost &host, const CompilerOptions &options)
      : host(host), options(options), done(new std::condition_variable) {}

  /// Null: it is not loaded, or not yet.
  Compiler *get() const { return compiler.load(std::memory_order_acquire); }
  /// Has it loaded if need be, and waits for that; null: it cannot be.
  Compiler *wait();
  /// Has the region at \p pc compiled in the background, once there is a compiler.
  void queue(uint64_t pc);

  /// CompilerHost's.
  void loadingFailed(const char *why);

  /// Around fork: neither loading nor a compilation is under way between the two.
  void beforeFork();
  void afterFork(bool inChild);
  /// In the parent, when a vfork's child has ended: what that wanted to be loaded is loaded now.
  void afterVfork();

private:
  void start();
  void load();
  Compiler *open();
  void giveUp(const char *why);
  void flush();

  CompilerHost &host;
  const CompilerOptions &options;
  std::atomic<Compiler *> compiler{nullptr};
  std::mutex loading;  ///< held while it is being loaded
  std::mutex lock;     ///< guards what follows; comes after `loading`
  /// Waited for until loading ends. A pointer, since a fork's child leaves the parent's
  /// behind: their waiters do not exist in it.
  std::condition_variable *done;
  std::vector<uint64_t> queued; ///< for the compiler that is being loaded
  bool started = false;
  std::atomic<bool> unavailable{false}; ///< for good
  std::atomic<bool> postponed{false};   ///< until a vfork's child has ended
};

} // namespace dbt

#endif
