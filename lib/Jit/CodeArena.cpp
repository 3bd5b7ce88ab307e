//===- CodeArena.cpp - Host addresses for compiled code -------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Jit/CodeArena.h"

#include <cerrno>
#include <sys/mman.h>
#include <system_error>

using namespace llvm;

namespace dbt {

Expected<std::unique_ptr<CodeArena>> CodeArena::create() {
  void *base = mmap(nullptr, Size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (base == MAP_FAILED || mprotect(base, SlotBytes, PROT_READ | PROT_WRITE) != 0)
    return createStringError(std::error_code(errno, std::generic_category()), "no address space for compiled code");
  return std::unique_ptr<CodeArena>(new CodeArena(static_cast<char *>(base)));
}

CodeArena::~CodeArena() { munmap(base, Size); }

void *CodeArena::take(size_t size) {
  if (size > Size - used || mprotect(base + used, size, PROT_READ | PROT_WRITE) != 0)
    return nullptr;
  void *taken = base + used;
  used += size;
  return taken;
}

} // namespace dbt
