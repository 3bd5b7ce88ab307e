//===- OperatorNew.cpp - dbt-run's operator new ---------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// What the C library has no memory for comes from the reserve (Support/Reserve.h). There are
// no exceptions here: when that is used up, too, nobody can go on.
//===----------------------------------------------------------------------===//
#include "Linux/Signals.h"
#include "Support/Log.h"
#include "Support/Reserve.h"

#include <algorithm>
#include <cstdlib>
#include <new>

using namespace dbt;

namespace {

void *fromReserve(size_t size) {
  if (void *memory = processReserve().take(size))
    return memory;
  processLog().write("dbt-run: error: out of memory\n");
  dieOf(SIGABRT);
}

void release(void *memory) {
  if (!processReserve().giveBack(memory))
    std::free(memory);
}

} // namespace

extern "C" __attribute__((visibility("default"))) Reserve *dbtReserve() { return &processReserve(); }

void *operator new(size_t size) {
  void *memory = std::malloc(size);
  return memory ? memory : fromReserve(size);
}
void *operator new(size_t size, std::align_val_t alignment) {
  const size_t align = std::max(static_cast<size_t>(alignment), sizeof(void *));
  void *memory;
  if (posix_memalign(&memory, align, size) == 0)
    return memory;
  static_assert(Reserve::Alignment >= alignof(CpuState));
  return fromReserve(align <= Reserve::Alignment ? size : SIZE_MAX);
}
void *operator new[](size_t size) { return operator new(size); }
void *operator new[](size_t size, std::align_val_t alignment) { return operator new(size, alignment); }
void *operator new(size_t size, const std::nothrow_t &) noexcept { return std::malloc(size); }
void *operator new[](size_t size, const std::nothrow_t &) noexcept { return std::malloc(size); }

void operator delete(void *memory) noexcept { release(memory); }
void operator delete(void *memory, size_t) noexcept { release(memory); }
void operator delete(void *memory, std::align_val_t) noexcept { release(memory); }
void operator delete(void *memory, size_t, std::align_val_t) noexcept { release(memory); }
void operator delete[](void *memory) noexcept { release(memory); }
void operator delete[](void *memory, size_t) noexcept { release(memory); }
void operator delete[](void *memory, std::align_val_t) noexcept { release(memory); }
void operator delete[](void *memory, size_t, std::align_val_t) noexcept { release(memory); }
void operator delete(void *memory, const std::nothrow_t &) noexcept { release(memory); }
void operator delete[](void *memory, const std::nothrow_t &) noexcept { release(memory); }
