//===- RegionStubs.h - What regions need besides their code -----*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_JIT_REGIONSTUBS_H
#define DBT_JIT_REGIONSTUBS_H

#include "Jit/Engine.h"

namespace dbt {

struct CpuState;

/// The ways into regions and out of them, compiled once per engine (RegionAbi.h).
struct RegionStubs {
  void (*enter)(CpuState &, void *entry) = nullptr;
  void *exit = nullptr;

  static llvm::Expected<RegionStubs> link(Engine &engine, bool inMemory);
};

/// The function \p name that regions call, if it is neither an instruction's helper nor
/// another region: dbt's own, or what code generation calls by itself (memcpy, fmod, ...).
void *regionCallee(llvm::StringRef name);

} // namespace dbt

#endif
