//===- AddressSpaceRecords.cpp - The guest's mappings, looked up ----------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The interval map: neighbours that differ in nothing are one record, as they
// are one line in /proc/self/maps.
//===----------------------------------------------------------------------===//

#include "Loader/AddressSpace.h"

#include "Loader/HostMemory.h"

#include <algorithm>
#include <cassert>
#include <cstdio>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

using namespace dbt;

bool Mapping::isShared() const { return flags & MAP_SHARED; }

AddressSpace::Map::iterator AddressSpace::firstAt(uint64_t addr) {
  auto it = records.upper_bound(addr);
  if (it != records.begin() && std::prev(it)->second.end > addr)
    return std::prev(it);
  if (it != records.end() && followGrowth(it))
    return firstAt(addr);
  return it;
}

AddressSpace::Map::iterator AddressSpace::lookup(uint64_t addr) {
  auto it = firstAt(addr);
  return it == records.end() || it->second.start > addr ? records.end() : it;
}

/// The host extends a MAP_GROWSDOWN mapping without telling. \returns whether
/// it has, after \p it was replaced.
bool AddressSpace::followGrowth(Map::iterator it) {
  Mapping mapping = it->second;
  if (!(mapping.flags & MAP_GROWSDOWN) || mapping.kind == MappingKind::Stack)
    return false;
  uint64_t limit = it == records.begin() ? 0 : std::prev(it)->second.end;
  uint64_t low = mapping.start;
  unsigned char resident;
  while (low > limit && !::mincore(reinterpret_cast<void *>(low - PageSize), PageSize, &resident))
    low -= PageSize;
  if (low == mapping.start)
    return false;
  records.erase(it);
  mapping.start = low;
  records.emplace(low, std::move(mapping));
  return true;
}

void AddressSpace::splitAt(uint64_t addr) {
  auto it = firstAt(addr);
  if (it == records.end() || it->second.start >= addr)
    return;
  Mapping tail = it->second;
  if (tail.file)
    tail.offset += addr - tail.start;
  tail.start = addr;
  it->second.end = addr;
  records.emplace(addr, std::move(tail));
}

void AddressSpace::erase(Range range) {
  splitAt(range.start);
  splitAt(range.end);
  for (auto it = code.lower_bound(range.start); it != code.end() && it->first < range.end;)
    it = forgetCode(it); // names the records' files
  records.erase(records.lower_bound(range.start), records.lower_bound(range.end));
  eraseWithheld(range);
}

void AddressSpace::record(Mapping mapping) {
  assert(mapping.start < mapping.end && "empty mapping");
  Range range{mapping.start, mapping.end};
  if (mapping.isShared() && mapping.file)
    mapping.file->everShared = true;
  [[maybe_unused]] bool isNew = records.emplace(range.start, std::move(mapping)).second;
  assert(isNew && "a mapping is already recorded here");
  mergeAround(range);
}

void AddressSpace::mergeAround(Range range) {
  auto it = records.lower_bound(range.start);
  if (it != records.begin())
    --it;
  while (it != records.end()) {
    auto next = std::next(it);
    if (next == records.end() || next->second.start > range.end)
      return;
    Mapping &a = it->second, &b = next->second;
    bool alike = a.end == b.start && a.prot == b.prot && a.flags == b.flags && a.kind == b.kind &&
                 a.file == b.file && (!a.file || a.offset + (a.end - a.start) == b.offset);
    if (!alike) {
      it = next;
      continue;
    }
    a.end = b.end;
    records.erase(next);
  }
}

uint64_t AddressSpace::coveredEnd(uint64_t start, uint64_t end) {
  uint64_t at = start;
  for (auto it = lookup(start); it != records.end() && it->second.start <= at && at < end; ++it)
    at = it->second.end;
  return std::min(at, end);
}

/// The file's entry, made if need be.
AddressSpace::File AddressSpace::known(const FileId &id) {
  std::weak_ptr<MappedFile> &entry = files[id];
  File file = entry.lock();
  if (!file) {
    entry = file = std::make_shared<MappedFile>();
    file->id = id;
    file->outside = !own.contains(id);
    file->mayBeWritten = watch.mayBeWritten(id);
  }
  return file;
}

