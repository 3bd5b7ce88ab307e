//===- AddressSpaceCode.cpp - Pages that hold decoded code ----------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A store to a page can change the code of other pages: those which map the
// same part of a file, if the page's mapping is shared. So WRITE is withheld
// from every shared mapping of what a code page maps, and from the page itself.
// Files that were never mapped MAP_SHARED, nearly all, cost nothing.
//===----------------------------------------------------------------------===//

#include "Loader/AddressSpace.h"

#include "Loader/HostMemory.h"

#include <algorithm>
#include <sys/mman.h>

using namespace dbt;
using namespace dbt::host;

bool AddressSpace::isProtected(uint64_t page) const {
  auto it = code.find(page);
  return it != code.end() && it->second == CodeTracking::Protected;
}

bool AddressSpace::anyTracked(Range range) const {
  auto it = code.lower_bound(range.start);
  return it != code.end() && it->first < range.end;
}

bool AddressSpace::anyWithheld(Range range) const {
  auto it = withheld.lower_bound(range.start);
  return it != withheld.end() && *it < range.end;
}

/// The pages at which \p page's storage is mapped, \p page among them.
std::vector<uint64_t> AddressSpace::sameStorage(uint64_t page, bool sharedOnly) {
  std::vector<uint64_t> pages{page};
  auto it = lookup(page);
  if (it == records.end() || !it->second.file || !it->second.file->everShared)
    return pages;
  const MappedFile *file = it->second.file.get();
  uint64_t offset = it->second.offset + (page - it->second.start);
  for (auto &[start, m] : records) {
    if (m.file.get() != file || (sharedOnly && !m.isShared()))
      continue;
    if (offset < m.offset || offset - m.offset >= m.end - start)
      continue;
    uint64_t other = start + (offset - m.offset);
    if (other != page)
      pages.push_back(other);
  }
  return pages;
}

/// The Protected pages that a store to \p page changes.
std::vector<uint64_t> AddressSpace::codeBehindPage(uint64_t page) {
  auto it = lookup(page);
  if (it == records.end())
    return {};
  std::vector<uint64_t> pages{page};
  if (it->second.isShared())
    pages = sameStorage(page, /*sharedOnly=*/false);
  std::erase_if(pages, [&](uint64_t p) { return !isProtected(p); });
  return pages;
}

/// Changes the host's protection of \p range, which the guest has as \p prot.
int64_t AddressSpace::hostProtect(Range range, int prot) {
  auto it = withheld.lower_bound(range.start);
  for (uint64_t at = range.start; at < range.end;) {
    bool isWithheld = it != withheld.end() && *it == at;
    uint64_t next;
    if (isWithheld) {
      next = at + PageSize;
      ++it;
    } else {
      next = it != withheld.end() ? std::min(*it, range.end) : range.end;
    }
    int want = hostProt(isWithheld ? prot & ~PROT_WRITE : prot);
    // PROT_WRITE alone can be read as well.
    if (isWithheld && (prot & PROT_WRITE))
      want |= PROT_READ;
    if (int64_t result = host::mprotect(at, next - at, want); result < 0)
      return result;
    at = next;
  }
  return 0;
}

void AddressSpace::withhold(uint64_t page) {
  if (!withheld.insert(page).second)
    return;
  auto it = lookup(page);
  if (it != records.end() && (it->second.prot & PROT_WRITE) &&
      hostProtect({page, page + PageSize}, it->second.prot) < 0)
    withheld.erase(page);
}

/// Gives WRITE back to the pages from which it was withheld for \p page's sake.
void AddressSpace::restoreWriters(uint64_t page) {
  for (uint64_t writer : sameStorage(page, /*sharedOnly=*/true)) {
    if (!withheld.contains(writer) || !codeBehindPage(writer).empty())
      continue;
    withheld.erase(writer);
    auto it = lookup(writer);
    if (it != records.end() && (it->second.prot & PROT_WRITE))
      hostProtect({writer, writer + PageSize}, it->second.prot);
  }
}

/// A new shared mapping of a file whose pages may hold code elsewhere.
void AddressSpace::withholdAliases(const Mapping &mapping) {
  bool any = false;
  for (auto &[page, tracking] : code) {
    if (tracking != CodeTracking::Protected)
      continue;
    auto it = lookup(page);
    if (it == records.end() || it->second.file != mapping.file)
      continue;
    uint64_t offset = it->second.offset + (page - it->second.start);
    if (offset < mapping.offset || offset - mapping.offset >= mapping.end - mapping.start)
      continue;
    withheld.insert(mapping.start + (offset - mapping.offset));
    any = true;
  }
  if (any && (mapping.prot & PROT_WRITE))
    hostProtect({mapping.start, mapping.end}, mapping.prot);
}

