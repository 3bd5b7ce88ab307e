//===- Stack.h - A program's initial stack ----------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// What the kernel's create_elf_tables leaves for a program, in its order. From
// the stack pointer up: argc, argv, envp, the auxiliary vector, padding, the
// AT_RANDOM bytes, the platform's name, padding, argv's strings, envp's strings,
// the executed file's name, eight zero bytes.
//===----------------------------------------------------------------------===//
#ifndef DBT_LOADER_STACK_H
#define DBT_LOADER_STACK_H

#include "Support/Result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace dbt {

class AddressSpace;
struct ProgramLayout;

struct StackRequest {
  uint64_t size = 0; ///< 0: RLIMIT_STACK
  bool executable = false;
  bool randomize = true;
  const std::vector<std::string> *argv = nullptr, *envp = nullptr;
  std::string execFn; ///< AT_EXECFN
  uint64_t phdr = 0, phdrCount = 0, base = 0, entry = 0;
  uint64_t hwcap = 0, hwcap2 = 0, minSigStack = 0;
};

/// Maps and fills the stack; sets the layout's stack, argument, environment and
/// auxv fields.
Result<bool> buildStack(AddressSpace &space, const StackRequest &request, ProgramLayout &layout);

} // namespace dbt

#endif
