//===- CodeTrackingTest.cpp - Pages that hold decoded code ----------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Loader/AddressSpace.h"
#include "Loader/Relatives.h"
#include "Test.h"

#include <csetjmp>
#include <csignal>
#include <cstdio>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace dbt;
using namespace dbttest;

namespace {

constexpr int RW = PROT_READ | PROT_WRITE, RX = PROT_READ | PROT_EXEC, RWX = RW | PROT_EXEC;
constexpr int Anon = MAP_PRIVATE | MAP_ANONYMOUS;
constexpr uint64_t P = PageSize, Base = 0x200000000000;

sigjmp_buf onFault;

bool canWrite(uint64_t addr) {
  struct sigaction action = {}, old;
  action.sa_handler = [](int) { siglongjmp(onFault, 1); };
  sigaction(SIGSEGV, &action, &old);
  bool wrote = false;
  if (sigsetjmp(onFault, 1) == 0) {
    *reinterpret_cast<volatile char *>(addr) = 1;
    wrote = true;
  }
  sigaction(SIGSEGV, &old, nullptr);
  return wrote;
}

FileId idOf(int fd) {
  struct stat st;
  CHECK(fstat(fd, &st) == 0);
  return {st.st_dev, st.st_ino};
}

/// A code cache that does what AddressSpace.h asks of one.
struct Cache {
  AddressSpace space;
  std::vector<uint64_t> changed;

