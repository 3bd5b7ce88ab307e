//===- AddressSpaceTest.cpp - The guest's mappings ------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Loader/AddressSpace.h"
#include "Test.h"

#include <cerrno>
#include <cstring>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>

using namespace dbt;
using namespace dbttest;

namespace {

constexpr int RW = PROT_READ | PROT_WRITE, RX = PROT_READ | PROT_EXEC;
constexpr int Anon = MAP_PRIVATE | MAP_ANONYMOUS;
constexpr uint64_t P = PageSize, Base = 0x200000000000;

template <class T> T &at(uint64_t addr) { return *reinterpret_cast<T *>(addr); }

void mapAndQuery() {
  AddressSpace space;
  EQ(space.map(Base, 3 * P, RW, Anon | MAP_FIXED, -1, 0), int64_t(Base));
  at<int>(Base) = 7;
  EQ(space.query(Base + P).prot, RW);
  CHECK(space.query(Base).mapped);
  EQ(space.query(Base).end, Base + 3 * P);
  CHECK(!space.query(Base + 3 * P).mapped);
  CHECK(!space.query(Base - 1).mapped);
  CHECK(space.isGuest(Base, 3 * P));
  CHECK(!space.isGuest(Base, 3 * P + 1));
  CHECK(!space.isGuest(Base, ~uint64_t(0)));
  // A host mapping is nobody's business.
  CHECK(!space.query(reinterpret_cast<uint64_t>(&space)).mapped);
}

void neighboursMerge() {
  AddressSpace space;
  space.map(Base, P, RW, Anon | MAP_FIXED, -1, 0);
  space.map(Base + 2 * P, P, RW, Anon | MAP_FIXED, -1, 0);
  EQ(space.mappings().size(), size_t(2));
  space.map(Base + P, P, RW, Anon | MAP_FIXED, -1, 0);
  EQ(space.mappings().size(), size_t(1));
  space.protect(Base + P, P, PROT_READ);
  EQ(space.mappings().size(), size_t(3));
  space.protect(Base + P, P, RW);
  EQ(space.mappings().size(), size_t(1));
  EQ(space.unmap(Base + P, P), 0);
  EQ(space.mappings().size(), size_t(2));
}

void errors() {
  AddressSpace space;
  EQ(space.map(0, 0, RW, Anon, -1, 0), -EINVAL);
  EQ(space.map(0, P, RW, Anon, -1, 1), -EINVAL);
  EQ(space.map(0, ~uint64_t(0), RW, Anon, -1, 0), -ENOMEM);
  EQ(space.map(Base + 1, P, RW, Anon | MAP_FIXED, -1, 0), -EINVAL);
  EQ(space.map(-P, P, RW, Anon | MAP_FIXED, -1, 0), -ENOMEM);
  EQ(space.map(0, P, RW, MAP_PRIVATE, 999, 0), -EBADF);
  EQ(space.unmap(Base + 1, P), -EINVAL);
  EQ(space.unmap(Base, 0), -EINVAL);
  EQ(space.unmap(Base, P), 0);
  EQ(space.protect(Base, P, RW), -ENOMEM);
  EQ(space.protect(Base, P, 0x100), -EINVAL);
  EQ(space.remap(Base, P, 2 * P, 0, 0), -EFAULT);
  space.map(Base, P, RW, Anon | MAP_FIXED, -1, 0);
  EQ(space.map(Base, P, RW, Anon | MAP_FIXED_NOREPLACE, -1, 0), -EEXIST);
  // What precedes the hole is changed, as in the kernel.
  EQ(space.protect(Base, 2 * P, PROT_READ), -ENOMEM);
  EQ(space.query(Base).prot, PROT_READ);
}

void hostIsSafe() {
  AddressSpace space;
  void *host = ::mmap(reinterpret_cast<void *>(Base + P), P, RW, Anon | MAP_FIXED, -1, 0);
  strcpy(static_cast<char *>(host), "the translator's");
  EQ(space.map(Base, 3 * P, RW, Anon | MAP_FIXED, -1, 0), -ENOMEM);
  CHECK(!space.query(Base).mapped);
  // The refused call left nothing behind.
  EQ(space.map(Base, P, RW, Anon | MAP_FIXED_NOREPLACE, -1, 0), int64_t(Base));
  EQ(space.unmap(Base, 3 * P), 0);
  EQ(space.protect(Base + P, P, PROT_NONE), -ENOMEM);
  EQ(space.remap(Base + P, P, P, MREMAP_MAYMOVE | MREMAP_FIXED, Base + 8 * P), -EFAULT);
  EQ(std::string(static_cast<char *>(host)), "the translator's");
  space.map(Base + 4 * P, P, RW, Anon | MAP_FIXED, -1, 0);
  EQ(space.remap(Base + 4 * P, P, P, MREMAP_MAYMOVE | MREMAP_FIXED, Base + P), -ENOMEM);
  CHECK(space.isGuest(Base + 4 * P, P));
  EQ(std::string(static_cast<char *>(host)), "the translator's");
}

void fixedReplaces() {
  AddressSpace space;
  space.map(Base, 4 * P, RW, Anon | MAP_FIXED, -1, 0);
  at<int>(Base + P) = 1;
  EQ(space.map(Base + P, P, PROT_READ, Anon | MAP_FIXED, -1, 0), int64_t(Base + P));
  EQ(at<int>(Base + P), 0);
  EQ(space.query(Base + P).prot, PROT_READ);
  EQ(space.query(Base + 2 * P).prot, RW);
}

void remap() {
  AddressSpace space;
  space.map(Base, 2 * P, RW, Anon | MAP_FIXED, -1, 0);
  at<int>(Base) = 5;
  EQ(space.remap(Base, 2 * P, P, 0, 0), int64_t(Base));
  CHECK(!space.isGuest(Base + P, P));
  EQ(space.remap(Base, P, 3 * P, 0, 0), int64_t(Base));
  CHECK(space.isGuest(Base, 3 * P));
  EQ(space.remap(Base, 3 * P, 3 * P, MREMAP_MAYMOVE | MREMAP_FIXED, Base + 16 * P),
     int64_t(Base + 16 * P));
  EQ(at<int>(Base + 16 * P), 5);
  CHECK(!space.query(Base).mapped);
  EQ(space.remap(Base + 16 * P, 3 * P, 3 * P, MREMAP_MAYMOVE | MREMAP_FIXED, Base + 17 * P),
     -EINVAL);
  int64_t moved = space.remap(Base + 16 * P, 3 * P, 3 * P, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0);
  CHECK(moved > 0);
  EQ(at<int>(moved), 5);
  EQ(at<int>(Base + 16 * P), 0);
  // A second view of shared memory.
  space.map(Base, P, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  int64_t view = space.remap(Base, 0, P, MREMAP_MAYMOVE, 0);
  CHECK(view > 0);
  at<int>(Base) = 9;
  EQ(at<int>(view), 9);
  CHECK(space.find(view).file == space.find(Base).file);
}

void brk() {
  AddressSpace space;
  space.setBrk(Base);
  EQ(space.brk(0), Base);
  EQ(space.brk(Base + 100), Base + 100);
  at<char>(Base + 99) = 1;
  EQ(space.brk(Base + 3 * P), Base + 3 * P);
  CHECK(space.isGuest(Base, 3 * P));
  EQ(space.brk(Base - 1), Base + 3 * P);
  EQ(space.brk(Base + P), Base + P);
  CHECK(!space.isGuest(Base + P, 1));
  // Something is in the way; one page stays free.
  space.map(Base + 3 * P, P, RW, Anon | MAP_FIXED, -1, 0);
  EQ(space.brk(Base + 3 * P), Base + P);
  EQ(space.brk(Base + 4 * P), Base + P);
  EQ(space.brk(Base + 2 * P), Base + 2 * P);
  EQ(space.brk(~uint64_t(0)), Base + 2 * P);
  CHECK(space.mapsText().find("[heap]\n") != std::string::npos);
}

void maps() {
  AddressSpace space;
  int fd = memfd_create("elf-test", 0);
  CHECK(ftruncate(fd, 4 * P) == 0);
  space.map(Base, 2 * P, RX, MAP_PRIVATE | MAP_FIXED, fd, P);
  space.map(Base + 2 * P, P, RW, Anon | MAP_FIXED, -1, 0);
  std::string text = space.mapsText();
  // The host has it without EXEC; its own mappings are not shown.
  CHECK(text.starts_with("200000000000-200000002000 r-xp 00001000 "));
  size_t eol = text.find('\n');
  EQ(text.substr(73, eol - 73), "/memfd:elf-test (deleted)");
  EQ(text.substr(eol + 1), "200000002000-200000003000 rw-p 00000000 00:00 0 \n");
  // It is the kernel's own line but for the protection.
  FILE *host = fopen("/proc/self/maps", "r");
  char line[512];
  std::string same;
  while (fgets(line, sizeof line, host))
    if (!strncmp(line, "200000000000-", 13))
      same = line;
  fclose(host);
  same.replace(same.find("r--p"), 4, "r-xp");
  EQ(text.substr(0, eol + 1), same);
  EQ(space.find(Base + P).file->path, "/memfd:elf-test (deleted)");
}

void growsDown() {
  AddressSpace space;
  int64_t low = space.map(Base, 2 * P, RW, Anon | MAP_FIXED | MAP_GROWSDOWN, -1, 0);
  EQ(low, int64_t(Base));
  at<volatile char>(Base - 1) = 1; // the host grows it
  CHECK(space.isGuest(Base - P, 3 * P));
  EQ(space.protect(Base + P, P, PROT_READ | PROT_GROWSDOWN), 0);
  EQ(space.query(Base).prot, PROT_READ);
  at<volatile char>(Base - 1);
  EQ(space.unmap(Base - 64 * P, 66 * P), 0);
  unsigned char resident;
  CHECK(mincore(reinterpret_cast<void *>(Base - P), P, &resident) != 0);
  space.map(Base, P, RW, Anon | MAP_FIXED, -1, 0);
  EQ(space.protect(Base, P, PROT_READ | PROT_GROWSDOWN), -EINVAL);
}

void resync() {
  AddressSpace space;
  space.map(Base, 4 * P, RW, Anon | MAP_FIXED, -1, 0);
  ::munmap(reinterpret_cast<void *>(Base + P), P);
  space.resync();
  CHECK(space.isGuest(Base, P));
  CHECK(!space.query(Base + P).mapped);
  CHECK(space.isGuest(Base + 2 * P, 2 * P));
}

/// Threads map and unmap in the same range; in the end records and host agree.
void threads() {
  AddressSpace space;
  std::vector<std::thread> workers;
  for (unsigned t = 0; t < 4; ++t)
    workers.emplace_back([&, t] {
      uint64_t random = t * 77 + 1;
      for (int i = 0; i < 5000; ++i) {
        random = random * 6364136223846793005 + 1442695040888963407;
        uint64_t addr = Base + (random >> 33) % 64 * P, len = ((random >> 43) % 8 + 1) * P;
        switch (random >> 60 & 3) {
        case 0: space.unmap(addr, len); break;
        case 1: space.protect(addr, len, random >> 50 & 3); break;
        case 2: space.remap(addr, len, (random >> 20 & 7) * P, MREMAP_MAYMOVE, 0); break;
        default: space.map(addr, len, RW, Anon | MAP_FIXED, -1, 0);
        }
      }
    });
  for (std::thread &worker : workers)
    worker.join();
  for (uint64_t addr = Base; addr < Base + 80 * P; addr += P) {
    unsigned char resident;
    bool inHost = !mincore(reinterpret_cast<void *>(addr), P, &resident);
    EQ(space.query(addr).mapped, inHost);
  }
}

} // namespace

const std::vector<Test> &dbttest::addressSpaceTests() {
  static const std::vector<Test> tests = {
      {"map-and-query", mapAndQuery}, {"neighbours-merge", neighboursMerge},
      {"errors", errors},             {"host-is-safe", hostIsSafe},
      {"fixed-replaces", fixedReplaces}, {"remap", remap},
      {"brk", brk},                   {"maps", maps},
      {"grows-down", growsDown},      {"resync", resync},
      {"threads", threads}};
  return tests;
}