AddressSpace::File AddressSpace::fileOf(int fd, int64_t &error) {
  struct stat st;
  if (::fstat(fd, &st)) {
    error = -errno;
    return nullptr;
  }
  File file = known({st.st_dev, st.st_ino});
  if (file->described)
    return file;
  file->described = true;
  struct statfs fs;
  file->noExec = !::fstatfs(fd, &fs) && (fs.f_flags & ST_NOEXEC);
  char link[32], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = ::readlink(link, path, sizeof path);
  if (n > 0)
    file->path.assign(path, n);
  return file;
}

void AddressSpace::setKind(uint64_t addr, MappingKind kind) {
  Lock lock(mutex);
  auto it = lookup(addr);
  assert(it != records.end() && "no such mapping");
  it->second.kind = kind;
  if (kind == MappingKind::Stack)
    it->second.flags |= MAP_GROWSDOWN;
}

void AddressSpace::adopt(const Mapping &mapping) {
  Lock lock(mutex);
  record(mapping);
  hostProtect({mapping.start, mapping.end}, mapping.prot);
}

void AddressSpace::forget(uint64_t start, uint64_t len) {
  Range range{start, start + pageUp(len)};
  Lock lock = lockWithoutCode(Change::Gone, range);
  erase(range);
}

void AddressSpace::resync() {
  Lock lock(mutex);
  resyncLocked();
}

void AddressSpace::resyncLocked() {
  std::vector<Range> gone;
  auto lines = host::hostMappings();
  for (auto &[start, mapping] : records) {
    uint64_t at = start;
    for (const host::HostMapping &line : lines) {
      if (line.end <= at)
        continue;
      if (line.start >= mapping.end)
        break;
      if (line.start > at)
        gone.push_back({at, line.start});
      at = line.end;
    }
    if (at < mapping.end)
      gone.push_back({at, mapping.end});
  }
  for (Range range : gone)
    erase(range);
}

PageInfo AddressSpace::query(uint64_t addr) {
  Lock lock(mutex);
  auto it = lookup(addr);
  if (it == records.end())
    return {};
  return {it->second.prot, true, it->second.end};
}

Mapping AddressSpace::find(uint64_t addr) {
  Lock lock(mutex);
  auto it = lookup(addr);
  return it == records.end() ? Mapping() : it->second;
}

bool AddressSpace::isGuest(uint64_t start, uint64_t len) {
  Lock lock(mutex);
  return len == 0 || (start <= TaskSize - std::min(len, TaskSize) && len <= TaskSize &&
                      coveredEnd(start, start + len) == start + len);
}

std::vector<Mapping> AddressSpace::mappings() {
  Lock lock(mutex);
  std::vector<Mapping> result;
  for (auto &[start, mapping] : records)
    result.push_back(mapping);
  return result;
}

std::string AddressSpace::mapsText() {
  Lock lock(mutex);
  // Names, devices and inodes are the kernel's, which knows of renames and
  // deletions; protections and extents are the guest's.
  auto lines = host::hostMappings();
  auto hostLine = lines.begin();
  std::string text;
  for (auto &[start, m] : records) {
    while (hostLine != lines.end() && hostLine->end <= start)
      ++hostLine;
    bool known = hostLine != lines.end() && hostLine->start <= start;
    std::string name;
    if (m.kind == MappingKind::Heap)
      name = "[heap]";
    else if (m.kind == MappingKind::Stack)
      name = "[stack]";
    else if (known && (m.file || hostLine->name.starts_with("[anon")))
      name = hostLine->name;
    bool file = known && m.file;
    char line[128];
    int n = snprintf(line, sizeof line, "%08lx-%08lx %c%c%c%c %08lx %s %s ", start, m.end,
                     m.prot & PROT_READ ? 'r' : '-', m.prot & PROT_WRITE ? 'w' : '-',
                     m.prot & PROT_EXEC ? 'x' : '-', m.isShared() ? 's' : 'p',
                     file ? m.offset : 0, file ? hostLine->device.c_str() : "00:00",
                     file ? hostLine->inode.c_str() : "0");
    text.append(line, n);
    constexpr int NameColumn = 73;
    if (!name.empty()) {
      text.append(n < NameColumn ? NameColumn - n : 0, ' ');
      text += name;
    }
    text += '\n';
  }
  return text;
}
