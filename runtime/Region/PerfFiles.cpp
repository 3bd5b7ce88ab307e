//===- PerfFiles.cpp - -perfmap, -jitdump: what perf reads ----------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Region/PerfFiles.h"

#include "Support/OwnFds.h"

#include <cinttypes>
#include <cstdio>
#include <ctime>
#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace dbt {

namespace {

// jitdump-specification.txt, version 1.
struct DumpHeader {
  uint32_t magic = 0x4a695444, version = 1, size = sizeof(DumpHeader);
  uint32_t machine;
  uint32_t reserved = 0, pid;
  uint64_t time, flags = 0;
};
struct RecordHeader {
  enum : uint32_t { Load = 0, DebugInfo = 2 };
  uint32_t kind, size;
  uint64_t time;
};
struct LoadRecord {
  uint32_t pid, tid;
  uint64_t vma, address, size, index;
};
struct DebugInfoRecord {
  uint64_t address, entries;
};
struct DebugEntry { // followed by the file's name
  uint64_t address;
  uint32_t line, discriminator;
};
static_assert(sizeof(DumpHeader) == 40 && sizeof(RecordHeader) == 16 && sizeof(LoadRecord) == 40 &&
              sizeof(DebugInfoRecord) == 16 && sizeof(DebugEntry) == 16);

#if defined(__x86_64__)
constexpr uint32_t HostMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t HostMachine = EM_AARCH64;
#endif

/// Nanoseconds of the clock that `perf record -k mono` uses.
uint64_t now() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<uint64_t>(t.tv_sec) * 1000000000 + static_cast<uint64_t>(t.tv_nsec);
}

template <class T> void append(std::string &to, const T &record) {
  to.append(reinterpret_cast<const char *>(&record), sizeof record);
}

void appendName(std::string &to, const std::string &name) { to.append(name.c_str(), name.size() + 1); }

/// All of it by one call, so that perf never sees a part. Full disks lose the rest.
void put(int &fd, const std::string &text) {
  if (::write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    std::fprintf(stderr, "dbt-run: warning: a file for perf cannot be written; it ends here\n");
    closeOwnFd(fd);
    fd = -1;
  }
}

int create(const std::string &path) {
  Result<int> fd = openOwnFile(path, O_RDWR | O_CREAT | O_TRUNC);
  if (fd)
    return *fd;
  std::fprintf(stderr, "dbt-run: warning: no file for perf: %s\n", fd.error().message.c_str());
  return -1;
}

} // namespace

void PerfFiles::open() {
  for (int *fd : {&mapFd, &dumpFd})
    if (*fd >= 0)
      closeOwnFd(*fd); // the parent's
  mapFd = dumpFd = -1;
  pid = getpid();
  written = 0;
  if (wantsMap)
    mapFd = create("/tmp/perf-" + std::to_string(pid) + ".map");
  if (dumpDirectory.empty())
    return;
  dumpFd = create(dumpDirectory + "/jit-" + std::to_string(pid) + ".dump");
  if (dumpFd < 0)
    return;
  // perf learns of the file by this mapping; nobody looks at it.
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  mmap(nullptr, page, PROT_READ | PROT_EXEC, MAP_PRIVATE, dumpFd, 0);
  DumpHeader header{.machine = HostMachine, .pid = static_cast<uint32_t>(pid), .time = now()};
  std::string text;
  append(text, header);
  put(dumpFd, text);
}

void PerfFiles::forget(const Region &region) {
  std::lock_guard guard(lock);
  std::erase(known, &region);
}

void PerfFiles::add(const Region &region) {
  std::lock_guard guard(lock);
  known.push_back(&region);
  if (pid == getpid())
    return write(region);
  open();
  for (const Region *each : known)
    write(*each);
}

void PerfFiles::write(const Region &region) {
  const GuestPlace place = symbols.find(region.pc);
  if (mapFd >= 0) {
    char range[48];
    std::snprintf(range, sizeof range, "%" PRIx64 " %" PRIx32 " ", reinterpret_cast<uint64_t>(region.entries[0].code),
                  region.codeBytes);
    put(mapFd, range + place.name + "\n");
  }
  if (dumpFd >= 0)
    writeDump(region, place);
}

void PerfFiles::writeDump(const Region &region, const GuestPlace &place) {
  const auto code = reinterpret_cast<uint64_t>(region.entries[0].code);
  std::string info;
  append(info, DebugInfoRecord{code, region.lines.size()});
  for (const CodeLine &line : region.lines) {
    const uint64_t address = line.pc - place.bias;
    std::string file = place.file;
    if (address >> 32) { // what a line's 32 bits do not hold
      char high[16];
      std::snprintf(high, sizeof high, "+0x%" PRIx64 "00000000", address >> 32);
      file += high;
    }
    append(info, DebugEntry{code + line.offset, static_cast<uint32_t>(address), 0});
    appendName(info, file);
  }
  std::string load;
  append(load, LoadRecord{static_cast<uint32_t>(pid), static_cast<uint32_t>(gettid()), code, code, region.codeBytes, written++});
  appendName(load, place.name);
  load.append(reinterpret_cast<const char *>(code), region.codeBytes);

  std::string text;
  auto record = [&](uint32_t kind, const std::string &body) {
    append(text, RecordHeader{kind, static_cast<uint32_t>(sizeof(RecordHeader) + body.size()), now()});
    text += body;
  };
  if (!region.lines.empty())
    record(RecordHeader::DebugInfo, info); // before the code that it is of
  record(RecordHeader::Load, load);
  put(dumpFd, text);
}

} // namespace dbt
