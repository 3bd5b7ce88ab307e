//===- AddressSpaceFiles.cpp - Who else may change what is mapped -------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Code in a mapped file changes by system calls on descriptors, which this process makes
// known (FileWatch.h), and by other processes, which nobody makes known: code in memory that
// they share with us is Volatile. docs/CodeCache.md, "Changes from outside".
//===----------------------------------------------------------------------===//

#include "Loader/AddressSpace.h"

#include "Loader/Relatives.h"

using namespace dbt;

/// Whether everything that changes what \p mapping maps is told.
bool AddressSpace::isFileNoticed(const Mapping &mapping) {
  MappedFile *file = mapping.file.get();
  if (!file)
    return true;
  // Private mappings show changes to the file, too, but only that this process makes are
  // looked for: nearly all code is a library that some other process could write.
  if ((file->outside && mapping.isShared()) || file->writes != 0)
    return false;
  if (!file->mayBeWritten)
    return true;
  watch.watch(true);
  return !watch.anyUnwatched();
}

void AddressSpace::noteWritable(const FileId &id) {
  Lock lock(mutex);
  watch.noteWritable(id);
  auto entry = files.find(id);
  File file = entry == files.end() ? nullptr : entry->second.lock();
  if (!file || file->mayBeWritten)
    return;
  file->mayBeWritten = true;
  if (file->codePages == 0)
    return; // trackCode() will see to it
  watch.watch(true);
  tell(lock, codeOf({file.get(), {0, ~uint64_t(0)}}));
}

void AddressSpace::inheritedNoted() {
  Lock lock(mutex);
  bool needed = alwaysWatching;
  for (auto &[page, tracked] : code)
    needed |= tracked.file && tracked.file->mayBeWritten;
  watch.watch(needed);
}

void AddressSpace::watchAlways() {
  Lock lock(mutex);
  alwaysWatching = true;
  watch.watch(true);
}

void AddressSpace::noteOwn(const FileId &id) {
  Lock lock(mutex);
  constexpr size_t Enough = 4096; // of a program that makes very many the rest counts as shared
  if (!neverOwn && own.size() < Enough)
    own.insert(id);
  numOwn.store(own.size(), std::memory_order_relaxed);
}

void AddressSpace::share(const FileId &id) {
  Lock lock(mutex);
  own.erase(id);
  numOwn.store(own.size(), std::memory_order_relaxed);
  auto entry = files.find(id);
  File file = entry == files.end() ? nullptr : entry->second.lock();
  if (!file)
    return;
  file->outside = true;
  tell(lock, codeOf({file.get(), {0, ~uint64_t(0)}}));
}

void AddressSpace::shareAll() {
  Lock lock(mutex);
  own.clear();
  numOwn.store(0, std::memory_order_relaxed);
  for (auto &[id, entry] : files)
    if (File file = entry.lock())
      file->outside = true;
  std::vector<uint64_t> pages;
  for (auto &[start, mapping] : records)
    if (mapping.file)
      mapping.file->outside = true;
  for (auto &[page, tracked] : code) {
    auto it = lookup(page);
    if (tracked.tracking == CodeTracking::Protected && it != records.end() && it->second.isShared())
      pages.push_back(page);
  }
  tell(lock, std::move(pages));
}

void AddressSpace::ownNothing() {
  {
    Lock lock(mutex);
    neverOwn = true;
  }
  shareAll();
}

void AddressSpace::join(Relatives &given, pid_t process) {
  Lock lock(mutex);
  relatives = &given;
  self = process;
  given.forget(process);
  // What is withheld already is not in the list, or as another process's.
  tell(lock, codeToRelease({0, TaskSize}, /*writableOnly=*/true));
}
