//===- Signals.cpp - Guest signals ----------------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Linux/Signals.h"

#include "Abi/HostContext.h"
#include "Abi/SafeSyscall.h"
#include "Interp/Block.h"
#include "Interp/Exit.h"
#include "Linux/SignalFrame.h"
#include "Linux/Strace.h"

#include <array>
#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <sys/mman.h>
#include <sys/syscall.h>

extern "C" void dbtSignalReturn();

namespace dbt {

namespace {

constexpr uint64_t SaRestorer = 0x04000000;
constexpr int NumSignals = 64;
constexpr size_t HostAltStackSize = 64 << 10;
/// x86 page fault error code, bit 1: the access was a write (SDM Vol. 3, 4.7).
constexpr uint64_t WriteFault = 2;

std::mutex actionLock;
std::array<GuestAction, NumSignals + 1> actions;
FaultHooks faultHooks;

int64_t hostSigaction(int signal, const GuestAction *action, GuestAction *old) {
  return rawSyscall(SYS_rt_sigaction, static_cast<uint64_t>(signal), reinterpret_cast<uint64_t>(action),
                    reinterpret_cast<uint64_t>(old), 8);
}

/// A synchronous fault of guest code: back to the dispatcher with it.
void takeFault(ThreadContext &thread, const siginfo_t &info, const ucontext_t &context, uint64_t pc) {
  thread.fault = {info, hostTrapNumber(context), hostErrorCode(context), hostFaultAddress(context)};
  thread.cpu->rip = pc;
  thread.cpu->mxcsr = hostMxcsr(context); // live in the register until here
  thread.cpu->exitReason = static_cast<uint32_t>(ExitReason::Fault);
  thread.cpu->exitOp = nullptr;
  siglongjmp(*thread.recovery, 1);
}

[[noreturn]] void internalFault(int signal, const siginfo_t &info, const ucontext_t &context) {
  char line[160];
  int n = std::snprintf(line, sizeof line, "dbt-run: internal error: signal %d at host address 0x%" PRIx64 ", accessing %p\n",
                        signal, hostPc(context), info.si_addr);
  rawSyscall(SYS_write, 2, reinterpret_cast<uint64_t>(line), static_cast<uint64_t>(n));
  dieOf(signal);
}

void hostHandler(int signal, siginfo_t *info, void *opaque) {
  auto &context = *static_cast<ucontext_t *>(opaque);
  const int savedErrno = errno;
  ThreadContext *thread = currentThread();
  if ((SynchronousSignals & signalBit(signal)) && info->si_code > 0) {
    if (signal == SIGSEGV && (hostErrorCode(context) & WriteFault) && faultHooks.onWriteFault &&
        faultHooks.onWriteFault(hostFaultAddress(context))) {
      errno = savedErrno;
      return;
    }
    if (!thread || !thread->recovery)
      internalFault(signal, *info, context);
    if (faultHooks.inCompiledCode && faultHooks.inCompiledCode(hostPc(context))) {
      // Without a handler of the guest's the fault ends the process, and nobody
      // will see registers.
      if (!handlesFaults())
        dieOf(signal);
      takeFault(*thread, *info, context, thread->cpu->rip);
    }
    const void *op = thread->cpu->currentOp;
    if (!op)
      internalFault(signal, *info, context);
    takeFault(*thread, *info, context, static_cast<const IOp *>(op)->insn.pc);
  }
  if (!thread)
    return; // one of our own threads: all are blocked there, so this cannot be the guest's
  thread->signal = *info;
  thread->hasSignal = 1;
  __atomic_fetch_or(&thread->cpu->pending, pending::Signal, __ATOMIC_SEQ_CST);
  // One at a time: the kernel keeps the others until this one is delivered.
  uint64_t all = ~(SynchronousSignals | UnblockableSignals);
  std::memcpy(&context.uc_sigmask, &all, sizeof all);
  abortSafeSyscall(context);
  errno = savedErrno;
}

void installHostHandler(int signal, uint64_t handler) {
  GuestAction action = {handler, SaRestorer | SA_SIGINFO | SA_ONSTACK, reinterpret_cast<uint64_t>(&dbtSignalReturn), 0};
  if (handler == reinterpret_cast<uint64_t>(&hostHandler))
    action.flags |= SynchronousSignals & signalBit(signal) ? uint64_t(SA_NODEFER) : 0;
  else
    action.flags = SaRestorer;
  if (!(SynchronousSignals & signalBit(signal)))
    action.mask = ~uint64_t(0);
  hostSigaction(signal, &action, nullptr);
}

/// The host's disposition for the guest's: its default and ignoring are the
/// kernel's business, a handler is ours. Synchronous signals are always ours.
void mirrorAction(int signal, const GuestAction &action) {
  if (SynchronousSignals & signalBit(signal))
    return;
  bool handled = action.handler > 1; // neither SIG_DFL nor SIG_IGN
  uint64_t noChild = action.flags & (SA_NOCLDSTOP | SA_NOCLDWAIT);
  if (!handled || noChild) {
    GuestAction host = {handled ? reinterpret_cast<uint64_t>(&hostHandler) : action.handler,
                        SaRestorer | noChild | (handled ? SA_SIGINFO | SA_ONSTACK : 0),
                        reinterpret_cast<uint64_t>(&dbtSignalReturn), ~uint64_t(0)};
    hostSigaction(signal, &host, nullptr);
    return;
  }
  installHostHandler(signal, reinterpret_cast<uint64_t>(&hostHandler));
}

/// Gives a recorded signal back to the kernel's queue.
void requeue(ThreadContext &thread, siginfo_t &info) {
  rawSyscall(SYS_rt_tgsigqueueinfo, static_cast<uint64_t>(getpid()), static_cast<uint64_t>(thread.tid),
             static_cast<uint64_t>(info.si_signo), reinterpret_cast<uint64_t>(&info));
}

/// Enters the handler of \p action; the mask becomes what the kernel would make it.
void enterHandler(CpuState &cpu, ThreadContext &thread, const GuestAction &action, const siginfo_t &info,
                  const FaultContext &fault) {
  uint64_t saved = thread.restoreMask ? thread.maskToRestore : thread.blocked;
  thread.restoreMask = false;
  if (!pushSignalFrame(cpu, thread, action, info, saved, fault))
    dieOf(SIGSEGV);
  uint64_t blocked = thread.blocked | action.mask;
  if (!(action.flags & SA_NODEFER))
    blocked |= signalBit(info.si_signo);
  if (action.flags & SA_RESETHAND) {
    std::lock_guard guard(actionLock);
    actions[info.si_signo].handler = 0;
    mirrorAction(info.si_signo, actions[info.si_signo]);
  }
  setGuestMask(thread, blocked);
}

} // namespace

void setHostMask(uint64_t mask) {
  rawSyscall(SYS_rt_sigprocmask, SIG_SETMASK, reinterpret_cast<uint64_t>(&mask), 0, 8);
}

void setGuestMask(ThreadContext &thread, uint64_t mask) {
  thread.blocked = mask & ~UnblockableSignals;
  if (!thread.hasSignal)
    setHostMask(hostMaskFor(thread.blocked));
}

void initSignals(const FaultHooks &hooks, ThreadContext &thread) {
  faultHooks = hooks;
  uint64_t mask = 0;
  rawSyscall(SYS_rt_sigprocmask, SIG_SETMASK, 0, reinterpret_cast<uint64_t>(&mask), 8);
  thread.blocked = mask;
  for (int signal = 1; signal <= NumSignals; ++signal) {
    GuestAction inherited = {};
    hostSigaction(signal, nullptr, &inherited);
    if (inherited.handler == 1) // SIG_IGN
      actions[signal].handler = 1;
    if (SynchronousSignals & signalBit(signal))
      installHostHandler(signal, reinterpret_cast<uint64_t>(&hostHandler));
  }
  makeHostAltStack(thread);
  setHostMask(hostMaskFor(mask));
}

void makeHostAltStack(ThreadContext &thread) {
  void *base = mmap(nullptr, HostAltStackSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED)
    return; // handlers then run on the thread's own stack
  thread.hostAltStack = base;
  thread.hostAltStackSize = HostAltStackSize;
  stack_t stack = {base, 0, HostAltStackSize};
  sigaltstack(&stack, nullptr);
}

void freeHostAltStack(ThreadContext &thread) {
  if (!thread.hostAltStack)
    return;
  stack_t none = {nullptr, SS_DISABLE, 0};
  sigaltstack(&none, nullptr);
  munmap(thread.hostAltStack, thread.hostAltStackSize);
  thread.hostAltStack = nullptr;
}

GuestAction guestAction(int signal) {
  std::lock_guard guard(actionLock);
  return actions[signal];
}

int64_t setGuestAction(int signal, const GuestAction *action, GuestAction *old) {
  if (signal < 1 || signal > NumSignals || (action && (UnblockableSignals & signalBit(signal))))
    return -EINVAL;
  const bool handled = handlesFaults();
  {
    std::lock_guard guard(actionLock);
    *old = actions[signal];
    if (!action)
      return 0;
    actions[signal] = *action;
    actions[signal].mask &= ~UnblockableSignals;
    mirrorAction(signal, *action);
  }
  if (handled != handlesFaults())
    announceModeChange();
  return 0;
}

void announceModeChange() {
  if (faultHooks.onModeChange)
    faultHooks.onModeChange();
}

/// Also asked by the fault handler, so without the lock: each handler is one word.
bool handlesFaults() {
  for (int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP})
    if (actions[signal].handler > 1)
      return true;
  return false;
}

