//===- Relatives.cpp - What forked processes tell one another -------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Loader/Relatives.h"

#include <cerrno>
#include <csignal>
#include <new>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

namespace dbt {

namespace {

constexpr unsigned PageShift = 12, ProcessShift = 36; ///< of an entry: page number below process
constexpr uint64_t PageMask = (uint64_t(1) << ProcessShift) - 1;

bool isGone(pid_t process) { return ::kill(process, 0) != 0 && errno == ESRCH; }

} // namespace

Relatives *Relatives::create() {
  void *memory = ::mmap(nullptr, sizeof(Relatives), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : new (memory) Relatives;
}

uint64_t Relatives::beginWrite() {
  const pid_t self = ::getpid();
  for (bool claimed = false; !claimed;) {
    for (std::atomic<pid_t> &writer : writers) {
      pid_t free = 0;
      claimed = writer.compare_exchange_strong(free, self);
      if (claimed)
        break;
    }
    if (!claimed && anyWriter(self))
      ::sched_yield(); // sixteen at once: theirs are short calls
  }
  return numChanges.fetch_add(1, std::memory_order_release);
}

uint64_t Relatives::endWrite() {
  const uint64_t before = numChanges.fetch_add(1, std::memory_order_release);
  const pid_t self = ::getpid();
  for (std::atomic<pid_t> &writer : writers) {
    pid_t mine = self;
    if (writer.compare_exchange_strong(mine, 0))
      break;
  }
  return before;
}

bool Relatives::anyWriter(pid_t self) {
  bool any = false;
  for (std::atomic<pid_t> &writer : writers) {
    pid_t process = writer.load();
    if (process != 0 && process != self && (!isGone(process) || !writer.compare_exchange_strong(process, 0)))
      any = true;
  }
  return any;
}

uint64_t Relatives::entryOf(pid_t process, uint64_t page) {
  return static_cast<uint64_t>(process) << ProcessShift | (page >> PageShift & PageMask);
}

/// The first place for \p entry with an occupant for which f says so.
template <class F> Relatives::Entry *Relatives::findEntry(uint64_t entry, F f) {
  const uint64_t first = entry * 0x9e3779b97f4a7c15 >> 40;
  for (unsigned i = 0; i < Reach; ++i)
    if (Entry &place = pages[(first + i) % NumPages]; f(place))
      return &place;
  return nullptr;
}

bool Relatives::addWithheld(pid_t process, uint64_t page) {
  const uint64_t entry = entryOf(process, page);
  auto take = [&](Entry &place) {
    uint64_t free = 0;
    return place.compare_exchange_strong(free, entry);
  };
  auto takeOver = [&](Entry &place) {
    uint64_t old = place.load();
    return isGone(static_cast<pid_t>(old >> ProcessShift)) && place.compare_exchange_strong(old, entry);
  };
  return findEntry(entry, take) || findEntry(entry, takeOver);
}

void Relatives::removeWithheld(pid_t process, uint64_t page) {
  const uint64_t entry = entryOf(process, page);
  findEntry(entry, [&](Entry &place) {
    uint64_t mine = entry;
    return place.compare_exchange_strong(mine, 0);
  });
}

bool Relatives::isWithheld(pid_t process, uint64_t page) {
  const uint64_t entry = entryOf(process, page);
  return findEntry(entry, [&](Entry &place) { return place.load() == entry; }) != nullptr;
}

void Relatives::forget(pid_t process) {
  for (Entry &place : pages)
    if (uint64_t old = place.load(); old != 0 && static_cast<pid_t>(old >> ProcessShift) == process)
      place.compare_exchange_strong(old, 0);
}

} // namespace dbt
