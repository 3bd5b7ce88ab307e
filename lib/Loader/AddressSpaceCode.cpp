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
//
// A page whose protection differs from its neighbours' is a mapping of its own in the
// host, which has a limit to their number: withholding can fail, and so can giving back
// in the middle of withheld pages. Nothing then goes wrong, but slowly: code whose
// writers cannot be withheld is Volatile, and a page that could not be given back is
// given back together with its neighbours when somebody wants to write it.
//===----------------------------------------------------------------------===//

#include "Loader/AddressSpace.h"

#include "Loader/HostMemory.h"
#include "Loader/Relatives.h"

#include <algorithm>
#include <sys/mman.h>

using namespace dbt;
using namespace dbt::host;

bool AddressSpace::isProtected(uint64_t page) const {
  auto it = code.find(page);
  return it != code.end() && it->second.tracking == CodeTracking::Protected;
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

/// Whether other processes have to be told that WRITE is withheld from \p page: it is nobody's
/// business in shared memory, where code is tracked only if it is ours alone.
bool AddressSpace::isListed(uint64_t page) {
  auto it = lookup(page);
  return relatives && it != records.end() && !it->second.isShared() && (it->second.prot & PROT_WRITE);
}

bool AddressSpace::insertWithheld(uint64_t page) {
  if (isListed(page) && !relatives->addWithheld(self, page))
    return false;
  withheld.insert(page);
  return true;
}

void AddressSpace::eraseWithheld(Range range) {
  auto first = withheld.lower_bound(range.start), last = withheld.lower_bound(range.end);
  if (relatives)
    for (auto it = first; it != last; ++it)
      relatives->removeWithheld(self, *it);
  withheld.erase(first, last);
}

/// Says whether a store to \p page faults in the host now.
bool AddressSpace::withhold(uint64_t page) {
  if (withheld.contains(page))
    return true;
  if (!insertWithheld(page))
    return false;
  auto it = lookup(page);
  if (it == records.end() || !(it->second.prot & PROT_WRITE) ||
      hostProtect({page, page + PageSize}, it->second.prot) == 0)
    return true;
  eraseWithheld({page, page + PageSize});
  return false;
}

/// The withheld pages side by side with \p page: at most these are one mapping in the host
/// for lack of WRITE.
AddressSpace::Range AddressSpace::withheldAround(uint64_t page) {
  Range run{page, page + PageSize};
  while (withheld.contains(run.start - PageSize))
    run.start -= PageSize;
  while (withheld.contains(run.end))
    run.end += PageSize;
  return run;
}

/// The code for whose sake the host does not let \p page be written.
std::vector<uint64_t> AddressSpace::codeThatWithholds(uint64_t page) {
  std::vector<uint64_t> pages = codeBehindPage(page);
  if (!pages.empty())
    return pages;
  const Range run = withheldAround(page);
  for (uint64_t at = run.start; at < run.end; at += PageSize)
    for (uint64_t behind : codeBehindPage(at))
      pages.push_back(behind);
  return pages;
}

/// Gives WRITE back to a page that has no code behind it any more, and to pages next to it
/// where that has failed before.
void AddressSpace::restore(uint64_t page) {
  Range free{page, page + PageSize};
  while (withheld.contains(free.start - PageSize) && codeBehindPage(free.start - PageSize).empty())
    free.start -= PageSize;
  while (withheld.contains(free.end) && codeBehindPage(free.end).empty())
    free.end += PageSize;
  // hostProtect() gives what is not withheld.
  const std::vector<uint64_t> pages(withheld.lower_bound(free.start), withheld.lower_bound(free.end));
  withheld.erase(withheld.lower_bound(free.start), withheld.lower_bound(free.end));
  forPieces(free, [&](Range piece, Mapping &m) {
    const bool restored = !(m.prot & PROT_WRITE) || hostProtect(piece, m.prot) == 0;
    for (uint64_t at : pages)
      if (at >= piece.start && at < piece.end && !restored)
        withheld.insert(at);
  });
  for (uint64_t at : pages)
    if (relatives && !withheld.contains(at))
      relatives->removeWithheld(self, at);
}

/// Gives WRITE back to the pages from which it was withheld for \p page's sake.
void AddressSpace::restoreWriters(uint64_t page) {
  for (uint64_t writer : sameStorage(page, /*sharedOnly=*/true))
    if (withheld.contains(writer) && codeBehindPage(writer).empty())
      restore(writer);
}

AddressSpace::Code::iterator AddressSpace::forgetCode(Code::iterator it) {
  if (it->second.file)
    --it->second.file->codePages;
  return code.erase(it);
}

CodeTracking AddressSpace::trackCode(uint64_t addr, bool asVolatile) {
  Lock lock(mutex);
  const uint64_t page = pageDown(addr);
  auto it = lookup(page);
  if (it == records.end())
    return CodeTracking::Untracked;
  const Mapping &mapping = it->second;
  auto [entry, isNew] = code.try_emplace(
      page, TrackedPage{CodeTracking::Protected, mapping.file.get(), mapping.offset + (page - mapping.start)});
  if (isNew && mapping.file)
    ++mapping.file->codePages;
  CodeTracking &tracking = entry->second.tracking;
  if (tracking == CodeTracking::Volatile)
    return tracking;
  bool writable = false, noticed = !asVolatile && isFileNoticed(mapping);
  for (uint64_t writer : sameStorage(page, /*sharedOnly=*/true)) {
    noticed = noticed && isNoticed(writer) && withhold(writer);
    writable |= (lookup(writer)->second.prot & PROT_WRITE) != 0;
  }
  if (!noticed) {
    tracking = CodeTracking::Volatile;
    restoreWriters(page);
    return tracking;
  }
  return writable ? CodeTracking::Protected : CodeTracking::ReadOnly;
}

void AddressSpace::untrackCode(uint64_t start, uint64_t len) {
  Lock lock(mutex);
  for (auto it = code.lower_bound(pageDown(start)); it != code.end() && it->first < start + len;) {
    const uint64_t page = it->first;
    it = forgetCode(it);
    restoreWriters(page);
  }
}

CodeTracking AddressSpace::tracking(uint64_t addr) {
  Lock lock(mutex);
  uint64_t page = pageDown(addr);
  auto it = code.find(page);
  if (it == code.end())
    return CodeTracking::Untracked;
  if (it->second.tracking == CodeTracking::Volatile)
    return CodeTracking::Volatile;
  for (uint64_t writer : sameStorage(page, /*sharedOnly=*/true))
    if (lookup(writer)->second.prot & PROT_WRITE)
      return CodeTracking::Protected;
  return CodeTracking::ReadOnly;
}

std::vector<uint64_t> AddressSpace::codeBehind(uint64_t addr) {
  Lock lock(mutex);
  const uint64_t page = pageDown(addr);
  if (!withheld.contains(page))
    return {};
  std::vector<uint64_t> pages = codeThatWithholds(page);
  if (pages.empty())
    restore(page); // nothing but an earlier failure withholds it
  return pages;
}