void exportIgnoredSignals() {
  std::lock_guard guard(actionLock);
  for (int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP})
    if (actions[signal].handler == 1) {
      GuestAction ignore = {1, SaRestorer, reinterpret_cast<uint64_t>(&dbtSignalReturn), 0};
      hostSigaction(signal, &ignore, nullptr);
    }
}

void dieOf(int signal) {
  GuestAction fatal = {0, SaRestorer, reinterpret_cast<uint64_t>(&dbtSignalReturn), 0};
  hostSigaction(signal, &fatal, nullptr);
  setHostMask(~signalBit(signal));
  rawSyscall(SYS_tgkill, static_cast<uint64_t>(getpid()), static_cast<uint64_t>(gettid()), static_cast<uint64_t>(signal));
  setHostMask(0);
  std::abort(); // the signal was one that does not end a process
}

void deliverSignals(CpuState &cpu) {
  ThreadContext &thread = *cpu.thread;
  if (!thread.hasSignal) {
    __atomic_fetch_and(&cpu.pending, ~uint32_t(pending::Signal), __ATOMIC_SEQ_CST);
    return;
  }
  // All others are blocked in the host, so nobody writes these now.
  siginfo_t info = thread.signal;
  thread.hasSignal = 0;
  __atomic_fetch_and(&cpu.pending, ~uint32_t(pending::Signal), __ATOMIC_SEQ_CST);
  if (thread.blocked & signalBit(info.si_signo)) {
    // The guest blocked it between its arrival and now.
    requeue(thread, info);
    setHostMask(hostMaskFor(thread.blocked));
    return;
  }
  GuestAction action = guestAction(info.si_signo);
  if (action.handler == 0 && (SynchronousSignals & signalBit(info.si_signo)))
    dieOf(info.si_signo); // sent by somebody; its disposition in the host is ours
  if (action.handler <= 1) {
    // Changed since it arrived, or an ignored synchronous one: the kernel knows.
    if (action.handler == 0)
      requeue(thread, info);
    setHostMask(hostMaskFor(thread.blocked));
    return;
  }
  if (tracingSyscalls())
    traceEvent("--- " + std::string("SIG") + sigabbrev_np(info.si_signo) + " ---");
  enterHandler(cpu, thread, action, info, {});
}

