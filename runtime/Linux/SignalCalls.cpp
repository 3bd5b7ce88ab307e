//===- SignalCalls.cpp - System calls about signals -----------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Signals that the guest blocks are blocked in the host, so that the kernel keeps
// them, and what asks for them passes through; but for sent synchronous ones, which
// are held here (docs/Signals.md).
//===----------------------------------------------------------------------===//
#include "Abi/SafeSyscall.h"
#include "Linux/GuestMemory.h"
#include "Linux/HostSignals.h"
#include "Linux/KernelWrites.h"
#include "Linux/SignalFrame.h"
#include "Linux/SyscallTable.h"

#include <cerrno>
#include <sys/syscall.h>

namespace dbt {

namespace {

constexpr uint64_t MaskSize = 8;

int64_t pass(Syscall &c) {
  KernelWrites writes(c, *syscallRow(c.number));
  return safeSyscall(c.cpu, static_cast<long>(c.number), c.arg[0], c.arg[1], c.arg[2], c.arg[3], c.arg[4], c.arg[5]);
}

/// A call that waits with another mask in force (sigsuspend's family). The kernel
/// gets it as the argument of \p call: our copy without the synchronous signals.
template <class Call> int64_t withMask(Syscall &c, uint64_t guestMask, Call call) {
  ThreadContext &thread = *c.cpu.thread;
  if (slotIsFull(thread))
    return InterruptedBeforeStart;
  KernelWrites writes(c, *syscallRow(c.number));
  const uint64_t before = thread.blocked;
  thread.blocked = guestMask & ~UnblockableSignals;
  uint64_t host = hostMaskFor(thread.blocked);
  int64_t result = promoteHeld(thread) ? -EINTR : call(&host);
  if (result == -EINTR && slotIsFull(thread)) {
    // The handler runs under the call's mask, and its return restores ours.
    thread.maskToRestore = before;
    thread.restoreMask = true;
  } else {
    thread.blocked = before;
  }
  return result;
}

} // namespace

int64_t sysRtSigaction(Syscall &c) {
  if (c.arg[3] != MaskSize)
    return -EINVAL;
  GuestAction action, old;
  if (c.arg[1] && !readGuest(&action, c.arg[1], sizeof action))
    return -EFAULT;
  int64_t result = setGuestAction(*c.cpu.thread, static_cast<int>(c.arg[0]), c.arg[1] ? &action : nullptr, &old);
  if (result == 0 && c.arg[2] && !writeGuestValue(c.arg[2], old))
    return -EFAULT;
  return result;
}

int64_t sysRtSigprocmask(Syscall &c) {
  ThreadContext &thread = *c.cpu.thread;
  if (c.arg[3] != MaskSize)
    return -EINVAL;
  const uint64_t old = thread.blocked;
  if (c.arg[1]) {
    auto set = readGuestValue<uint64_t>(c.arg[1]);
    if (!set)
      return -EFAULT;
    uint64_t mask;
    switch (static_cast<int>(c.arg[0])) {
    case SIG_BLOCK: mask = old | *set; break;
    case SIG_UNBLOCK: mask = old & ~*set; break;
    case SIG_SETMASK: mask = *set; break;
    default: return -EINVAL;
    }
    if (!changeGuestMask(thread, mask))
      return RestartSyscall;
  }
  return c.arg[2] && !writeGuestValue(c.arg[2], old) ? -EFAULT : 0;
}

int64_t sysRtSigpending(Syscall &c) {
  ThreadContext &thread = *c.cpu.thread;
  if (c.arg[1] > MaskSize)
    return -EINVAL;
  uint64_t set = 0;
  rawSyscall(SYS_rt_sigpending, reinterpret_cast<uint64_t>(&set), MaskSize);
  // With the mask closed the kernel may keep more than the guest blocks.
  set = (set | __atomic_load_n(&thread.heldSignals, __ATOMIC_RELAXED)) & thread.blocked;
  return writeGuest(c.arg[0], &set, c.arg[1]) ? 0 : -EFAULT;
}

int64_t sysRtSigtimedwait(Syscall &c) {
  ThreadContext &thread = *c.cpu.thread;
  uint64_t set = 0;
  if (c.arg[3] == MaskSize)
    if (auto wanted = readGuestValue<uint64_t>(c.arg[0]))
      set = *wanted & SynchronousSignals;
  siginfo_t info;
  auto held = [&] { return set && takeHeld(thread, set, info); };
  int64_t result = 0;
  if (!held()) {
    result = pass(c);
    if (result != -EINTR || !held())
      return result;
  }
  return c.arg[1] && !writeGuestValue(c.arg[1], info) ? -EFAULT : info.si_signo;
}

int64_t sysSignalfd(Syscall &c) { return pass(c); }
int64_t sysSignalfd4(Syscall &c) { return pass(c); }
int64_t sysPause(Syscall &c) { return pass(c); }
int64_t sysKill(Syscall &c) { return pass(c); }
int64_t sysTkill(Syscall &c) { return pass(c); }
int64_t sysTgkill(Syscall &c) { return pass(c); }
int64_t sysRtSigqueueinfo(Syscall &c) { return pass(c); }
int64_t sysRtTgsigqueueinfo(Syscall &c) { return pass(c); }
int64_t sysPidfdSendSignal(Syscall &c) { return pass(c); }

int64_t sysRtSigsuspend(Syscall &c) {
  if (c.arg[1] != MaskSize)
    return -EINVAL;
  auto mask = readGuestValue<uint64_t>(c.arg[0]);
  if (!mask)
    return -EFAULT;
  return withMask(c, *mask, [&](uint64_t *host) {
    return safeSyscall(c.cpu, SYS_rt_sigsuspend, reinterpret_cast<uint64_t>(host), MaskSize, 0, 0, 0, 0);
  });
}

int64_t sysPpoll(Syscall &c) {
  if (!c.arg[3])
    return pass(c);
  auto mask = readGuestValue<uint64_t>(c.arg[3]);
  if (!mask)
    return -EFAULT;
  return withMask(c, *mask, [&](uint64_t *host) {
    return safeSyscall(c.cpu, SYS_ppoll, c.arg[0], c.arg[1], c.arg[2], reinterpret_cast<uint64_t>(host), c.arg[4], 0);
  });
}

int64_t sysPselect6(Syscall &c) {
  struct MaskArg {
    uint64_t mask, size;
  };
  auto arg = c.arg[5] ? readGuestValue<MaskArg>(c.arg[5]) : MaskArg{0, 0};
  if (!arg)
    return -EFAULT;
  if (!arg->mask)
    return pass(c);
  auto mask = readGuestValue<uint64_t>(arg->mask);
  if (!mask)
    return -EFAULT;
  return withMask(c, *mask, [&](uint64_t *host) {
    MaskArg hostArg = {reinterpret_cast<uint64_t>(host), arg->size};
    return safeSyscall(c.cpu, SYS_pselect6, c.arg[0], c.arg[1], c.arg[2], c.arg[3], c.arg[4],
                       reinterpret_cast<uint64_t>(&hostArg));
  });
}

static int64_t epollWithMask(Syscall &c) {
  if (!c.arg[4])
    return pass(c);
  auto mask = readGuestValue<uint64_t>(c.arg[4]);
  if (!mask)
    return -EFAULT;
  return withMask(c, *mask, [&](uint64_t *host) {
    return safeSyscall(c.cpu, static_cast<long>(c.number), c.arg[0], c.arg[1], c.arg[2], c.arg[3],
                       reinterpret_cast<uint64_t>(host), c.arg[5]);
  });
}
int64_t sysEpollPwait(Syscall &c) { return epollWithMask(c); }
int64_t sysEpollPwait2(Syscall &c) { return epollWithMask(c); }

int64_t sysSigaltstack(Syscall &c) {
  ThreadContext &thread = *c.cpu.thread;
  const uint64_t sp = c.cpu.reg(Reg::Rsp);
  stack_t old = thread.altStack;
  constexpr int KeptFlags = 1 << 31; // SS_AUTODISARM
  old.ss_flags = (old.ss_flags & KeptFlags) | (!old.ss_size ? SS_DISABLE : onAltStack(old, sp) ? SS_ONSTACK : 0);
  if (c.arg[0]) {
    auto stack = readGuestValue<stack_t>(c.arg[0]);
    if (!stack)
      return -EFAULT;
    if (int64_t error = setAltStack(thread, *stack, sp))
      return error;
  }
  return c.arg[1] && !writeGuestValue(c.arg[1], old) ? -EFAULT : 0;
}

int64_t sysRtSigreturn(Syscall &c) {
  Popped popped = popSignalFrame(c.cpu, *c.cpu.thread);
  if (popped == Popped::SignalFirst)
    return RestartSyscall;
  c.outcome = SyscallOutcome::StateReplaced;
  if (popped == Popped::BadFrame)
    raiseBadFrame(c.cpu);
  return 0;
}

} // namespace dbt
