//===- CodeArena.h - Host addresses for compiled code -----------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// One reservation for the slots of the code cache (Guest/CodeSlot.h) and all code,
// so that a 32-bit PC-relative address reaches from any code to any slot: a transfer
// between regions is one instruction.
//===----------------------------------------------------------------------===//
#ifndef DBT_JIT_CODEARENA_H
#define DBT_JIT_CODEARENA_H

#include "llvm/Support/Error.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace dbt {

class CodeArena {
public:
  static llvm::Expected<std::unique_ptr<CodeArena>> create();
  ~CodeArena();

  /// \p size bytes that can be read and written, on page boundaries, or null: used up.
  void *take(size_t size);
  /// The slots' memory.
  void *slots() const { return base; }
  static constexpr size_t SlotBytes = size_t(32) << 20;
  /// Whether \p address is one of code. Async-signal-safe.
  bool owns(const void *address) const {
    return static_cast<size_t>(static_cast<const char *>(address) - base) - SlotBytes < Size - SlotBytes;
  }

private:
  explicit CodeArena(char *base) : base(base) {}

  static constexpr size_t Size = size_t(1) << 30;
  char *const base;
  size_t used = SlotBytes;
};

} // namespace dbt

#endif
