//===- Process.cpp - Processes: fork, exec, exit --------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A fork's child is dbt-run with one thread; a vfork's child shares its parent's
// memory, translator and all, and runs on a host stack of its own while the parent
// thread waits in the kernel.
//===----------------------------------------------------------------------===//
#include "Linux/Process.h"

#include "Abi/SafeSyscall.h"
#include "Guest/CpuState.h"
#include "Linux/GuestMemory.h"
#include "Linux/ProcessState.h"
#include "Linux/Signals.h"
#include "Linux/SyscallTable.h"
#include "Linux/Threads.h"
#include "Loader/AddressSpace.h"
#include "Loader/Program.h"

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <fcntl.h>
#include <linux/sched.h>
#include <memory>
#include <sched.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace dbt {

namespace {

ForkHooks forkHooks;

constexpr uint64_t ThreadFlags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;
/// The host stack of a vfork's child, which runs the interpreter and execve.
constexpr size_t VforkStackSize = 1 << 20;

/// A clone in any of its spellings.
struct CloneRequest {
  uint64_t flags; ///< without the exit signal
  int exitSignal;
  uint64_t stack; ///< the child's RSP, or 0 for the parent's
  uint64_t parentTid, childTid, tls, pidFd;
};

/// The registers that the child starts with.
void setChildRegisters(CpuState &child, const CloneRequest &r) {
  child.reg(Reg::Rax) = 0;
  if (r.stack)
    child.reg(Reg::Rsp) = r.stack;
  if (r.flags & CLONE_SETTLS)
    child.fsBase = r.tls;
}

void becomeChild(CpuState &cpu, const CloneRequest &r) {
  ThreadContext &thread = *cpu.thread;
  thread.tid = static_cast<int>(rawSyscall(SYS_gettid));
  thread.clearChildTid = r.flags & CLONE_CHILD_CLEARTID ? r.childTid : 0;
  if (r.flags & CLONE_CHILD_SETTID)
    writeGuestValue(r.childTid, thread.tid);
  // Signals that wait are the parent's.
  thread.hasSignal = 0;
  __atomic_fetch_and(&cpu.pending, ~uint32_t(pending::Signal), __ATOMIC_SEQ_CST);
}

int64_t forkProcess(Syscall &c, const CloneRequest &r) {
  ThreadContext &thread = *c.cpu.thread;
  process().several = true;
  // No signal may be recorded between the fork and becomeChild().
  uint64_t all = ~uint64_t(0);
  setHostMask(all);
  if (forkHooks.before)
    forkHooks.before();
  process().space->lockForFork();
  lockThreads();
  // glibc's fork keeps its own locks right in the child; namespaces and the
  // like come from flags, which only the raw call takes.
  constexpr uint64_t Special = ~uint64_t(CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | CLONE_PARENT_SETTID | CLONE_SETTLS);
  int64_t pid;
  if ((r.flags & Special) == 0 && r.exitSignal == SIGCHLD) {
    pid = fork();
    if (pid < 0)
      pid = -errno;
  } else {
    pid = rawSyscall(SYS_clone, (r.flags & ~uint64_t(CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | CLONE_SETTLS | CLONE_PARENT_SETTID)) |
                                    static_cast<uint64_t>(r.exitSignal),
                     0, r.flags & CLONE_PIDFD ? r.pidFd : 0);
  }
  if (pid == 0)
    keepOnlyThread(thread);
  unlockThreads();
  process().space->unlockAfterFork();
  if (forkHooks.after)
    forkHooks.after(pid == 0);
  if (pid == 0) {
    process().child = true;
    CloneRequest request = r;
    becomeChild(c.cpu, request);
    setChildRegisters(c.cpu, r);
    setHostMask(hostMaskFor(thread.blocked));
    return 0;
  }
  if (pid > 0 && (r.flags & CLONE_PARENT_SETTID))
    writeGuestValue(r.parentTid, static_cast<int>(pid));
  if (!thread.hasSignal)
    setHostMask(hostMaskFor(thread.blocked));
  return pid;
}

struct VforkStart {
  CpuState *cpu;
  ThreadContext *thread;
  const CloneRequest *request;
};

int vforkMain(void *opaque) {
  auto &start = *static_cast<VforkStart *>(opaque);
  // The parent thread's TLS is ours too while it waits.
  currentThread() = start.thread;
  becomeChild(*start.cpu, *start.request);
  setChildRegisters(*start.cpu, *start.request);
  setHostMask(hostMaskFor(start.thread->blocked));
  runGuest()(*start.cpu);
  return 0; // not reached: the child leaves by exit or execve
}

int64_t vforkProcess(Syscall &c, const CloneRequest &r) {
  ThreadContext &parent = *c.cpu.thread;
  process().several = true;
  auto cpu = std::make_unique<CpuState>(c.cpu);
  auto thread = std::make_unique<ThreadContext>();
  thread->cpu = cpu.get();
  thread->blocked = parent.blocked;
  thread->hostStackBytes = VforkStackSize / 2;
  thread->altStack = parent.altStack;
  cpu->thread = thread.get();
  cpu->self = cpu.get();
  cpu->pending = 0;
  cpu->branchTable = nullptr;
  void *stack = mmap(nullptr, VforkStackSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (stack == MAP_FAILED)
    return -ENOMEM;
  setHostMask(~uint64_t(0));
  VforkStart start = {cpu.get(), thread.get(), &r};
  const int savedErrno = errno;
  int flags = static_cast<int>((r.flags & ~uint64_t(CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | CLONE_SETTLS | CLONE_PARENT_SETTID)) |
                               CLONE_VM | CLONE_VFORK) | r.exitSignal;
  int pid = clone(vforkMain, static_cast<char *>(stack) + VforkStackSize, flags, &start,
                  r.flags & CLONE_PIDFD ? reinterpret_cast<void *>(r.pidFd) : nullptr);
  int64_t result = pid < 0 ? -errno : pid;
  errno = savedErrno;
  currentThread() = &parent;
  munmap(stack, VforkStackSize);
  if (pid > 0 && (r.flags & CLONE_PARENT_SETTID))
    writeGuestValue(r.parentTid, pid);
  if (!parent.hasSignal)
    setHostMask(hostMaskFor(parent.blocked));
  return result;
}

int64_t cloneAny(Syscall &c, const CloneRequest &r) {
  if ((r.flags & ThreadFlags) == ThreadFlags) {
    CpuState child = c.cpu;
    setChildRegisters(child, r);
    if (r.flags & ~(ThreadFlags | CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID |
                    CLONE_CHILD_SETTID | CLONE_DETACHED))
      return -EINVAL;
    return startThread(child, *c.cpu.thread, r.flags, r.parentTid, r.childTid);
  }
  if (r.flags & CLONE_THREAD)
    return -EINVAL; // as the kernel: only together with CLONE_SIGHAND and CLONE_VM
  if ((r.flags & CLONE_VM) && (r.flags & CLONE_VFORK))
    return vforkProcess(c, r);
  if (r.flags & CLONE_VM)
    return -ENOSYS; // two processes running at once in one translator
  CloneRequest copy = r;
  copy.flags &= ~uint64_t(CLONE_VFORK);
  return forkProcess(c, copy);
}

/// Why execve cannot run \p path, or 0.
int64_t checkProgram(const std::string &path, const std::vector<std::string> &argv) {
  Result<ResolvedProgram> found = resolve(path, argv, process().prefix);
  if (found)
    return 0;
  return found.error().errnum ? -found.error().errnum : -ENOEXEC;
}

/// A NULL-terminated array of strings in guest memory. A null array is empty.
int64_t readStrings(uint64_t address, std::vector<std::string> &strings) {
  for (size_t total = 0; address; address += 8) {
    auto pointer = readGuestValue<uint64_t>(address);
    if (!pointer)
      return -EFAULT;
    if (!*pointer)
      break;
    auto text = readGuestString(*pointer, 32 * 4096); // MAX_ARG_STRLEN
    if (!text)
      return -EFAULT;
    total += text->size() + 1 + 8;
    if (total > (6u << 20))
      return -E2BIG;
    strings.push_back(std::move(*text));
  }
  return 0;
}

int64_t executeProgram(Syscall &c, const std::string &path, uint64_t argvAt, uint64_t envAt) {
  std::vector<std::string> argv, env;
  if (int64_t error = readStrings(argvAt, argv))
    return error;
  if (int64_t error = readStrings(envAt, env))
    return error;
  if (argv.empty())
    argv.push_back(""); // as Linux does since 5.18
  std::string target = path;
  if (target == "/proc/self/exe" || target == "/proc/" + std::to_string(getpid()) + "/exe")
    target = process().exePath;
  if (int64_t error = checkProgram(target, argv))
    return error;
  // dbt-run OPTIONS -0 argv0 -- path args...
  std::vector<std::string> words = {process().runPath};
  words.insert(words.end(), process().options.begin(), process().options.end());
  words.insert(words.end(), {"-0", argv[0], "--", target});
  words.insert(words.end(), argv.begin() + 1, argv.end());
  std::vector<char *> hostArgv, hostEnv;
  for (std::string &word : words)
    hostArgv.push_back(word.data());
  for (std::string &entry : env)
    hostEnv.push_back(entry.data());
  hostArgv.push_back(nullptr);
  hostEnv.push_back(nullptr);
  if (forkHooks.atExit)
    forkHooks.atExit();
  // The new program inherits the guest's mask and what it ignores.
  exportIgnoredSignals();
  setHostMask(c.cpu.thread->blocked);
  int64_t result = rawSyscall(SYS_execve, reinterpret_cast<uint64_t>(words[0].c_str()),
                              reinterpret_cast<uint64_t>(hostArgv.data()), reinterpret_cast<uint64_t>(hostEnv.data()));
  setGuestMask(*c.cpu.thread, c.cpu.thread->blocked);
  return result;
}

} // namespace

void setForkHooks(const ForkHooks &hooks) { forkHooks = hooks; }

void exitProcess(int status) {
  if (forkHooks.atExit)
    forkHooks.atExit();
  rawSyscall(SYS_exit_group, static_cast<uint64_t>(status));
  __builtin_unreachable();
}

int64_t sysFork(Syscall &c) { return forkProcess(c, {0, SIGCHLD, 0, 0, 0, 0, 0}); }
int64_t sysVfork(Syscall &c) { return vforkProcess(c, {CLONE_VM | CLONE_VFORK, SIGCHLD, 0, 0, 0, 0, 0}); }

int64_t sysClone(Syscall &c) {
  CloneRequest r = {c.arg[0] & ~uint64_t(CSIGNAL), static_cast<int>(c.arg[0] & CSIGNAL), c.arg[1], c.arg[2], c.arg[3], c.arg[4], c.arg[2]};
  return cloneAny(c, r);
}

int64_t sysClone3(Syscall &c) {
  clone_args args = {};
  if (c.arg[1] < CLONE_ARGS_SIZE_VER0 || c.arg[1] > 4096)
    return c.arg[1] > 4096 ? -E2BIG : -EINVAL;
  if (!readGuest(&args, c.arg[0], std::min<uint64_t>(c.arg[1], sizeof args)))
    return -EFAULT;
  if (args.set_tid_size || (args.flags & (CLONE_INTO_CGROUP | CLONE_CLEAR_SIGHAND)))
    return -ENOSYS; // callers fall back to clone
  CloneRequest r = {args.flags, static_cast<int>(args.exit_signal), args.stack ? args.stack + args.stack_size : 0,
                    args.parent_tid, args.child_tid, args.tls, args.pidfd};
  return cloneAny(c, r);
}

int64_t sysExecve(Syscall &c) {
  auto path = readGuestString(c.arg[0]);
  return path ? executeProgram(c, *path, c.arg[1], c.arg[2]) : -EFAULT;
}

int64_t sysExecveat(Syscall &c) {
  auto path = readGuestString(c.arg[1]);
  if (!path)
    return -EFAULT;
  const int fd = static_cast<int>(c.arg[0]);
  std::string full = *path;
  if (path->empty() && (c.arg[4] & AT_EMPTY_PATH))
    full = "/proc/self/fd/" + std::to_string(fd);
  else if (path->empty())
    return -ENOENT;
  else if ((*path)[0] != '/' && fd != AT_FDCWD)
    full = "/proc/self/fd/" + std::to_string(fd) + "/" + *path;
  return executeProgram(c, full, c.arg[2], c.arg[3]);
}

int64_t sysExit(Syscall &c) {
  if (threadCount() == 1) {
    if (c.cpu.thread->clearChildTid)
      clearChildTid(*c.cpu.thread);
    exitProcess(static_cast<int>(c.arg[0]));
  }
  c.outcome = SyscallOutcome::ThreadExit;
  return 0;
}

int64_t sysExitGroup(Syscall &c) { exitProcess(static_cast<int>(c.arg[0])); }

} // namespace dbt
