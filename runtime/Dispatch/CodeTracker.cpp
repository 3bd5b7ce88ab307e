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

namespace {
constexpr unsigned PageShift = 12;
constexpr uint64_t PageSize = 1 << PageShift;
} // namespace

CodeTracker::CodeTracker(AddressSpace &space) : space(space) {
  space.addChangeListener([this](uint64_t start, uint64_t size) { onMappingChange(start, size); });
}

uint64_t CodeTracker::executableBytes(uint64_t pc) {
  auto mapping = space.query(pc);
  return mapping && (mapping->prot & PROT_EXEC) ? mapping->end - pc : 0;
}

CodeSource::PageKind CodeTracker::track(uint64_t page) {
  auto mapping = space.query(page << PageShift);
  if (!mapping || !(mapping->prot & PROT_WRITE))
    return PageKind::Stable;
  std::lock_guard guard(lock);
  Page &state = pages[page];
  if (state.hits >= MaxHits)
    return PageKind::Volatile;
  if (!state.isProtected) {
    state.isProtected = true;
    space.trackCode(page);
  }
  return PageKind::Writable;
}

bool CodeTracker::onWriteFault(uint64_t address) {
  const uint64_t page = address >> PageShift;
  {
    std::lock_guard guard(lock);
    auto it = pages.find(page);
    if (it == pages.end() || !it->second.isProtected)
      return false;
    it->second.isProtected = false;
    ++it->second.hits;
  }
  invalidate(page << PageShift, PageSize);
  space.untrackCode(page);
  return true;
}

bool CodeTracker::release(uint64_t start, uint64_t size) {
  std::vector<uint64_t> released;
  {
    std::lock_guard guard(lock);
    for (auto &[page, state] : pages)
      if (state.isProtected && page << PageShift < start + size && start < (page + 1) << PageShift) {
        state.isProtected = false;
        ++state.hits;
        released.push_back(page);
      }
  }
  for (uint64_t page : released) {
    invalidate(page << PageShift, PageSize);
    space.untrackCode(page);
  }
  return !released.empty();
}

void CodeTracker::onMappingChange(uint64_t start, uint64_t size) {
  {
    std::lock_guard guard(lock);
    if (pages.size() > size >> PageShift) {
      for (uint64_t page = start >> PageShift; page << PageShift < start + size; ++page)
        pages.erase(page);
    } else {
      std::erase_if(pages, [&](const auto &entry) {
        return entry.first << PageShift >= start && entry.first << PageShift < start + size;
      });
    }
  }
  invalidate(start, size);
}

} // namespace dbt
