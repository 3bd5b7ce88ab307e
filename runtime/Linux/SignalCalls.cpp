//===- SignalCalls.cpp - System calls about signals -----------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Signals that the guest blocks are blocked in the host, so that the kernel keeps
// them, and rt_sigpending, rt_sigtimedwait and signalfd pass through.
//===----------------------------------------------------------------------===//
#include "Abi/SafeSyscall.h"
#include "Linux/GuestMemory.h"
#include "Linux/SignalFrame.h"
#include "Linux/SyscallTable.h"

#include <cerrno>
#include <sys/syscall.h>

namespace dbt {

namespace {

constexpr uint64_t MaskSize = 8;
constexpr uint64_t MinAltStack = 2048;

int64_t pass(Syscall &c) {
  return safeSyscall(c.cpu, static_cast<long>(c.number), c.arg[0], c.arg[1], c.arg[2], c.arg[3], c.arg[4], c.arg[5]);
}

/// A call that waits with another mask in force (sigsuspend's family). The kernel
/// gets it as \p arg, pointing to our copy without the synchronous signals.
template <class Call> int64_t withMask(ThreadContext &thread, uint64_t guestMask, Call call) {
  const uint64_t before = thread.blocked;
  uint64_t host = hostMaskFor(guestMask & ~UnblockableSignals);
  // A signal that has been recorded has all others blocked: the call must not
  // wait, and does not, since pending is set.
  int64_t result = call(&host);
  if (thread.hasSignal) {
    // The handler runs under the call's mask, and its return restores ours.
    thread.blocked = guestMask & ~UnblockableSignals;
    thread.maskToRestore = before;
    thread.restoreMask = true;
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
  int64_t result = setGuestAction(static_cast<int>(c.arg[0]), c.arg[1] ? &action : nullptr, &old);
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
    switch (c.arg[0]) {
    case SIG_BLOCK: setGuestMask(thread, old | *set); break;
    case SIG_UNBLOCK: setGuestMask(thread, old & ~*set); break;
    case SIG_SETMASK: setGuestMask(thread, *set); break;
    default: return -EINVAL;
    }
  }
  return c.arg[2] && !writeGuestValue(c.arg[2], old) ? -EFAULT : 0;
}

int64_t sysRtSigpending(Syscall &c) { return rawSyscall(SYS_rt_sigpending, c.arg[0], c.arg[1]); }
int64_t sysRtSigtimedwait(Syscall &c) { return pass(c); }
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
  return withMask(*c.cpu.thread, *mask, [&](uint64_t *host) {
    return safeSyscall(c.cpu, SYS_rt_sigsuspend, reinterpret_cast<uint64_t>(host), MaskSize, 0, 0, 0, 0);
  });
}

int64_t sysPpoll(Syscall &c) {
  if (!c.arg[3])
    return pass(c);
  auto mask = readGuestValue<uint64_t>(c.arg[3]);
  if (!mask)
    return -EFAULT;
  return withMask(*c.cpu.thread, *mask, [&](uint64_t *host) {
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
  return withMask(*c.cpu.thread, *mask, [&](uint64_t *host) {
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
  return withMask(*c.cpu.thread, *mask, [&](uint64_t *host) {
    return safeSyscall(c.cpu, static_cast<long>(c.number), c.arg[0], c.arg[1], c.arg[2], c.arg[3],
                       reinterpret_cast<uint64_t>(host), c.arg[5]);
  });
}
int64_t sysEpollPwait(Syscall &c) { return epollWithMask(c); }
int64_t sysEpollPwait2(Syscall &c) { return epollWithMask(c); }

int64_t sysSigaltstack(Syscall &c) {
  ThreadContext &thread = *c.cpu.thread;
  stack_t old = thread.altStack;
  const uint64_t sp = c.cpu.reg(Reg::Rsp), base = reinterpret_cast<uint64_t>(old.ss_sp);
  const bool on = !(old.ss_flags & SS_DISABLE) && sp > base && sp - base <= old.ss_size;
  if (on)
    old.ss_flags |= SS_ONSTACK;
  if (c.arg[0]) {
    auto stack = readGuestValue<stack_t>(c.arg[0]);
    if (!stack)
      return -EFAULT;
    if (on)
      return -EPERM;
    constexpr int AutoDisarm = 1 << 31;
    int mode = stack->ss_flags & ~AutoDisarm;
    if (mode != 0 && mode != SS_DISABLE && mode != SS_ONSTACK)
      return -EINVAL;
    if (mode == SS_DISABLE)
      *stack = {nullptr, SS_DISABLE, 0};
    else if (stack->ss_size < MinAltStack)
      return -ENOMEM;
    else
      stack->ss_flags &= ~SS_ONSTACK;
    thread.altStack = *stack;
  }
  return c.arg[1] && !writeGuestValue(c.arg[1], old) ? -EFAULT : 0;
}

int64_t sysRtSigreturn(Syscall &c) {
  c.outcome = SyscallOutcome::StateReplaced;
  if (!popSignalFrame(c.cpu, *c.cpu.thread))
    dieOf(SIGSEGV);
  return 0;
}

} // namespace dbt
