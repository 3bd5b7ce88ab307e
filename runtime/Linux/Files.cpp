//===- Files.cpp - Opening, examining and reading links -------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Paths are the host's, but for the files of /proc/self that would show the
// translator (ProcSelf.h). Every body first looks whether its path is one of
// them and otherwise passes the call on as it came.
//===----------------------------------------------------------------------===//
#include "Abi/SafeSyscall.h"
#include "Linux/FileWrites.h"
#include "Linux/GuestMemory.h"
#include "Linux/KernelWrites.h"
#include "Linux/ProcSelf.h"
#include "Linux/ProcessState.h"
#include "Linux/SyscallTable.h"

#include <algorithm>
#include <climits>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace dbt {

namespace {

int64_t pass(Syscall &call) {
  auto &a = call.arg;
  KernelWrites writes(call, *syscallRow(call.number));
  return rawSyscall(call.number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

uint64_t hostPath(const std::string &path) { return reinterpret_cast<uint64_t>(path.c_str()); }

/// Whether a path may name one of the files of ProcSelf.h: only then is it
/// worth finding out what it is relative to.
bool hasProcName(const std::string &path) {
  static constexpr std::string_view names[] = {"exe", "maps", "cmdline", "environ", "auxv", "stat"};
  std::string_view last = std::string_view(path).substr(path.rfind('/') + 1);
  return std::find(std::begin(names), std::end(names), last) != std::end(names);
}

std::string directoryOf(int fd) {
  std::string link = fd == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/" + std::to_string(fd);
  char target[PATH_MAX];
  ssize_t size = ::readlink(link.c_str(), target, sizeof target);
  return size > 0 ? std::string(target, size) : std::string();
}

struct NamedFile {
  ProcFile file = ProcFile::None;
  std::string path; ///< absolute
};

/// What the path argument \p i, relative to \p dirfd, names.
NamedFile namedFile(const Syscall &call, unsigned i, int dirfd = AT_FDCWD) {
  std::optional<std::string> path = readGuestString(call.arg[i]);
  if (!path || !hasProcName(*path))
    return {};
  if (!path->starts_with('/'))
    *path = directoryOf(dirfd) + '/' + *path;
  return {procFile(*path), *path};
}

/// A descriptor from which \p content can be read. It has the lowest free
/// number, as open's must.
int64_t openContent(const std::string &content, bool closeOnExec) {
  int writable = memfd_create("proc", MFD_CLOEXEC);
  if (writable < 0)
    return -errno;
  // A file in memory takes all or is out of space.
  if (::write(writable, content.data(), content.size()) != static_cast<ssize_t>(content.size())) {
    close(writable);
    return -ENOMEM;
  }
  std::string link = "/proc/self/fd/" + std::to_string(writable);
  int flags = closeOnExec ? O_CLOEXEC : 0;
  int readable = ::open(link.c_str(), O_RDONLY | flags);
  int64_t result = readable < 0 ? -errno : ::dup3(readable, writable, flags);
  close(readable < 0 ? writable : readable);
  return result;
}

/// \p open opens a path with everything else as the guest has it.
template <class Open>
int64_t openNamedAs(const NamedFile &named, uint64_t flags, Open open, int64_t (*otherwise)(Syscall &),
                  Syscall &call) {
  bool reads = (flags & O_ACCMODE) == O_RDONLY && !(flags & (O_PATH | O_DIRECTORY));
  if (named.file == ProcFile::None || (named.file != ProcFile::Exe && !reads))
    return otherwise(call);
  if (named.file != ProcFile::Exe)
    return openContent(procContent(named.file, named.path), flags & O_CLOEXEC);
  if (flags & O_NOFOLLOW) // the link itself
    return otherwise(call);
  return open(hostPath(process().exePath));
}

/// Makes known what \p open, a call with \p flags for the guest's path, has opened.
template <class Open> int64_t openNoted(int dirfd, uint64_t path, uint64_t flags, Open open) {
  if ((flags & O_ACCMODE) == O_RDONLY && !(flags & O_TRUNC))
    return open();
  if ((flags & O_TMPFILE) == O_TMPFILE && (flags & O_EXCL))
    return noteOwnFile(open()); // it never gets a name by which others could open it
  if (!(flags & O_TRUNC))
    return noteDescriptor(open());
  KernelWrites writes = KernelWrites::toFile(dirfd, path);
  return noteDescriptor(open());
}

/// Opening may wait: for the other end of a FIFO, for a file system.
int64_t passBlocking(Syscall &call) {
  auto &a = call.arg;
  return safeSyscall(call.cpu, call.number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

int64_t linkTarget(Syscall &call, unsigned buffer) {
  int size = static_cast<int>(call.arg[buffer + 1]);
  if (size <= 0)
    return -EINVAL;
  const std::string &target = process().exePath;
  size_t length = std::min<size_t>(size, target.size());
  if (!writeGuest(call.arg[buffer], target.data(), length))
    return -EFAULT;
  return length;
}

template <class Open>
int64_t openNamed(Syscall &call, unsigned i, int dirfd, uint64_t flags, Open open) {
  return openNoted(dirfd, call.arg[i], flags,
                   [&] { return openNamedAs(namedFile(call, i, dirfd), flags, open, passBlocking, call); });
}

/// A call with the path in argument \p i that follows links.
int64_t followingLinks(Syscall &call, unsigned i, int dirfd = AT_FDCWD) {
  if (namedFile(call, i, dirfd).file != ProcFile::Exe)
    return pass(call);
  Syscall host = call;
  host.arg[i] = hostPath(process().exePath);
  return pass(host);
}

} // namespace

int64_t sysOpen(Syscall &call) {
  auto open = [&](uint64_t path) { return rawSyscall(SYS_open, path, call.arg[1], call.arg[2]); };
  return openNamed(call, 0, AT_FDCWD, call.arg[1], open);
}

int64_t sysOpenat(Syscall &call) {
  auto open = [&](uint64_t path) {
    return rawSyscall(SYS_openat, AT_FDCWD, path, call.arg[2], call.arg[3]);
  };
  return openNamed(call, 1, static_cast<int>(call.arg[0]), call.arg[2], open);
}

int64_t sysOpenat2(Syscall &call) {
  std::optional<open_how> how;
  if (call.arg[3] < sizeof(open_how) || !(how = readGuestValue<open_how>(call.arg[2])))
    return passBlocking(call); // EINVAL, EFAULT
  // Restricted resolution applies to /proc's magic links as the host has them.
  if (how->resolve)
    return openNoted(static_cast<int>(call.arg[0]), call.arg[1], how->flags, [&] { return passBlocking(call); });
  auto open = [&](uint64_t path) {
    return rawSyscall(SYS_openat2, AT_FDCWD, path, call.arg[2], call.arg[3]);
  };
  return openNamed(call, 1, static_cast<int>(call.arg[0]), how->flags, open);
}

int64_t sysCreat(Syscall &call) {
  return openNoted(AT_FDCWD, call.arg[0], O_CREAT | O_WRONLY | O_TRUNC, [&] { return passBlocking(call); });
}

int64_t sysOpenByHandleAt(Syscall &call) { return noteDescriptor(passBlocking(call)); }

int64_t sysMemfdCreate(Syscall &call) {
  return noteOwnFile(rawSyscall(static_cast<long>(call.number), call.arg[0], call.arg[1]));
}

int64_t sysTruncate(Syscall &call) {
  KernelWrites writes = KernelWrites::toFile(AT_FDCWD, call.arg[0]);
  return rawSyscall(SYS_truncate, call.arg[0], call.arg[1]);
}

int64_t sysReadlink(Syscall &call) {
  return namedFile(call, 0).file == ProcFile::Exe ? linkTarget(call, 1) : pass(call);
}

int64_t sysReadlinkat(Syscall &call) {
  return namedFile(call, 1, call.arg[0]).file == ProcFile::Exe ? linkTarget(call, 2) : pass(call);
}

int64_t sysStat(Syscall &call) { return followingLinks(call, 0); }
int64_t sysAccess(Syscall &call) { return followingLinks(call, 0); }
int64_t sysFaccessat(Syscall &call) { return followingLinks(call, 1, call.arg[0]); }

int64_t sysFaccessat2(Syscall &call) {
  return call.arg[3] & AT_SYMLINK_NOFOLLOW ? pass(call) : followingLinks(call, 1, call.arg[0]);
}

int64_t sysNewfstatat(Syscall &call) {
  return call.arg[3] & AT_SYMLINK_NOFOLLOW ? pass(call) : followingLinks(call, 1, call.arg[0]);
}

int64_t sysStatx(Syscall &call) {
  return call.arg[2] & AT_SYMLINK_NOFOLLOW ? pass(call) : followingLinks(call, 1, call.arg[0]);
}

} // namespace dbt
