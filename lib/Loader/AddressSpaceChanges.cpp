//===- AddressSpaceChanges.cpp - Code out of reach before a change ------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Everything that changes memory with code in it other than by a store: mappings, their
// protection, what they map, and what the kernel writes for a system call. The listener
// is told first, without the lock; whoever needs that no code is made meanwhile looks
// again with the lock held, or stays in the list of writes under way.
//===----------------------------------------------------------------------===//

#include "Loader/AddressSpace.h"

#include "Loader/Relatives.h"

#include <algorithm>
#include <sys/mman.h>

using namespace dbt;

void AddressSpace::setChangeListener(ChangeListener newListener, void *context) {
  Lock lock(mutex);
  listener = newListener;
  listenerContext = context;
}

/// Has the listener invalidate \p pages and releases the lock for that. False, and the lock
/// is still held, if there is nothing to do.
bool AddressSpace::tell(Lock &lock, std::vector<uint64_t> pages) {
  if (!listener || pages.empty())
    return false;
  std::sort(pages.begin(), pages.end());
  pages.erase(std::unique(pages.begin(), pages.end()), pages.end());
  ChangeListener call = listener;
  void *context = listenerContext;
  lock.unlock();
  for (uint64_t page : pages)
    call(context, page, PageSize, false);
  return true;
}

/// The pages with code that map \p part and rely on its not changing.
std::vector<uint64_t> AddressSpace::codeOf(const FilePart &part) {
  std::vector<uint64_t> pages;
  if (!part.file || part.file->codePages == 0)
    return pages;
  for (auto &[page, tracked] : code)
    if (tracked.file == part.file && tracked.tracking == CodeTracking::Protected &&
        part.offsets.overlaps({tracked.offset, tracked.offset + PageSize}))
      pages.push_back(page);
  return pages;
}

/// The pages with code that a store to the shared mappings in \p range would change.
std::vector<uint64_t> AddressSpace::codeBehindShared(Range range) {
  std::vector<uint64_t> pages;
  forPieces(range, [&](Range piece, Mapping &m) {
    if (!m.isShared())
      return;
    const uint64_t offset = m.offset + (piece.start - m.start);
    for (uint64_t page : codeOf({m.file.get(), {offset, offset + (piece.end - piece.start)}}))
      pages.push_back(page);
  });
  return pages;
}

AddressSpace::Lock AddressSpace::lockWithoutCode(Change change, Range a, Range b,
                                                 const FilePart &part) {
  for (;;) {
    // Another thread may decode there again before the lock is back.
    Lock lock(mutex);
    const bool inA = anyTracked(a);
    if (!listener || (!inA && !anyTracked(b))) {
      if (!tell(lock, codeOf(part)))
        return lock;
      continue;
    }
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
    for (uint64_t page : codeThatWithholds(*it))
      pages.push_back(page);
  }
  if (!writableOnly)
    for (auto it = code.lower_bound(range.start); it != code.end() && it->first < range.end; ++it)
      if (it->second.tracking == CodeTracking::Protected)
        pages.push_back(it->first);
  return pages;
}

bool AddressSpace::release(Range range, bool writableOnly) {
  Lock lock(mutex);
  return tell(lock, codeToRelease(range, writableOnly));
}

void AddressSpace::releaseCode(uint64_t start, uint64_t len) {
  release({pageDown(start), pageUp(start + len)}, /*writableOnly=*/false);
}

bool AddressSpace::releaseWritableCode(uint64_t start, uint64_t len) {
  uint64_t end = start + len < start ? ~uint64_t(0) : start + len;
  return release({pageDown(start), end}, /*writableOnly=*/true);
}

/// Whether the host, or the listener's caller, tells of everything that changes \p page.
bool AddressSpace::isNoticed(uint64_t page) const {
  bool written = relatives && relatives->anyWriter(self);
  for (const WriteUnderWay *write = underWay; write && !written; write = write->next)
    write->forRanges([&](const Range &range) { written |= range.overlaps({page, page + PageSize}); });
  return !written;
}

void AddressSpace::begin(WriteUnderWay &write) {
  Lock lock(mutex);
  write.next = underWay;
  write.place = &underWay;
  if (underWay)
    underWay->place = &write.next;
  underWay = &write;
  std::vector<uint64_t> pages;
  write.forRanges([&](const Range &range) {
    if (!anyTracked(range) && !anyWithheld(range))
      return;
    for (uint64_t page : codeToRelease(range, /*writableOnly=*/false))
      pages.push_back(page);
  });
  for (const FileId &id : write.ids) {
    File file = known(id);
    ++file->writes;
    for (uint64_t page : codeOf({file.get(), {0, ~uint64_t(0)}}))
      pages.push_back(page);
    write.files.push_back(std::move(file));
  }
  // From here on nobody tracks a page of it but as Volatile. Who did before has published
  // by the time that the listener has the lock of the code.
  tell(lock, std::move(pages));
}

void AddressSpace::end(WriteUnderWay &write) {
  Lock lock(mutex);
  if (!write.place)
    return; // a fork's child has emptied the list
  *write.place = write.next;
  if (write.next)
    write.next->place = write.place;
  write.place = nullptr;
  for (File &file : write.files) {
    --file->writes;
    if (file.use_count() == 1)
      files.erase(file->id); // written, not mapped
  }
  write.files.clear();
}

bool AddressSpace::lockForFork() {
  mutex.lock();
  bool shared = own.empty();
  for (auto &[start, mapping] : records)
    shared &= !mapping.file || mapping.file->outside;
  if (!shared)
    mutex.unlock();
  return shared;
}

void AddressSpace::unlockAfterFork(bool inChild) {
  if (inChild) {
    // They are other threads', whose stacks may not exist any more.
    underWay = nullptr;
    watch.forgetUnwatched();
    for (auto &[id, entry] : files)
      if (File file = entry.lock())
        file->writes = 0;
  }
  mutex.unlock();
}