CodeTracking AddressSpace::trackCode(uint64_t addr, bool asVolatile) {
  Lock lock(mutex);
  uint64_t page = pageDown(addr);
  auto it = lookup(page);
  if (it == records.end())
    return CodeTracking::Untracked;
  CodeTracking &tracking = code[page];
  if (tracking == CodeTracking::Volatile)
    return tracking;
  if (asVolatile) {
    tracking = CodeTracking::Volatile;
    restoreWriters(page);
    return tracking;
  }
  tracking = CodeTracking::Protected;
  bool writable = false;
  for (uint64_t writer : sameStorage(page, /*sharedOnly=*/true)) {
    withhold(writer);
    if (!withheld.contains(writer)) {
      tracking = CodeTracking::Volatile;
      restoreWriters(page);
      return tracking;
    }
    writable |= (lookup(writer)->second.prot & PROT_WRITE) != 0;
  }
  return writable ? CodeTracking::Protected : CodeTracking::ReadOnly;
}

void AddressSpace::untrackCode(uint64_t start, uint64_t len) {
  Lock lock(mutex);
  for (auto it = code.lower_bound(pageDown(start)); it != code.end() && it->first < start + len;) {
    const uint64_t page = it->first;
    it = code.erase(it);
    restoreWriters(page);
  }
}

CodeTracking AddressSpace::tracking(uint64_t addr) {
  Lock lock(mutex);
  uint64_t page = pageDown(addr);
  auto it = code.find(page);
  if (it == code.end())
    return CodeTracking::Untracked;
  if (it->second == CodeTracking::Volatile)
    return it->second;
  for (uint64_t writer : sameStorage(page, /*sharedOnly=*/true))
    if (lookup(writer)->second.prot & PROT_WRITE)
      return CodeTracking::Protected;
  return CodeTracking::ReadOnly;
}

std::vector<uint64_t> AddressSpace::codeBehind(uint64_t addr) {
  Lock lock(mutex);
  uint64_t page = pageDown(addr);
  if (!withheld.contains(page))
    return {};
  return codeBehindPage(page);
}

void AddressSpace::setChangeListener(ChangeListener newListener, void *context) {
  Lock lock(mutex);
  listener = newListener;
  listenerContext = context;
}

AddressSpace::Lock AddressSpace::lockWithoutCode(Change change, Range a, Range b) {
  for (;;) {
    Lock lock(mutex);
    bool inA = anyTracked(a);
    if (!listener || (!inA && !anyTracked(b)))
      return lock;
    // Another thread may decode there again before the lock is back.
    Range range = inA ? a : b;
    ChangeListener call = listener;
    void *context = listenerContext;
    lock.unlock();
    call(context, range.start, range.end - range.start, change == Change::Gone);
  }
}

std::vector<uint64_t> AddressSpace::codeToRelease(Range range, bool writableOnly) {
  std::vector<uint64_t> pages;
  for (auto it = withheld.lower_bound(range.start); it != withheld.end() && *it < range.end; ++it) {
    auto record = lookup(*it);
    if (writableOnly && (record == records.end() || !(record->second.prot & PROT_WRITE)))
      continue;
    for (uint64_t page : codeBehindPage(*it))
      pages.push_back(page);
  }
  if (!writableOnly)
    for (auto it = code.lower_bound(range.start); it != code.end() && it->first < range.end; ++it)
      pages.push_back(it->first);
  std::sort(pages.begin(), pages.end());
  pages.erase(std::unique(pages.begin(), pages.end()), pages.end());
  return pages;
}

bool AddressSpace::release(Range range, bool writableOnly) {
  Lock lock(mutex);
  std::vector<uint64_t> pages = codeToRelease(range, writableOnly);
  if (!listener || pages.empty())
    return false;
  ChangeListener call = listener;
  void *context = listenerContext;
  lock.unlock();
  for (uint64_t page : pages)
    call(context, page, PageSize, false);
  return true;
}

void AddressSpace::releaseCode(uint64_t start, uint64_t len) {
  release({pageDown(start), pageUp(start + len)}, /*writableOnly=*/false);
}

bool AddressSpace::releaseWritableCode(uint64_t start, uint64_t len) {
  uint64_t end = start + len < start ? ~uint64_t(0) : start + len;
  return release({pageDown(start), end}, /*writableOnly=*/true);
}