  Cache() { space.setChangeListener(&Cache::onChange, this); }
  static void onChange(void *self, uint64_t start, uint64_t len, bool) {
    auto *cache = static_cast<Cache *>(self);
    cache->changed.push_back(start);
    cache->space.untrackCode(start, len);
  }
};

void writesAreSeen() {
  Cache cache;
  cache.space.map(Base, 3 * P, RWX, Anon | MAP_FIXED, -1, 0);
  EQ(cache.space.trackCode(Base + P + 8), CodeTracking::Protected);
  CHECK(!canWrite(Base + P));
  CHECK(canWrite(Base) && canWrite(Base + 2 * P));
  EQ(cache.space.codeBehind(Base + P + 5).size(), size_t(1));
  CHECK(cache.space.codeBehind(Base).empty());
  cache.space.untrackCode(Base + P, P);
  CHECK(canWrite(Base + P));
  EQ(cache.space.trackCode(Base + 9 * P), CodeTracking::Untracked);
}

void changesAreTold() {
  Cache cache;
  AddressSpace &space = cache.space;
  space.map(Base, 4 * P, RX, Anon | MAP_FIXED, -1, 0);
  EQ(space.trackCode(Base), CodeTracking::ReadOnly);
  EQ(space.trackCode(Base + P), CodeTracking::ReadOnly);
  EQ(space.protect(Base, P, RX), 0); // no change
  space.unmap(Base + 3 * P, P);      // no code
  EQ(cache.changed.size(), size_t(0));
  space.protect(Base, P, RWX);
  EQ(cache.changed.size(), size_t(1));
  CHECK(canWrite(Base));
  space.map(Base + P, P, RWX, Anon | MAP_FIXED, -1, 0);
  EQ(cache.changed.size(), size_t(2));
  CHECK(canWrite(Base + P));
  EQ(space.trackCode(Base), CodeTracking::Protected);
  int64_t moved = space.remap(Base, P, 2 * P, MREMAP_MAYMOVE, 0);
  CHECK(moved > 0 && canWrite(moved));
  EQ(cache.changed.size(), size_t(3));
}

void releasing() {
  Cache cache;
  AddressSpace &space = cache.space;
  space.map(Base, P, RWX, Anon | MAP_FIXED, -1, 0);
  space.map(Base + P, P, RX, Anon | MAP_FIXED, -1, 0);
  space.trackCode(Base);
  space.trackCode(Base + P);
  CHECK(space.releaseWritableCode(0, ~uint64_t(0)));
  EQ(cache.changed.size(), size_t(1));
  CHECK(!space.releaseWritableCode(0, ~uint64_t(0)));
  space.releaseCode(Base, 2 * P);
  EQ(cache.changed.size(), size_t(2));
  EQ(space.tracking(Base + P), CodeTracking::Untracked);
}

void volatilePages() {
  Cache cache;
  AddressSpace &space = cache.space;
  space.map(Base, P, RWX, Anon | MAP_FIXED, -1, 0);
  space.trackCode(Base);
  EQ(space.trackCode(Base, true), CodeTracking::Volatile);
  CHECK(canWrite(Base));
  EQ(space.trackCode(Base), CodeTracking::Volatile);
  space.unmap(Base, P);
  EQ(cache.changed.size(), size_t(1));
}

/// As .NET and V8 do: written through one mapping, run through another.
void secondMapping() {
  Cache cache;
  AddressSpace &space = cache.space;
  int fd = memfd_create("jit", 0);
  CHECK(ftruncate(fd, 4 * P) == 0);
  space.noteOwn(idOf(fd));
  uint64_t code = Base, data = Base + 16 * P, late = Base + 32 * P;
  space.map(code, 4 * P, RX, MAP_SHARED | MAP_FIXED, fd, 0);
  space.map(data, 2 * P, RW, MAP_SHARED | MAP_FIXED, fd, P);
  EQ(space.trackCode(code + 2 * P), CodeTracking::Protected);
  EQ(space.trackCode(code), CodeTracking::ReadOnly);
  CHECK(canWrite(data));
  CHECK(!canWrite(data + P));
  std::vector<uint64_t> behind = space.codeBehind(data + P + 100);
  EQ(behind.size(), size_t(1));
  EQ(behind.at(0), code + 2 * P);
  // Code goes before a mapping is made to which stores would change it, be it that it was
  // made as of memory that nobody writes, and before one becomes writable.
  EQ(cache.changed.size(), size_t(0));
  space.map(late, 4 * P, RW, MAP_SHARED | MAP_FIXED, fd, 0);
  EQ(cache.changed.size(), size_t(2));
  CHECK(canWrite(late) && canWrite(late + 2 * P) && canWrite(data + P));
  EQ(space.trackCode(code), CodeTracking::Protected);
  EQ(space.trackCode(code + 2 * P), CodeTracking::Protected);
  CHECK(!canWrite(late) && !canWrite(late + 2 * P) && canWrite(late + P));
  space.protect(late, 4 * P, PROT_READ);
  EQ(cache.changed.size(), size_t(2));
  space.protect(late, 4 * P, RW);
  EQ(cache.changed.size(), size_t(4));
  space.trackCode(code);
  space.trackCode(code + 2 * P);
  CHECK(!canWrite(late + 2 * P) && canWrite(late + 3 * P));
  CHECK(space.releaseWritableCode(late + 2 * P, 1));
  CHECK(canWrite(late + 2 * P) && canWrite(data + P) && !canWrite(late));
  // Private code of the same file sees writes to the file.
  uint64_t priv = Base + 48 * P;
  space.map(priv, P, RX, MAP_PRIVATE | MAP_FIXED, fd, 3 * P);
  space.trackCode(priv);
  CHECK(!canWrite(late + 3 * P));
  space.untrackCode(priv, P);
  CHECK(canWrite(late + 3 * P));
  // A mapping with withheld pages still moves as one.
  space.trackCode(code + P);
  CHECK(space.remap(late, 4 * P, 4 * P, MREMAP_MAYMOVE | MREMAP_FIXED, Base + 64 * P) > 0);
  CHECK(canWrite(Base + 65 * P));
}

/// A system call writes a page and what else maps it: code there goes, and is Volatile until
/// the last such call has returned.
void writesUnderWay() {
  Cache cache;
  AddressSpace &space = cache.space;
  int fd = memfd_create("jit", 0);
  CHECK(ftruncate(fd, P) == 0);
  space.noteOwn(idOf(fd));
  uint64_t code = Base + 8 * P, data = Base + 16 * P;
  space.map(Base, 3 * P, RWX, Anon | MAP_FIXED, -1, 0);
  space.map(code, P, RX, MAP_SHARED | MAP_FIXED, fd, 0);
  space.map(data, P, RW, MAP_SHARED | MAP_FIXED, fd, 0);
  space.trackCode(Base);
  space.trackCode(Base + P);
  space.trackCode(code);
  WriteUnderWay first, second, elsewhere;
  first.add(Base + P + 8, 1);
  first.add(data + 1, 2);
  for (unsigned i = 0; i < 10; ++i)
    second.add(Base + 2 * P - 1, 2);
  elsewhere.add(0, P);
  elsewhere.add(~uint64_t(0), P);
  elsewhere.add(Base + 3 * P, ~uint64_t(0));
  space.begin(elsewhere);
  space.begin(first);
  EQ(cache.changed.size(), size_t(2)); // the last range reaches to the end of the address space
  CHECK(canWrite(Base + P) && canWrite(data) && !canWrite(Base));
  EQ(space.trackCode(Base + P), CodeTracking::Volatile);
  EQ(space.trackCode(code), CodeTracking::Volatile);
  space.begin(second);
  space.end(first);
  space.end(elsewhere);
  EQ(space.trackCode(Base + P), CodeTracking::Volatile);
  EQ(space.trackCode(code), CodeTracking::Volatile); // the answer stays until untrackCode()
  space.untrackCode(code, P);
  space.untrackCode(Base + P, P);
  EQ(space.trackCode(code), CodeTracking::Protected);
  EQ(space.trackCode(Base + P), CodeTracking::Volatile);
  space.end(second);
  space.untrackCode(Base + P, P);
  EQ(space.trackCode(Base + P), CodeTracking::Protected);
  // A fork's child has none of the calls that other threads were in.
  space.begin(second);
  space.lockForFork();
  space.unlockAfterFork(/*inChild=*/true);
  EQ(space.trackCode(Base + 2 * P), CodeTracking::Protected);
}

/// Code of a file whose contents a system call changes goes, and is Volatile meanwhile; a file
/// that is mapped only then, too.
void fileWrites() {
  Cache cache;
  AddressSpace &space = cache.space;
  int fd = memfd_create("code", 0);
  CHECK(ftruncate(fd, 2 * P) == 0);
  space.map(Base, P, RX, MAP_PRIVATE | MAP_FIXED, fd, 0);
  EQ(space.trackCode(Base), CodeTracking::ReadOnly);
  {
    WriteUnderWay write;
    write.add(idOf(fd));
    space.begin(write);
    EQ(cache.changed.size(), size_t(1));
    EQ(space.trackCode(Base), CodeTracking::Volatile);
    space.map(Base + P, P, RX, MAP_PRIVATE | MAP_FIXED, fd, P);
    EQ(space.trackCode(Base + P), CodeTracking::Volatile);
    space.end(write);
    space.untrackCode(Base, 2 * P);
    EQ(space.trackCode(Base), CodeTracking::ReadOnly);
  }
  int other = memfd_create("other", 0);
  CHECK(ftruncate(other, P) == 0);
  WriteUnderWay write;
  write.add(idOf(other));
  space.begin(write);
  space.map(Base + 2 * P, P, RX, MAP_PRIVATE | MAP_FIXED, other, 0);
  EQ(space.trackCode(Base + 2 * P), CodeTracking::Volatile);
  space.end(write);
}

/// Writes to descriptors are looked at once a file is both open for writing and mapped with
/// code; those that were not looked at make such code Volatile until they have returned.
void fileWatch() {
  Cache cache;
  AddressSpace &space = cache.space;
  FileWatch &watch = space.fileWatch();
  int fd = memfd_create("code", 0), data = memfd_create("data", 0);
  CHECK(ftruncate(fd, 2 * P) == 0);
  CHECK(!watch.enterUnwatched(0)); // who knows what was inherited
  space.map(Base, 2 * P, RX, MAP_PRIVATE | MAP_FIXED, fd, 0);
  EQ(space.trackCode(Base), CodeTracking::ReadOnly);
  space.inheritedNoted();
  space.noteWritable(idOf(data));
  CHECK(watch.enterUnwatched(0));
  CHECK(watch.enterUnwatched(1));
  watch.leave(0);
  EQ(cache.changed.size(), size_t(0));
  space.noteWritable(idOf(fd));
  EQ(cache.changed.size(), size_t(1));
  CHECK(!watch.enterUnwatched(0));
  EQ(space.trackCode(Base), CodeTracking::Volatile);
  watch.leave(1);
  EQ(space.trackCode(Base + P), CodeTracking::ReadOnly);
}

/// Memory is this process's own until it is shared.
void sharedWithOthers() {
  Cache cache;
  AddressSpace &space = cache.space;
  int fd = memfd_create("own", 0), given = memfd_create("given", 0), got = memfd_create("got", 0);
  CHECK(ftruncate(fd, P) == 0 && ftruncate(given, P) == 0 && ftruncate(got, P) == 0);
  space.noteOwn(idOf(fd));
  space.noteOwn(idOf(given));
  space.map(Base, P, RX, MAP_SHARED | MAP_FIXED, fd, 0);
  space.map(Base + P, P, RX, MAP_SHARED | MAP_FIXED, given, 0);
  space.map(Base + 2 * P, P, RX, MAP_SHARED | MAP_FIXED, got, 0);
  space.map(Base + 3 * P, P, RWX, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  space.map(Base + 4 * P, P, RX, MAP_PRIVATE | MAP_FIXED, got, 0);
  EQ(space.trackCode(Base), CodeTracking::ReadOnly);
  EQ(space.trackCode(Base + P), CodeTracking::ReadOnly);
  EQ(space.trackCode(Base + 2 * P), CodeTracking::Volatile);
  EQ(space.trackCode(Base + 3 * P), CodeTracking::Protected);
  EQ(space.trackCode(Base + 4 * P), CodeTracking::ReadOnly);
  space.share(idOf(given));
  EQ(cache.changed.size(), size_t(1));
  EQ(space.trackCode(Base + P), CodeTracking::Volatile);
  CHECK(!space.lockForFork());
  space.shareAll();
  EQ(cache.changed.size(), size_t(3));
  CHECK(space.lockForFork());
  space.unlockAfterFork(false);
  CHECK(!space.ownsFiles());
  EQ(space.trackCode(Base), CodeTracking::Volatile);
  EQ(space.trackCode(Base + 3 * P), CodeTracking::Volatile);
  CHECK(canWrite(Base + 3 * P));
  space.map(Base + 5 * P, P, RWX, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  EQ(space.trackCode(Base + 5 * P), CodeTracking::Protected);
}

/// Processes that have forked from each other know of a page that it is protected for the sake of
/// code, and that its code may change.
void relatives() {
  Cache cache;
  AddressSpace &space = cache.space;
  Relatives &all = *Relatives::create();
  const pid_t self = getpid(), other = getppid();
  space.map(Base, 4 * P, RWX, Anon | MAP_FIXED, -1, 0);
  space.map(Base + 4 * P, P, RX, Anon | MAP_FIXED, -1, 0);
  space.trackCode(Base);
  space.trackCode(Base + 4 * P);
  space.join(all, self);
  EQ(cache.changed.size(), size_t(1)); // as nobody knew of it
  space.trackCode(Base);
  space.trackCode(Base + P);
  space.trackCode(Base + 4 * P);
  CHECK(all.isWithheld(self, Base) && all.isWithheld(self, Base + P));
  CHECK(!all.isWithheld(self, Base + 4 * P) && !all.isWithheld(other, Base));
  space.untrackCode(Base, P);
  space.unmap(Base + P, P);
  CHECK(!all.isWithheld(self, Base) && !all.isWithheld(self, Base + P));
  const uint64_t changes = all.changes();
  all.beginWrite();
  CHECK(all.anyWriter(other) && !all.anyWriter(self) && all.changes() != changes);
  EQ(space.trackCode(Base + 3 * P), CodeTracking::Protected); // what we write is another's memory
  all.endWrite();
  CHECK(!all.anyWriter(other));
  space.untrackCode(Base + 3 * P, P);
  space.join(all, other);
  all.beginWrite();
  EQ(space.trackCode(Base + 3 * P), CodeTracking::Volatile);
  all.endWrite();
  space.untrackCode(Base + 3 * P, P);
  space.join(all, self);
  // There is no room for it among the other's pages.
  for (uint64_t page = 0; page < 100000; ++page)
    all.addWithheld(other, page * P);
  EQ(space.trackCode(Base + 2 * P), CodeTracking::Volatile);
  all.forget(other);
  EQ(space.trackCode(Base + 3 * P), CodeTracking::Protected);
}

/// The host at its limit of mappings can neither withhold WRITE from a page among others nor
/// give it back: such code is Volatile, and the guest can store where it may.
void mappingsAtTheLimit() {
  constexpr uint64_t Usual = 65530, Area = uint64_t(1) << 20;
  FILE *file = fopen("/proc/sys/vm/max_map_count", "re");
  unsigned long limit = 0;
  if (!file || fscanf(file, "%lu", &limit) != 1 || limit > Usual + 10)
    limit = 0; // would take its time
  if (file)
    fclose(file);
  if (!limit)
    return;
  Cache cache;
  AddressSpace &space = cache.space;
  space.map(Base, 16 * P, RWX, Anon | MAP_FIXED, -1, 0);
  for (uint64_t page = 2; page < 5; ++page)
    EQ(space.trackCode(Base + page * P), CodeTracking::Protected);
  char *area = static_cast<char *>(mmap(nullptr, Area * P, PROT_NONE, Anon | MAP_NORESERVE, -1, 0));
  uint64_t at = 1;
  while (at < Area && mprotect(area + at * P, P, PROT_READ) == 0)
    at += 2;
  CHECK(at < Area);
  EQ(space.trackCode(Base + 8 * P), CodeTracking::Volatile);
  CHECK(canWrite(Base + 8 * P));
  // In the middle of three: the host would need two more mappings.
  space.untrackCode(Base + 3 * P, P);
  CHECK(!canWrite(Base + 3 * P));
  std::vector<uint64_t> behind = space.codeBehind(Base + 3 * P);
  EQ(behind.size(), size_t(2));
  for (uint64_t page : behind)
    space.untrackCode(page, P);
  for (uint64_t page = 2; page < 5; ++page)
    CHECK(canWrite(Base + page * P));
  munmap(area, Area * P);
  EQ(space.trackCode(Base + 3 * P), CodeTracking::Protected);
}

} // namespace

const std::vector<Test> &dbttest::codeTrackingTests() {
  static const std::vector<Test> tests = {{"writes-are-seen", writesAreSeen},
                                          {"changes-are-told", changesAreTold},
                                          {"releasing", releasing},
                                          {"volatile-pages", volatilePages},
                                          {"second-mapping", secondMapping},
                                          {"writes-under-way", writesUnderWay},
                                          {"file-writes", fileWrites},
                                          {"file-watch", fileWatch},
                                          {"shared-with-others", sharedWithOthers},
                                          {"relatives", relatives},
                                          {"mappings-at-the-limit", mappingsAtTheLimit}};
  return tests;
}
