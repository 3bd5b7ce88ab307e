//===- Process.cpp - Processes: fork, exec, exit --------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A fork's child is dbt-run with one thread; a vfork's child shares its parent's
// memory, translator and all, and runs on a host stack of its own while the parent
// thread waits in the kernel (docs/Signals.md, "Processes"). Exec.cpp has execve.
//===----------------------------------------------------------------------===//
#include "Linux/Process.h"

#include "Abi/SafeSyscall.h"
#include "Guest/CpuState.h"
#include "Linux/AsanStack.h"
#include "Linux/ForeignMemory.h"
#include "Linux/GuestMemory.h"
#include "Linux/HostSignals.h"
#include "Linux/HostThreads.h"
#include "Linux/KernelWrites.h"
#include "Linux/Limits.h"
#include "Linux/ProcessState.h"
#include "Linux/SharedMemory.h"
#include "Linux/SyscallTable.h"
#include "Linux/Threads.h"
#include "Linux/WriteExecute.h"
#include "Loader/AddressSpace.h"
#include "Support/Reserve.h"

#include <cerrno>
#include <linux/sched.h>
#include <memory>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace dbt {

namespace {

ForkHooks forkHooks;

constexpr uint64_t ThreadFlags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;
/// The host stack of a vfork's child, which runs the interpreter and execve.
constexpr size_t VforkStackSize = 1 << 20;
/// What the host must not do for a guest's clone: its own stack, TLS and tids.
constexpr uint64_t OurFlags = CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | CLONE_SETTLS | CLONE_PARENT_SETTID |
                              CLONE_CLEAR_SIGHAND;

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
  if (r.flags & CLONE_CLEAR_SIGHAND)
    clearHandlers(thread);
  setChildRegisters(cpu, r);
}

/// Every lock of the process, in the order in which they may be held together.
/// False, and none is held, if another thread has made memory meanwhile that would be shared unawares.
bool lockForFork() {
  attachmentsLock().lock();
  limitsLock().lock();
  if (forkHooks.before)
    forkHooks.before();
  if (!process().space->lockForFork()) {
    if (forkHooks.after)
      forkHooks.after(false);
    limitsLock().unlock();
    attachmentsLock().unlock();
    return false;
  }
  processActions().lock.lock();
  lockHostThreads();
  lockThreads();
  processReserve().mutex().lock();
  return true;
}
void unlockAfterFork(bool inChild) {
  processReserve().mutex().unlock();
  unlockThreads();
  unlockHostThreads(inChild);
  if (inChild)
    forgetBirths();
  processActions().lock.unlock();
  process().space->unlockAfterFork(inChild);
  if (forkHooks.after)
    forkHooks.after(inChild);
  limitsLock().unlock();
  attachmentsLock().unlock();
}

int64_t hostFork(const CloneRequest &r) {
  // glibc's fork sets its own locks right in the child; namespaces and the like
  // are flags that only the raw call takes.
  if ((r.flags & ~OurFlags) == 0 && r.exitSignal == SIGCHLD) {
    pid_t pid = fork();
    return pid < 0 ? -errno : pid;
  }
  return rawSyscall(SYS_clone, (r.flags & ~OurFlags) | static_cast<uint64_t>(r.exitSignal), 0,
                    r.flags & CLONE_PIDFD ? r.pidFd : 0);
}

int64_t forkProcess(Syscall &c, const CloneRequest &r) {
  ThreadContext &thread = *c.cpu.thread;
  closeHostMask();
  if (slotIsFull(thread))
    return RestartSyscall; // as the kernel: the parent's handler first
  process().several = true;
  if (r.flags & CLONE_FILES)
    process().space->ownNothing();
  haveRelatives(thread.vforked ? getppid() : getpid());
  do
    process().space->shareAll();
  while (!lockForFork());
  int64_t pid = hostFork(r);
  if (pid == 0) {
    thread.vforked = false;
    keepOnlyThread(thread);
  }
  unlockAfterFork(pid == 0);
  if (pid == 0) {
    becomeRelative();
    process().child = true;
    // Sent signals that waited are the parent's.
    emptySlot(thread);
    thread.heldSignals = 0;
    __atomic_fetch_and(&c.cpu.pending, ~uint32_t(pending::Signal), __ATOMIC_SEQ_CST);
    adoptActions(thread);
    inheritWriteExecute();
    becomeChild(c.cpu, r);
  } else if (pid > 0 && (r.flags & CLONE_PARENT_SETTID)) {
    writeGuestValue(r.parentTid, static_cast<int>(pid));
  }
  openHostMask(thread);
  return pid;
}

/// All that a vfork's child has of its own. It ends by execve or exit without
/// unwinding: the parent frees this.
struct VforkChild {
  CpuState cpu;
  ThreadContext thread;
  SignalActions actions;
  const CloneRequest &request;
  void *const stack; ///< VforkStackSize bytes
  AsanStack asanStack;

