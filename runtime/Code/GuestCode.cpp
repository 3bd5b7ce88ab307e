//===- GuestCode.cpp - The address space as the code cache sees it --------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Code/GuestCode.h"

#include "Loader/AddressSpace.h"

#include <sys/mman.h>

namespace dbt {

void GuestCode::listen(CodeCache &cache) {
  space.setChangeListener([](void *to, uint64_t start, uint64_t size, bool gone) { static_cast<CodeCache *>(to)->change(start, size, gone); },
                          &cache);
}

uint64_t GuestCode::executableBytes(uint64_t pc) {
  PageInfo info = space.query(pc);
  return (info.prot & PROT_EXEC) ? info.end - pc : 0;
}

PageKind GuestCode::track(uint64_t page, bool asVolatile) {
  switch (space.trackCode(page, asVolatile)) {
  case CodeTracking::Untracked: // not the guest's: nothing to be decoded there
  case CodeTracking::ReadOnly:
    return PageKind::Stable;
  case CodeTracking::Protected:
    return PageKind::Writable;
  case CodeTracking::Volatile:
    return PageKind::Volatile;
  }
  __builtin_unreachable();
}

void GuestCode::untrack(uint64_t start, uint64_t size) { space.untrackCode(start, size); }

std::vector<uint64_t> GuestCode::trackedBehind(uint64_t address) { return space.codeBehind(address); }

bool GuestCode::isWritable(uint64_t address) { return space.query(address).prot & PROT_WRITE; }

bool GuestCode::isReadable(uint64_t address) {
  return space.query(address).prot & (PROT_READ | PROT_WRITE | PROT_EXEC);
}

bool GuestCode::isConstant(uint64_t at, uint64_t size) {
  const Mapping mapping = space.find(at);
  return (mapping.prot & PROT_READ) && !(mapping.prot & PROT_WRITE) && !mapping.isShared() && pageDown(at) == pageDown(at + size - 1);
}

} // namespace dbt
