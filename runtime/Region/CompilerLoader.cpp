//===- CompilerLoader.cpp - Loads the compiling tier ----------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Region/CompilerLoader.h"

#include <csignal>
#include <cstdio>
#include <dlfcn.h>
#include <pthread.h>
#include <string>
#include <thread>
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
  std::lock_guard guard(loading);
  if (Compiler *loaded = get(); loaded || unavailable.load(std::memory_order_relaxed))
    return loaded;
  std::string path = compilerPath();
  void *module = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  auto create = module ? reinterpret_cast<CreateCompilerFn>(dlsym(module, CreateCompilerName)) : nullptr;
  if (!create) {
    // Running on in the interpreter is right, but must not pass for what was
    // asked for.
    std::fprintf(stderr, "dbt-run: warning: no compiled code: %s\n", dlerror());
    unavailable.store(true, std::memory_order_relaxed);
    return nullptr;
  }
  Compiler *made = create(host, options);
  compiler.store(made, std::memory_order_release);
  return made;
}

void CompilerLoader::queue(uint64_t pc) {
  if (Compiler *loaded = get()) {
    loaded->queue(pc);
    return;
  }
  std::lock_guard guard(lock);
  queued.push_back(pc);
  if (get())
    flush();
  else if (!started && !unavailable.load(std::memory_order_relaxed))
    start();
}

/// With `lock` held.
void CompilerLoader::start() {
  started = true;
  // The thread inherits the mask: signals are for the guest's threads.
  sigset_t all, old;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  std::thread([this] {
    wait();
    std::lock_guard guard(lock);
    flush();
  }).detach();
  pthread_sigmask(SIG_SETMASK, &old, nullptr);
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
  if (inChild && get())
    flush();
  else if (inChild && !queued.empty() && !unavailable)
    start(); // the parent's thread had not begun to load
  lock.unlock();
  loading.unlock();
}

} // namespace dbt
