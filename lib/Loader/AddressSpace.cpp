//===- AddressSpace.cpp - The guest's memory calls ------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// What each call does beyond the host's: it leaves alone what is not the
// guest's, has code invalidated first, and keeps the records. The host call and
// the change of the records are one step under the lock.
//===----------------------------------------------------------------------===//

#include "Loader/AddressSpace.h"

#include "Loader/HostMemory.h"

#include <algorithm>
#include <cerrno>
#include <sys/mman.h>

using namespace dbt;
using namespace dbt::host;

namespace {

constexpr int ProtMask = PROT_READ | PROT_WRITE | PROT_EXEC;

/// The size a mapping gets: huge pages round up to theirs. 0 on overflow.
uint64_t roundLength(uint64_t len, int flags) {
  uint64_t page = PageSize;
  if ((flags & MAP_HUGETLB) && (flags & MAP_ANONYMOUS)) {
    unsigned log = static_cast<unsigned>(flags) >> MAP_HUGE_SHIFT & MAP_HUGE_MASK;
    page = log ? uint64_t(1) << log : hugePageSize();
  }
  uint64_t size = (len + page - 1) & -page;
  return size < len ? 0 : size;
}

} // namespace

/// The host's limit to the number of mappings is the guest's and the translator's together, and the
/// translator needs some when the guest has none left.
bool AddressSpace::isFull() const {
  constexpr size_t Ours = 2048, Many = 8192;
  return records.size() >= Many && records.size() + Ours >= maxMappings();
}

int64_t AddressSpace::map(uint64_t addr, uint64_t len, int prot, int flags, int fd,
                          uint64_t offset) {
  if (!len || offset % PageSize)
    return -EINVAL;
  uint64_t size = roundLength(len, flags);
  if (!size || size > TaskSize)
    return -ENOMEM;

  Mapping mapping;
  mapping.prot = prot & ProtMask;
  mapping.flags = (flags & MAP_SHARED ? MAP_SHARED : MAP_PRIVATE) | (flags & MAP_GROWSDOWN);
  mapping.offset = offset;
  if (flags & MAP_ANONYMOUS) {
    mapping.offset = 0;
    if (flags & MAP_SHARED) {
      mapping.file = std::make_shared<MappedFile>();
      mapping.file->outside = false;
    }
  } else {
    Lock lock(mutex);
    int64_t error = 0;
    mapping.file = fileOf(fd, error);
    if (error)
      return error;
  }
  // The host maps nothing executable, so it cannot say this.
  bool noExec = mapping.file && mapping.file->noExec;
  if (noExec && (prot & PROT_EXEC))
    return -EPERM;

  if ((flags & MAP_FIXED) && !(flags & MAP_FIXED_NOREPLACE)) {
    if (addr % PageSize)
      return -EINVAL;
    if (size > TaskSize || addr > TaskSize - size)
      return -ENOMEM;
    mapping.start = addr;
    mapping.end = addr + size;
    return mapFixed(mapping, flags, fd);
  }

  // Wherever the host puts it, nothing was mapped and no code is tracked.
  Lock lock = lockWithoutCode(Change::Altered, {0, 0}, {0, 0}, writablePart(mapping, size));
  if (isFull())
    return -ENOMEM;
  if (readImpliesExec && (prot & PROT_READ) && !noExec)
    mapping.prot |= PROT_EXEC;
  int64_t result = mmap(addr, size, hostProt(mapping.prot), flags, fd, offset);
  if (result < 0)
    return result;
  mapping.start = result;
  mapping.end = mapping.start + size;
  record(mapping);
  return result;
}

/// What a new mapping of \p size bytes lets the guest store to: code that was made of it as of
/// memory that nobody writes must go first.
AddressSpace::FilePart AddressSpace::writablePart(const Mapping &mapping, uint64_t size) {
  if (!mapping.isShared() || !(mapping.prot & PROT_WRITE))
    return {nullptr, {0, 0}};
  return {mapping.file.get(), {mapping.offset, mapping.offset + size}};
}

int64_t AddressSpace::mapFixed(Mapping mapping, int flags, int fd) {
  Range range{mapping.start, mapping.end};
  Lock lock = lockWithoutCode(Change::Gone, range, {0, 0}, writablePart(mapping, range.end - range.start));
  if (isFull())
    return -ENOMEM;
  if (readImpliesExec && (mapping.prot & PROT_READ) && !(mapping.file && mapping.file->noExec))
    mapping.prot |= PROT_EXEC;
  std::vector<Range> claimed;
  int64_t result = claimGaps(range, claimed);
  if (result == 0)
    result = mmap(range.start, range.end - range.start, hostProt(mapping.prot), flags, fd,
                  mapping.offset);
  if (result < 0) {
    for (Range gap : claimed)
      munmap(gap.start, gap.end - gap.start);
    // The kernel unmaps the old before it knows whether the new one works.
    resyncLocked();
    return result;
  }
  erase(range);
  record(std::move(mapping));
  return result;
}

