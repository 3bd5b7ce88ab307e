//===- CodeTracker.cpp - Guest pages that hold decoded code ---------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dispatch/CodeTracker.h"
#include "Loader/AddressSpace.h"

#include <sys/mman.h>

namespace dbt {

CodeTracker::CodeTracker(AddressSpace &space) : space(space) {
  space.setChangeListener(&CodeTracker::onChange, this);
}

uint64_t CodeTracker::executableBytes(uint64_t pc) {
  PageInfo info = space.query(pc);
  return (info.prot & PROT_EXEC) ? info.end - pc : 0;
}

CodeSource::PageKind CodeTracker::track(uint64_t page) {
  bool givenUp;
  {
    std::lock_guard guard(lock);
    auto it = hits.find(page);
    givenUp = it != hits.end() && it->second >= MaxHits;
  }
  switch (space.trackCode(page * PageSize, givenUp)) {
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

bool CodeTracker::isConstant(uint64_t at, uint64_t size) {
  const Mapping mapping = space.find(at);
  // What is shared another process may write.
  if (!(mapping.prot & PROT_READ) || (mapping.prot & PROT_WRITE) || mapping.isShared() ||
      pageDown(at) != pageDown(at + size - 1))
    return false;
  return space.trackCode(at) == CodeTracking::ReadOnly;
}

bool CodeTracker::onWriteFault(uint64_t address) {
  std::vector<uint64_t> pages = space.codeBehind(address);
  if (pages.empty()) // another thread's fault may have been first
    return space.query(address).prot & PROT_WRITE;
  for (uint64_t page : pages) {
    {
      std::lock_guard guard(lock);
      ++hits[page / PageSize];
    }
    drop(pageDown(page), PageSize);
  }
  return true;
}

void CodeTracker::drop(uint64_t start, uint64_t size) {
  LongestPause::Span span(pause);
  invalidate(start, size);
  space.untrackCode(start, size);
}

void CodeTracker::onChange(void *self, uint64_t start, uint64_t size) {
  static_cast<CodeTracker *>(self)->drop(start, size);
}

} // namespace dbt
