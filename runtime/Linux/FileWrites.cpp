//===- FileWrites.cpp - Descriptors through which code changes ------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Linux/FileWrites.h"

#include "Abi/SafeSyscall.h"
#include "Linux/ForeignMemory.h"
#include "Linux/GuestMemory.h"
#include "Linux/ProcessState.h"
#include "Linux/SyscallTable.h"
#include "Loader/AddressSpace.h"

#include <algorithm>
#include <atomic>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <mutex>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace dbt {

namespace {

AddressSpace &space() { return *process().space; }

/// A descriptor of some process's memory has been opened for writing.
std::atomic<bool> memoryFiles{false};
std::atomic<bool> inheritedKnown{false};

FileId idOf(const struct stat &st) { return {st.st_dev, st.st_ino}; }

bool isRegular(int fd, struct stat &st) { return fstat(fd, &st) == 0 && S_ISREG(st.st_mode); }

bool isWritable(int fd) {
  const int flags = fcntl(fd, F_GETFL);
  return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY && !(flags & O_PATH);
}

/// /proc/PID/mem: what it is called; else empty.
std::string memoryFile(int fd) {
  struct statfs fs;
  if (fstatfs(fd, &fs) != 0 || fs.f_type != PROC_SUPER_MAGIC)
    return {};
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  char target[PATH_MAX];
  const ssize_t size = readlink(link.c_str(), target, sizeof target);
  std::string path(target, size > 0 ? static_cast<size_t>(size) : 0);
  return path.ends_with("/mem") ? path : std::string();
}

/// Whether such a file is of this process, or of a thread of it.
bool isOwnMemory(const std::string &path) {
  const size_t end = path.rfind("/mem"), start = path.rfind('/', end - 1) + 1;
  return hasOurMemory(atoi(path.substr(start, end - start).c_str()));
}

void noteFile(int fd) {
  struct stat st;
  if (!isWritable(fd) || !isRegular(fd, st))
    return;
  // What is in /proc has no size.
  if (st.st_size == 0 && !memoryFile(fd).empty()) {
    memoryFiles = true;
    space().watchAlways();
    return;
  }
  space().noteWritable(idOf(st));
}

/// Calls f(descriptor) for all that are open.
template <class F> void forDescriptors(F f) {
  DIR *directory = opendir("/proc/self/fd");
  if (!directory)
    return;
  while (const dirent *entry = readdir(directory))
    if (entry->d_name[0] != '.')
      if (const int fd = atoi(entry->d_name); fd != dirfd(directory))
        f(fd);
  closedir(directory);
}

/// What has been open since before the program began.
void noteInherited() {
  static std::mutex lock;
  std::lock_guard guard(lock);
  if (inheritedKnown)
    return;
  forDescriptors(noteFile);
  space().inheritedNoted();
  inheritedKnown = true;
}

uint64_t sizeOfBuffers(uint64_t iovecs, uint64_t count) {
  uint64_t size = 0;
  for (uint64_t i = 0; i < std::min<uint64_t>(count, IOV_MAX); ++i)
    if (auto element = readGuestValue<iovec>(iovecs + i * sizeof(iovec)))
      size += element->iov_len;
  return size;
}

/// A write to our own memory through a file.
void addMemory(WriteUnderWay &write, const Syscall &call, int fd) {
  const uint64_t size = call.number == SYS_write || call.number == SYS_pwrite64 ? call.arg[2]
                                                                                 : sizeOfBuffers(call.arg[1], call.arg[2]);
  uint64_t at = call.arg[3];
  if (call.number == SYS_write || call.number == SYS_writev || (call.number == SYS_pwritev2 && at == ~uint64_t(0)))
    at = static_cast<uint64_t>(lseek(fd, 0, SEEK_CUR));
  write.add(at, size);
}

/// Calls f(descriptor) for the descriptors in a message's control data.
template <class F> void forPassed(uint64_t address, F f) {
  const auto message = readGuestValue<msghdr>(address);
  if (!message || !message->msg_control || message->msg_controllen < sizeof(cmsghdr))
    return;
  constexpr size_t Most = 1 << 16;
  std::string control(std::min(message->msg_controllen, Most), '\0');
  const auto start = reinterpret_cast<uint64_t>(message->msg_control);
  control.resize(readGuestPrefix(control.data(), start, control.size()));
  for (size_t at = 0; at + sizeof(cmsghdr) <= control.size();) {
    cmsghdr header;
    memcpy(&header, &control[at], sizeof header);
    if (header.cmsg_len < sizeof header || header.cmsg_len > control.size() - at)
      return;
    if (header.cmsg_level == SOL_SOCKET && header.cmsg_type == SCM_RIGHTS)
      for (size_t i = sizeof header; i + sizeof(int) <= header.cmsg_len; i += sizeof(int)) {
        int fd;
        memcpy(&fd, &control[at + i], sizeof fd);
        f(fd);
      }
    at += CMSG_ALIGN(header.cmsg_len);
  }
}

void shareFile(int fd) {
  struct stat st;
  if (isRegular(fd, st))
    space().share(idOf(st));
}

} // namespace

int64_t noteDescriptor(int64_t fd) {
  if (fd >= 0)
    noteFile(static_cast<int>(fd));
  return fd;
}

int64_t noteOwnFile(int64_t fd) {
  struct stat st;
  if (fd >= 0 && isRegular(static_cast<int>(fd), st)) {
    space().noteOwn(idOf(st));
    space().noteWritable(idOf(st));
  }
  return fd;
}

bool addFile(WriteUnderWay &write, const Syscall &call, int fd) {
  if (!inheritedKnown)
    noteInherited();
  struct stat st;
  if (!isRegular(fd, st))
    return false;
  if (memoryFiles && st.st_size == 0)
    if (const std::string path = memoryFile(fd); !path.empty()) {
      if (!isOwnMemory(path))
        return true;
      addMemory(write, call, fd);
      return false;
    }
  write.add(idOf(st));
  return false;
}

void addNamedFile(WriteUnderWay &write, int dirfd, uint64_t path) {
  struct stat st;
  if (rawSyscall(SYS_newfstatat, static_cast<uint64_t>(dirfd), path, reinterpret_cast<uint64_t>(&st), 0) == 0 && S_ISREG(st.st_mode))
    write.add(idOf(st));
}

void shareDescriptors(uint64_t message) {
  if (space().ownsFiles())
    forPassed(message, shareFile);
}

void noteDescriptors(uint64_t message) { forPassed(message, noteFile); }

void shareInherited() {
  if (space().ownsFiles())
    forDescriptors([](int fd) {
      if (!(fcntl(fd, F_GETFD) & FD_CLOEXEC))
        shareFile(fd);
    });
}

} // namespace dbt
