//===- CompilerLoader.cpp - Loads the compiling tier ----------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Region/CompilerLoader.h"

#include <cerrno>
#include <dlfcn.h>
#include <string>
#include <unistd.h>

namespace dbt {

namespace {

/// libdbt-jit.so beside bin/dbt-run: in ../lib.
std::string compilerPath() {
  char self[4096];
  ssize_t n = readlink("/proc/self/exe", self, sizeof self);
  std::string path(self, n > 0 ? static_cast<size_t>(n) : 0);
  path.resize(path.rfind('/') == std::string::npos ? 0 : path.rfind('/'));
  path.resize(path.rfind('/') == std::string::npos ? 0 : path.rfind('/'));
  return path + "/lib/libdbt-jit.so";
}

} // namespace

Compiler *CompilerLoader::wait() {
  if (Compiler *loaded = get())
    return loaded;
  std::unique_lock guard(lock);
  start();
  while (started && !get() && !unavailable.load(std::memory_order_relaxed))
    done->wait(guard);
  return get();
}

void CompilerLoader::queue(uint64_t pc) {
  if (Compiler *loaded = get()) {
    loaded->queue(pc);
    return;
  }
  std::lock_guard guard(lock);
  if (unavailable.load(std::memory_order_relaxed))
    return;
  queued.push_back(pc);
  if (get())
    flush();
  else
    start();
}

/// With `lock` held.
void CompilerLoader::start() {
  if (started || unavailable.load(std::memory_order_relaxed))
    return;
  const int error = host.startThread([](void *self) { static_cast<CompilerLoader *>(self)->load(); }, this);
  started = error == 0;
  postponed.store(error == EBUSY, std::memory_order_relaxed);
  if (error != 0 && error != EBUSY)
    giveUp("there can be no more threads");
}

void CompilerLoader::afterVfork() {
  if (!postponed.load(std::memory_order_relaxed))
    return;
  std::lock_guard guard(lock);
  start();
}

/// On a thread of its own.
void CompilerLoader::load() {
  {
    std::lock_guard guard(loading);
    if (Compiler *made = open())
      compiler.store(made, std::memory_order_release);
  }
  std::lock_guard guard(lock);
  flush();
  done->notify_all();
}

/// Null, and it says why: there is none.
Compiler *CompilerLoader::open() {
  std::string path = compilerPath();
  void *module = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  auto create = module ? reinterpret_cast<CreateCompilerFn>(dlsym(module, CreateCompilerName)) : nullptr;
  if (!create) {
    giveUp(dlerror());
    return nullptr;
  }
  Compiler *made = create(host, options);
  if (!made)
    unavailable.store(true, std::memory_order_relaxed);
  return made;
}

/// Running on without is right, but must not pass for what was asked for.
void CompilerLoader::giveUp(const char *why) {
  options.log->write(NoCompiledCode + std::string(why) + "\n");
  unavailable.store(true, std::memory_order_relaxed);
}

void CompilerLoader::loadingFailed(const char *why) {
  giveUp(why);
  loading.unlock(); // for fork
  std::lock_guard guard(lock);
  queued.clear();
  done->notify_all();
}

/// With `lock` held.
void CompilerLoader::flush() {
  if (Compiler *loaded = get())
    for (uint64_t pc : queued)
      loaded->queue(pc);
  queued.clear();
}

void CompilerLoader::beforeFork() {
  loading.lock();
  lock.lock();
  if (Compiler *loaded = get())
    loaded->pause();
}

void CompilerLoader::afterFork(bool inChild) {
  if (Compiler *loaded = get())
    loaded->resume(inChild);
  if (inChild) {
    done = new std::condition_variable;
    postponed = started = false; // its thread, if it had not begun to load or has just done so, is the parent's
    if (get())
      flush();
    else if (!queued.empty())
      start();
  }
  lock.unlock();
  loading.unlock();
}

} // namespace dbt