/// Reserves what the guest does not have in \p range, so that a mapping which is
/// not the guest's is found out without a race against the translator's own
/// threads.
int64_t AddressSpace::claimGaps(Range range, std::vector<Range> &claimed) {
  uint64_t at = range.start;
  while (at < range.end) {
    auto it = firstAt(at);
    uint64_t next = it == records.end() ? range.end : std::min(it->second.start, range.end);
    if (next > at) {
      int64_t result = mmap(at, next - at, PROT_NONE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
      if (result < 0)
        return result == -EEXIST ? -ENOMEM : result;
      claimed.push_back({at, next});
    }
    at = it == records.end() ? range.end : std::max(next, it->second.end);
  }
  return 0;
}

int64_t AddressSpace::unmap(uint64_t addr, uint64_t len) {
  if (addr % PageSize || !len || len > TaskSize || addr > TaskSize - pageUp(len))
    return -EINVAL;
  Range range{addr, addr + pageUp(len)};
  Lock lock = lockWithoutCode(Change::Gone, range);
  return unmapLocked(range);
}

int64_t AddressSpace::unmapLocked(Range range) {
  // Natively there is nothing where the translator is: that is no error.
  int64_t result = 0;
  std::vector<Range> pieces;
  forPieces(range, [&](Range piece, Mapping &) {
    if (!pieces.empty() && pieces.back().end == piece.start)
      pieces.back().end = piece.end;
    else
      pieces.push_back(piece);
  });
  for (Range piece : pieces) {
    result = munmap(piece.start, piece.end - piece.start);
    if (result < 0)
      break;
    erase(piece);
  }
  return result;
}

int64_t AddressSpace::protect(uint64_t addr, uint64_t len, int prot) {
  int grows = prot & (PROT_GROWSDOWN | PROT_GROWSUP);
  prot &= ~grows;
  if (grows & PROT_GROWSUP || addr % PageSize || prot & ~(ProtMask | 8 /* PROT_SEM */))
    return -EINVAL;
  if (!len)
    return 0;
  uint64_t end = addr + pageUp(len);
  if (end <= addr || end > TaskSize)
    return -ENOMEM;
  prot &= ProtMask;

  if (grows) {
    Lock lock(mutex);
    auto it = firstAt(addr);
    if (it == records.end() || it->second.start >= end)
      return -ENOMEM;
    if (!(it->second.flags & MAP_GROWSDOWN))
      return -EINVAL;
    addr = it->second.start;
  }
  {
    // Nothing changes: keep the code.
    Lock lock(mutex);
    bool same = coveredEnd(addr, end) == end;
    forPieces({addr, end}, [&](Range, Mapping &m) { same &= m.prot == prot; });
    if (same)
      return 0;
  }
  for (;;) {
    Lock lock = lockWithoutCode(Change::Altered, {addr, end});
    // Code elsewhere of what becomes writable here was made as of memory that nobody writes.
    if (!(prot & PROT_WRITE) || !tell(lock, codeBehindShared({addr, end})))
      return protectLocked({addr, end}, prot);
  }
}

/// Whether a record begins or ends elsewhere than \p range.
bool AddressSpace::splits(Range range) {
  auto first = lookup(range.start), last = lookup(range.end);
  return (first != records.end() && first->second.start < range.start) ||
         (last != records.end() && last->second.start < range.end);
}

int64_t AddressSpace::protectLocked(Range range, int prot) {
  // As in the kernel, what precedes a hole or an error has been changed.
  Range covered{range.start, coveredEnd(range.start, range.end)};
  int64_t result = 0;
  if (isFull() && splits(covered))
    return -ENOMEM;
  splitAt(covered.start);
  splitAt(covered.end);
  forPieces(covered, [&](Range piece, Mapping &m) {
    if (result < 0)
      return;
    int want = prot;
    bool noExec = m.file && m.file->noExec;
    if (readImpliesExec && (want & PROT_READ) && !noExec)
      want |= PROT_EXEC;
    if (noExec && (want & PROT_EXEC))
      result = -EACCES;
    else
      result = hostProtect(piece, want);
    if (result == 0)
      m.prot = want;
  });
  mergeAround(covered);
  if (result < 0)
    return result;
  return covered.end == range.end ? 0 : -ENOMEM;
}

int64_t AddressSpace::remap(uint64_t old, uint64_t oldLen, uint64_t newLen, int flags,
                            uint64_t newAddr) {
  constexpr int Known = MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP;
  if (flags & ~Known || old % PageSize || oldLen > TaskSize || newLen > TaskSize || !newLen)
    return -EINVAL;
  if ((flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) && !(flags & MREMAP_MAYMOVE))
    return -EINVAL;
  oldLen = pageUp(oldLen);
  newLen = pageUp(newLen);
  if ((flags & MREMAP_DONTUNMAP) && oldLen != newLen)
    return -EINVAL;
  if (old > TaskSize - oldLen)
    return -EFAULT;
  Range source{old, old + oldLen}, target{0, 0};
  if (flags & MREMAP_FIXED) {
    if (newAddr % PageSize || newAddr > TaskSize - newLen)
      return -EINVAL;
    target = {newAddr, newAddr + newLen};
    if (target.start < source.end && source.start < target.end)
      return -EINVAL;
  }

  // The host moves one of its mappings; withheld pages split them.
  // A longer one may reach code of the same file, and be writable.
  Lock lock;
  Map::iterator it;
  for (;;) {
    lock = lockWithoutCode(Change::Gone, source, target);
    it = lookup(old);
    if (it == records.end())
      return -EFAULT;
    FilePart part = writablePart(it->second, newLen);
    part.offsets = {part.offsets.start + (old - it->second.start), part.offsets.end + (old - it->second.start)};
    std::vector<uint64_t> pages = codeOf(part);
    if (anyWithheld(source))
      for (uint64_t page : codeToRelease(source, /*writableOnly=*/false))
        pages.push_back(page);
    if (!tell(lock, std::move(pages)))
      break;
  }
  if (!(flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) && oldLen && newLen <= oldLen) {
    int64_t result = newLen < oldLen ? unmapLocked({old + newLen, source.end}) : 0;
    return result < 0 ? result : static_cast<int64_t>(old);
  }
  if (source.end > it->second.end)
    return -EFAULT;
  Mapping mapping = it->second;
  return moveLocked(mapping, source, newLen, flags, newAddr);
}

int64_t AddressSpace::moveLocked(const Mapping &source, Range old, uint64_t newLen, int flags,
                                 uint64_t newAddr) {
  std::vector<Range> claimed;
  int64_t result = 0;
  if (flags & MREMAP_FIXED)
    result = claimGaps({newAddr, newAddr + newLen}, claimed);
  if (result == 0)
    result = mremap(old.start, old.end - old.start, newLen, flags, newAddr);
  if (result < 0) {
    for (Range gap : claimed)
      munmap(gap.start, gap.end - gap.start);
    resyncLocked();
    return result;
  }
  Mapping moved = source;
  if (moved.file)
    moved.offset += old.start - source.start;
  moved.start = result;
  moved.end = moved.start + newLen;
  if (moved.start != old.start)
    moved.kind = MappingKind::Plain;
  if (!(flags & MREMAP_DONTUNMAP) && old.end > old.start)
    erase(old);
  erase({moved.start, moved.end});
  record(std::move(moved));
  return result;
}

uint64_t AddressSpace::brk(uint64_t addr) {
  uint64_t oldPage, newPage = pageUp(addr);
  {
    Lock lock(mutex);
    if (addr < brkStart || addr > TaskSize)
      return brkEnd;
    oldPage = pageUp(brkEnd);
  }
  Lock lock = lockWithoutCode(Change::Gone, {newPage, std::max(newPage, oldPage)});
  oldPage = pageUp(brkEnd);
  if (newPage < oldPage) {
    if (unmapLocked({newPage, oldPage}) < 0)
      return brkEnd;
  } else if (newPage > oldPage) {
    // The kernel keeps a page free behind the heap.
    if (lookup(newPage) != records.end())
      return brkEnd;
    Mapping heap;
    heap.start = oldPage;
    heap.end = newPage;
    heap.prot = PROT_READ | PROT_WRITE | (readImpliesExec ? PROT_EXEC : 0);
    heap.flags = MAP_PRIVATE;
    heap.kind = MappingKind::Heap;
    if (mmap(oldPage, newPage - oldPage, hostProt(heap.prot),
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) < 0)
      return brkEnd;
    record(heap);
  }
  brkEnd = addr;
  return addr;
}

void AddressSpace::setBrk(uint64_t start) {
  Lock lock(mutex);
  brkStart = brkEnd = start;
}

void AddressSpace::setReadImpliesExec(bool on) {
  Lock lock(mutex);
  readImpliesExec = on;
}
