//===- RegionStubs.cpp - What regions need besides their code -------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Jit/RegionStubs.h"

#include "Guest/BitFields.h"
#include "Guest/FlagsWord.h"
#include "Guest/Host/HostX87.h"
#include "Lift/RegionAbi.h"

#include <dlfcn.h>

using namespace llvm;

namespace dbt {

namespace {
uint64_t statusFlagsOf(uint64_t op, uint64_t a, uint64_t b) { return statusFlags({op, a, b}); }
} // namespace

Expected<RegionStubs> RegionStubs::link(Engine &engine, bool inMemory) {
  LLVMContext context;
  Module module("stubs", context);
  engine.prepare(module);
  RegionAbi(inMemory).defineStubs(module);
  auto object = engine.compile(module);
  if (!object)
    return object.takeError();
  auto linked = engine.link(std::move(*object), {RegionAbi::Enter, RegionAbi::ExitStub});
  if (!linked)
    return linked.takeError();
  return RegionStubs{linked->addresses[0].toPtr<void (*)(CpuState &, void *)>(), linked->addresses[1].toPtr<void *>()};
}

void *regionCallee(StringRef name) {
  if (name == RegionAbi::StatusFlags)
    return reinterpret_cast<void *>(&statusFlagsOf);
  if (name == RegionAbi::DepositBits)
    return reinterpret_cast<void *>(&depositBits);
  if (name == RegionAbi::ExtractBits)
    return reinterpret_cast<void *>(&extractBits);
  if (name == RegionAbi::X87Enter)
    return reinterpret_cast<void *>(&host::x87Enter);
  if (name == RegionAbi::X87Leave)
    return reinterpret_cast<void *>(&host::x87Leave);
  return dlsym(RTLD_DEFAULT, name.str().c_str());
}

} // namespace dbt