void raiseSynchronous(CpuState &cpu, const siginfo_t &info, uint64_t trapNumber, uint64_t errorCode,
                      uint64_t address) {
  ThreadContext &thread = *cpu.thread;
  GuestAction action = guestAction(info.si_signo);
  // A blocked or ignored synchronous signal ends the process (force_sig).
  if (action.handler <= 1 || (thread.blocked & signalBit(info.si_signo)))
    dieOf(info.si_signo);
  enterHandler(cpu, thread, action, info, {trapNumber, errorCode, address});
}

void raiseTrapSignal(CpuState &cpu, Trap trap) {
  siginfo_t info = {};
  info.si_code = SI_KERNEL;
  uint64_t number = 0;
  auto at = [&](int signal, int code) {
    info.si_signo = signal;
    info.si_code = code;
    info.si_addr = reinterpret_cast<void *>(cpu.rip);
  };
  switch (trap) {
  case Trap::None: return;
  case Trap::DE: at(SIGFPE, FPE_INTDIV); number = 0; break;
  case Trap::DB: at(SIGTRAP, TRAP_BRKPT); number = 1; break;
  case Trap::BP:
    info.si_signo = SIGTRAP;
    number = 3;
    cpu.rip += *reinterpret_cast<const uint8_t *>(cpu.rip) == 0xcc ? 1 : 2; // INT3 or INT 3
    break;
  case Trap::OF: info.si_signo = SIGSEGV; number = 4; cpu.rip += 2; break; // INT 4
  case Trap::UD:
  case Trap::Unimplemented: at(SIGILL, ILL_ILLOPN); number = 6; break;
  case Trap::NP: info.si_signo = SIGBUS; number = 11; break;
  case Trap::SS: info.si_signo = SIGBUS; number = 12; break;
  case Trap::GP: info.si_signo = SIGSEGV; number = 13; break;
  case Trap::MF: at(SIGFPE, FPE_FLTINV); number = 16; break;
  case Trap::AC: at(SIGBUS, BUS_ADRALN); number = 17; break;
  case Trap::XM: at(SIGFPE, FPE_FLTINV); number = 19; break;
  }
  raiseSynchronous(cpu, info, number, 0, 0);
}

int64_t interruptedResult(ThreadContext &thread, uint64_t number, int64_t result) {
  if (result != -EINTR || !thread.hasSignal || thread.restoreMask)
    return result;
  switch (number) {
  // Never begun again after a handler has run (signal(7)).
  case SYS_pause: case SYS_rt_sigsuspend: case SYS_rt_sigtimedwait: case SYS_poll: case SYS_ppoll:
  case SYS_select: case SYS_pselect6: case SYS_epoll_wait: case SYS_epoll_pwait: case SYS_epoll_pwait2:
  case SYS_nanosleep: case SYS_clock_nanosleep: case SYS_msgrcv: case SYS_msgsnd: case SYS_semop:
  case SYS_semtimedop: case SYS_io_getevents: case SYS_io_pgetevents: case SYS_close:
    return result;
  default:
    break;
  }
  return guestAction(thread.signal.si_signo).flags & SA_RESTART ? InterruptedBeforeStart : result;
}

} // namespace dbt
