//===- OperatorNew.cpp - libdbt-jit.so's operator new ---------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A job that there is no memory for ends compiling. What guest threads do here, which is
// to queue, and what is done under locks that they need, has dbt-run's reserve.
//===----------------------------------------------------------------------===//
#include "Jit/Worker.h"
#include "Support/Reserve.h"

#include <atomic>
#include <cstdlib>
#include <dlfcn.h>
#include <new>

namespace dbt {

namespace {

/// dbt-run's, once something of it is needed. Found by name, since LLVM allocates before
/// anybody could hand it over.
std::atomic<Reserve *> reserve;

void *fromReserve(size_t size) {
  Worker::abandon("out of memory");
  if (!reserve)
    if (auto get = reinterpret_cast<Reserve *(*)()>(dlsym(RTLD_DEFAULT, ReserveSymbol)))
      reserve = get();
  void *memory = reserve ? reserve.load()->take(size) : nullptr;
  if (!memory)
    std::abort();
  return memory;
}

void release(void *memory) {
  Reserve *known = reserve.load(std::memory_order_relaxed);
  if (!known || !known->giveBack(memory))
    std::free(memory);
}

} // namespace

} // namespace dbt

void *operator new(size_t size) {
  void *memory = std::malloc(size);
  return memory ? memory : dbt::fromReserve(size);
}
void *operator new[](size_t size) { return operator new(size); }
void *operator new(size_t size, const std::nothrow_t &) noexcept { return std::malloc(size); }
void *operator new[](size_t size, const std::nothrow_t &) noexcept { return std::malloc(size); }
void operator delete(void *memory) noexcept { dbt::release(memory); }
void operator delete(void *memory, size_t) noexcept { dbt::release(memory); }
void operator delete[](void *memory) noexcept { dbt::release(memory); }
void operator delete[](void *memory, size_t) noexcept { dbt::release(memory); }
void operator delete(void *memory, const std::nothrow_t &) noexcept { dbt::release(memory); }
void operator delete[](void *memory, const std::nothrow_t &) noexcept { dbt::release(memory); }
