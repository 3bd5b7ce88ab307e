//===- Exec.cpp - execve and execveat -------------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The new program runs under dbt-run, which is what the host executes. What can be
// wrong with the guest's program is found out first: once dbt-run has been
// executed nobody is left who could get an errno.
//===----------------------------------------------------------------------===//
#include "Abi/SafeSyscall.h"
#include "Linux/FileWrites.h"
#include "Linux/ForeignMemory.h"
#include "Linux/GuestMemory.h"
#include "Linux/HostSignals.h"
#include "Linux/Process.h"
#include "Linux/ProcessState.h"
#include "Linux/SyscallTable.h"
#include "Linux/WriteExecute.h"
#include "Loader/Program.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace dbt {

namespace {

constexpr size_t PathMax = 4096, MaxArgument = 32 * 4096; ///< PATH_MAX, MAX_ARG_STRLEN
constexpr size_t MaxArguments = 6 << 20;                  ///< the kernel's limit whatever the stack's

/// A NULL-terminated array of strings in guest memory. A null array is empty.
int64_t readStrings(uint64_t address, std::vector<std::string> &strings) {
  for (size_t total = 0; address; address += 8) {
    auto pointer = readGuestValue<uint64_t>(address);
    if (!pointer)
      return -EFAULT;
    if (!*pointer)
      break;
    auto text = readGuestString(*pointer, MaxArgument);
    if (!text)
      return -EFAULT;
    total += text->size() + 1 + sizeof(uint64_t);
    if (text->size() == MaxArgument || total > MaxArguments)
      return -E2BIG;
    strings.push_back(std::move(*text));
  }
  return 0;
}

int64_t readPath(uint64_t address, std::string &path) {
  auto text = readGuestString(address, PathMax);
  if (!text)
    return -EFAULT;
  if (text->size() == PathMax)
    return -ENAMETOOLONG;
  path = std::move(*text);
  return 0;
}

/// Why execve cannot run \p path, or 0.
int64_t checkProgram(const std::string &path, const std::vector<std::string> &argv) {
  if (path.empty())
    return -ENOENT;
  Result<ResolvedProgram> found = resolve(path, argv, process().prefix);
  if (found)
    return 0;
  return found.error().errnum ? -found.error().errnum : -ENOEXEC;
}

/// A path that names \p fd's file after the exec, too.
std::string pathOfFd(int fd) {
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  char target[PathMax];
  ssize_t n = readlink(link.c_str(), target, sizeof target);
  struct stat byFd, byPath;
  if (n > 0 && n < static_cast<ssize_t>(sizeof target)) {
    std::string path(target, static_cast<size_t>(n));
    if (fstat(fd, &byFd) == 0 && stat(path.c_str(), &byPath) == 0 && byFd.st_dev == byPath.st_dev &&
        byFd.st_ino == byPath.st_ino)
      return path;
  }
  // A memfd or a deleted file: dbt-run must inherit the descriptor to read it.
  fcntl(fd, F_SETFD, fcntl(fd, F_GETFD) & ~FD_CLOEXEC);
  return link;
}

/// What the host's execve gets.
struct HostArguments {
  std::vector<std::string> words, env;
  std::vector<char *> argv, envp;

  static std::vector<char *> pointers(std::vector<std::string> &strings) {
    std::vector<char *> list;
    for (std::string &text : strings)
      list.push_back(text.data());
    list.push_back(nullptr);
    return list;
  }
  HostArguments(const std::string &program, const std::vector<std::string> &guestArgv, std::vector<std::string> guestEnv)
      : words{process().runPath}, env(std::move(guestEnv)) {
    words.insert(words.end(), process().options.begin(), process().options.end());
    if (passesOnWriteExecute())
      words.push_back("--mdwe");
    words.insert(words.end(), {"-0", guestArgv[0], "--", program});
    words.insert(words.end(), guestArgv.begin() + 1, guestArgv.end());
    argv = pointers(words);
    envp = pointers(env);
  }
};

int64_t hostExecve(CpuState &cpu, const char *path, const HostArguments &a) {
  return safeSyscall(cpu, SYS_execve, reinterpret_cast<uint64_t>(path), reinterpret_cast<uint64_t>(a.argv.data()),
                     reinterpret_cast<uint64_t>(a.envp.data()), 0, 0, 0);
}

int64_t execute(Syscall &c, std::string program, uint64_t argvAt, uint64_t envAt) {
  std::vector<std::string> argv, env;
  if (int64_t error = readStrings(argvAt, argv))
    return error;
  if (int64_t error = readStrings(envAt, env))
    return error;
  if (argv.empty())
    argv.push_back(""); // as Linux does since 5.18
  if (program == "/proc/self/exe" || program == "/proc/" + std::to_string(getpid()) + "/exe")
    program = process().exePath;
  if (int64_t error = checkProgram(program, argv))
    return error;
  ThreadContext &thread = *c.cpu.thread;
  auto arguments = std::make_shared<HostArguments>(program, argv, std::move(env));
  // In a vfork's child what an execve leaves allocated is the parent's to free.
  if (thread.vforked) {
    thread.execMemory = arguments;
    std::vector<std::string>().swap(argv);
    std::string().swap(program);
  }
  runExitHook();
  if (thread.vforked)
    shareInherited();
  else
    leaveRelatives();
  // The new program inherits the guest's mask and what it ignores.
  exportIgnoredSignals(thread);
  setHostMaskUnlessFull(thread, thread.blocked);
  int64_t result = hostExecve(c.cpu, process().runPath.c_str(), *arguments);
  if (result == -ENOENT) // replaced or deleted since it started
    result = hostExecve(c.cpu, "/proc/self/exe", *arguments);
  closeHostMask();
  takeBackSignals(thread);
  openHostMask(thread);
  return result;
}

} // namespace

int64_t sysExecve(Syscall &c) {
  std::string path;
  if (int64_t error = readPath(c.arg[0], path))
    return error;
  return execute(c, std::move(path), c.arg[1], c.arg[2]);
}

int64_t sysExecveat(Syscall &c) {
  std::string path;
  if (int64_t error = readPath(c.arg[1], path))
    return error;
  const auto fd = static_cast<int>(c.arg[0]);
  const uint64_t flags = c.arg[4];
  if (flags & ~uint64_t(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW))
    return -EINVAL;
  if (path.empty() && !(flags & AT_EMPTY_PATH))
    return -ENOENT;
  if (path.empty()) {
    if (fd != AT_FDCWD && fcntl(fd, F_GETFD) < 0)
      return -EBADF;
    return execute(c, fd == AT_FDCWD ? "." : pathOfFd(fd), c.arg[2], c.arg[3]);
  }
  if (path[0] != '/' && fd != AT_FDCWD) {
    if (fcntl(fd, F_GETFD) < 0)
      return -EBADF;
    path = "/proc/self/fd/" + std::to_string(fd) + "/" + path;
  }
  struct stat st;
  if ((flags & AT_SYMLINK_NOFOLLOW) && lstat(path.c_str(), &st) == 0 && S_ISLNK(st.st_mode))
    return -ELOOP;
  // The directory's descriptor may be closed by the exec.
  if (path.starts_with("/proc/self/fd/"))
    if (int file = open(path.c_str(), O_PATH | O_CLOEXEC); file >= 0) {
      path = pathOfFd(file);
      close(file);
    }
  return execute(c, std::move(path), c.arg[2], c.arg[3]);
}

} // namespace dbt
