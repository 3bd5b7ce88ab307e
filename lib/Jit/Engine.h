//===- Engine.h - Object code in memory, by ORC -----------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_JIT_ENGINE_H
#define DBT_JIT_ENGINE_H

#include "Jit/CodeArena.h"

#include "llvm/ExecutionEngine/Orc/Core.h"
#include "llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h"
#include "llvm/Target/TargetMachine.h"

#include <functional>
#include <memory>

namespace dbt {

/// Addresses of the symbols that generated code may name but not define; null:
/// there is no such symbol.
using SymbolResolver = std::function<void *(llvm::StringRef)>;

/// Turns IR modules into linked code. Used by one thread at a time.
class Engine {
public:
  /// \p refused is told where the host refuses memory for code, which it will go on doing.
  static llvm::Expected<std::unique_ptr<Engine>> create(llvm::CodeGenOptLevel level, SymbolResolver resolver,
                                                        std::function<void(const char *why)> refused = nullptr);
  ~Engine();

  llvm::TargetMachine &targetMachine() { return *machine; }
  /// Makes an empty module one for this host.
  void prepare(llvm::Module &module) const;

  /// IR to an object file in memory.
  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> compile(llvm::Module &module);

  /// Code that was linked; removing it frees its memory.
  struct Linked {
    llvm::orc::ResourceTrackerSP tracker;
    std::vector<llvm::orc::ExecutorAddr> addresses; ///< of the names asked for, in order
  };
  llvm::Expected<Linked> link(std::unique_ptr<llvm::MemoryBuffer> object, llvm::ArrayRef<std::string> names);

  /// Whether \p address lies in memory for linked code. Async-signal-safe.
  bool owns(const void *address) const { return arena->owns(address); }
  /// Memory that code reaches PC-relative, for the code cache's slots.
  void *slots() const { return arena->slots(); }

private:
  Engine() = default;

  std::unique_ptr<CodeArena> arena;
  std::unique_ptr<llvm::TargetMachine> machine;
  std::unique_ptr<llvm::orc::ExecutionSession> session;
  std::unique_ptr<llvm::orc::ObjectLinkingLayer> layer;
  llvm::orc::JITDylib *code = nullptr;
  std::string cause; ///< what the session has last reported
};

/// The host's own target machine; code that uses every feature of the host.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>> hostTargetMachine(llvm::CodeGenOptLevel level);

} // namespace dbt

#endif