  VforkChild(const CpuState &parent, const CloneRequest &request, void *stack)
      : cpu(childState(parent)), request(request), stack(stack) {
    const ThreadContext &from = *parent.thread;
    thread.cpu = &cpu;
    thread.blocked = from.blocked;
    thread.altStack = from.altStack;
    thread.hostStackBytes = VforkStackSize / 2;
    thread.vforked = true;
    copyActions(from, actions);
    thread.actions = request.flags & CLONE_SIGHAND ? from.actions : &actions;
    cpu.thread = &thread;
    cpu.self = &cpu;
    registerThread(thread);
  }
  ~VforkChild() {
    KernelWrites::abandon(thread);
    unregisterThread(thread);
    guestRunner().abandon(cpu);
  }

  static int main(void *opaque) {
    auto &self = *static_cast<VforkChild *>(opaque);
    self.asanStack.enter(self.stack, VforkStackSize);
    currentThread() = &self.thread; // the parent thread's TLS, while that waits
    becomeChild(self.cpu, self.request);
    openHostMask(self.thread);
    guestRunner().run(self.cpu);
    __builtin_unreachable(); // sysExit
  }
};

int64_t vforkProcess(Syscall &c, const CloneRequest &r) {
  ThreadContext &parent = *c.cpu.thread;
  closeHostMask();
  if (slotIsFull(parent))
    return RestartSyscall;
  process().several = true;
  void *stack = mmap(nullptr, VforkStackSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (stack == MAP_FAILED) {
    openHostMask(parent);
    return -ENOMEM;
  }
  auto child = std::make_unique<VforkChild>(c.cpu, r, stack);
  auto flags = static_cast<int>((r.flags & ~OurFlags) | CLONE_VM | CLONE_VFORK) | r.exitSignal;
  int pid = clone(VforkChild::main, static_cast<char *>(stack) + VforkStackSize, flags, child.get(),
                  r.flags & CLONE_PIDFD ? reinterpret_cast<void *>(r.pidFd) : nullptr);
  int64_t result = pid < 0 ? -errno : pid;
  child->asanStack.leave();
  currentThread() = &parent;
  child.reset();
  munmap(stack, VforkStackSize);
  if (forkHooks.afterVfork)
    forkHooks.afterVfork();
  if (pid > 0 && (r.flags & CLONE_PARENT_SETTID))
    writeGuestValue(r.parentTid, pid);
  openHostMask(parent);
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

} // namespace

void setForkHooks(const ForkHooks &hooks) { forkHooks = hooks; }

void runExitHook() {
  ThreadContext *thread = currentThread();
  if (forkHooks.atExit && !(thread && thread->vforked))
    forkHooks.atExit();
}

void exitProcess(int status) {
  runExitHook();
  rawSyscall(SYS_exit_group, static_cast<uint64_t>(status));
  __builtin_unreachable();
}

int64_t sysFork(Syscall &c) { return forkProcess(c, {0, SIGCHLD, 0, 0, 0, 0, 0}); }
int64_t sysVfork(Syscall &c) { return vforkProcess(c, {CLONE_VM | CLONE_VFORK, SIGCHLD, 0, 0, 0, 0, 0}); }

int64_t sysClone(Syscall &c) {
  const uint64_t flags = static_cast<uint32_t>(c.arg[0]);
  // There is one argument for both.
  if ((flags & CLONE_PIDFD) && (flags & CLONE_PARENT_SETTID))
    return -EINVAL;
  CloneRequest r = {flags & ~uint64_t(CSIGNAL), static_cast<int>(flags & CSIGNAL), c.arg[1], c.arg[2], c.arg[3], c.arg[4], c.arg[2]};
  return cloneAny(c, r);
}

int64_t sysClone3(Syscall &c) {
  clone_args args = {};
  if (c.arg[1] < CLONE_ARGS_SIZE_VER0 || c.arg[1] > 4096)
    return c.arg[1] > 4096 ? -E2BIG : -EINVAL;
  if (!readGuest(&args, c.arg[0], std::min<uint64_t>(c.arg[1], sizeof args)))
    return -EFAULT;
  constexpr uint64_t OwnExit = CLONE_THREAD | CLONE_PARENT; // these have no exit signal
  if ((args.flags & (CLONE_DETACHED | (CSIGNAL & ~CLONE_NEWTIME))) || args.exit_signal > CSIGNAL ||
      ((args.flags & OwnExit) && args.exit_signal) || !args.stack != !args.stack_size)
    return -EINVAL;
  if (args.set_tid_size || (args.flags & (CLONE_INTO_CGROUP | CLONE_NEWTIME)))
    return -ENOSYS; // callers fall back to clone
  CloneRequest r = {args.flags, static_cast<int>(args.exit_signal), args.stack ? args.stack + args.stack_size : 0,
                    args.parent_tid, args.child_tid, args.tls, args.pidfd};
  return cloneAny(c, r);
}

int64_t sysExit(Syscall &c) {
  c.cpu.thread->exitStatus = static_cast<int>(c.arg[0]);
  if (c.cpu.thread->vforked)
    exitProcess(c.cpu.thread->exitStatus);
  c.outcome = SyscallOutcome::ThreadExit;
  return 0;
}

int64_t sysExitGroup(Syscall &c) { exitProcess(static_cast<int>(c.arg[0])); }

} // namespace dbt
