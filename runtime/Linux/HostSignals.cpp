//===- HostSignals.cpp - The host's side of guest signals -----------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// hostHandler() is where every signal of the process arrives that is not left to
// the kernel. All that it calls is async-signal-safe, but for the way out of a fault in
// guest code, where none of our locks is held.
//===----------------------------------------------------------------------===//
#include "Linux/HostSignals.h"

#include "Abi/HostContext.h"
#include "Abi/SafeSyscall.h"
#include "Guest/ExitReason.h"
#include "Guest/Pending.h"
#include "Interp/Block.h"
#include "Linux/HostThreads.h"

#include <atomic>
#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>
#include <sys/syscall.h>

extern "C" void dbtSignalReturn();

namespace dbt {

namespace {

constexpr size_t HostAltStackSize = 64 << 10;
/// x86 page fault error code, bit 1: the access was a write (SDM Vol. 3, 4.7).
constexpr uint64_t WriteFault = 2;

FaultHooks faultHooks;
std::atomic<unsigned> births{0}; ///< changed under the process's actions' lock

uint64_t word(const void *p) { return reinterpret_cast<uint64_t>(p); }

int64_t hostSigaction(int signal, const GuestAction *action, GuestAction *old) {
  return rawSyscall(SYS_rt_sigaction, static_cast<uint64_t>(signal), word(action), word(old), sizeof action->mask);
}

/// As giveBack(), to the thread \p tid. What is said to come from kill or from the kernel a thread
/// may only send itself: others get the signal without the rest.
void giveTo(pid_t tid, const siginfo_t &info) {
  siginfo_t copy = info;
  const auto pid = static_cast<uint64_t>(getpid()), number = static_cast<uint64_t>(info.si_signo);
  if (rawSyscall(SYS_rt_tgsigqueueinfo, pid, static_cast<uint64_t>(tid), number, word(&copy)) == -EPERM)
    rawSyscall(SYS_tgkill, pid, static_cast<uint64_t>(tid), number);
}

unsigned heldIndex(int signal) {
  switch (signal) {
  case SIGSEGV: return 0;
  case SIGBUS: return 1;
  case SIGFPE: return 2;
  case SIGILL: return 3;
  default: return 4; // SIGTRAP
  }
}

[[noreturn]] void internalFault(int signal, const siginfo_t &info, const ucontext_t &context) {
  char line[160];
  int n = std::snprintf(line, sizeof line, "dbt-run: internal error: signal %d at host address 0x%" PRIx64 ", accessing %p\n",
                        signal, hostPc(context), info.si_addr);
  rawSyscall(SYS_write, 2, word(line), static_cast<uint64_t>(n));
  dieOf(signal);
}

/// A fault of guest code: back to the dispatcher with it. The mask stays closed, as
/// the handler has it, until the signal is delivered.
[[noreturn]] void takeFault(ThreadContext &thread, const siginfo_t &info, const ucontext_t &context, uint64_t pc, bool copied = false) {
  thread.fault = {info, hostTrapNumber(context), hostErrorCode(context), hostFaultAddress(context), copied};
  if (info.si_signo == SIGFPE || info.si_signo == SIGILL || info.si_signo == SIGTRAP)
    thread.fault.info.si_addr = reinterpret_cast<void *>(pc); // not the host's
  thread.cpu->rip = pc;
  thread.cpu->mxcsr = hostMxcsr(context); // live in the register until here
  if (thread.cpu->x87InHost) {
    hostX87(context, thread.cpu->x87);
    thread.cpu->x87InHost = 0; // a handler begins with a unit of its own
  }
  thread.cpu->exitReason = static_cast<uint32_t>(ExitReason::Fault);
  thread.cpu->exitOp = nullptr;
  siglongjmp(*thread.recovery, 1);
}

void handleFault(ThreadContext *thread, int signal, const siginfo_t &info, const ucontext_t &context) {
  // Tracking withholds WRITE from pages that are mapped: never SEGV_MAPERR.
  if (signal == SIGSEGV && info.si_code == SEGV_ACCERR && (hostErrorCode(context) & WriteFault) &&
      faultHooks.onWriteFault && faultHooks.onWriteFault(hostFaultAddress(context)))
    return;
  if (thread && thread->recovery && faultHooks.recoverCopy && faultHooks.recoverCopy(context, *thread->cpu))
    takeFault(*thread, info, context, thread->cpu->rip, true);
  // The other tiers execute no instruction of the host's that is not its own.
  if (!thread || !thread->recovery || signal == SIGILL || signal == SIGTRAP)
    internalFault(signal, info, context);
  if (faultHooks.inCompiledCode && faultHooks.inCompiledCode(hostPc(context))) {
    // Without a handler of the guest's the fault ends the process, and nobody
    // will see registers; a stack fault is one by accident of the host's registers.
    if (!handlesFaults() && !thread->takeAllFaults)
      dieOf(hostTrapNumber(context) == 12 ? SIGSEGV : signal);
    takeFault(*thread, info, context, thread->cpu->rip);
  }
  const void *insn = thread->cpu->currentInsn;
  if (!insn)
    internalFault(signal, info, context);
  takeFault(*thread, info, context, static_cast<const Insn *>(insn)->pc);
}

void closeMaskOf(ucontext_t &context) { std::memcpy(&context.uc_sigmask, &ClosedMask, sizeof ClosedMask); }

void record(ThreadContext &thread, const siginfo_t &info, ucontext_t &context) {
  const uint64_t bit = signalBit(info.si_signo);
  if ((SynchronousSignals | signalBit(CancelSignal)) & bit) // which have our handler even so
    if (__atomic_load_n(&thread.actions->table[info.si_signo].handler, __ATOMIC_RELAXED) == IgnoreHandler)
      return;
  if (SynchronousSignals & bit) {
    if ((thread.blocked & bit) || slotIsFull(thread))
      return hold(thread, info);
  }
  if (slotIsFull(thread)) {
    // A held signal took the slot while the mask was open.
    giveBack(info);
    return closeMaskOf(context);
  }
  thread.signal = info;
  __atomic_store_n(&thread.hasSignal, 1, __ATOMIC_RELAXED);
  setPending(*thread.cpu, pending::Signal);
  closeMaskOf(context);
  abortSafeSyscall(context);
}

/// A signal that came to a thread of ours, or to one that is no guest thread yet.
void passOn(const siginfo_t &info, ucontext_t &context) {
  if (answerFollowRequest())
    return;
  closeMaskOf(context);
  if (SynchronousSignals & signalBit(info.si_signo))
    giveTo(getpid(), info); // which the first thread never blocks
  else
    giveBack(info, /*process=*/true);
}

void hostHandler(int signal, siginfo_t *info, void *opaque) {
  auto &context = *static_cast<ucontext_t *>(opaque);
  const int savedErrno = errno;
  ThreadContext *thread = currentThread();
  // A program may send itself a copy of a fault's siginfo: then the PC is behind
  // that system call.
  const bool raised = info->si_code > 0 && !isBehindSafeSyscall(context);
  if ((SynchronousSignals & signalBit(signal)) && raised)
    handleFault(thread, signal, *info, context);
  else if (thread)
    record(*thread, *info, context);
  else
    passOn(*info, context);
  errno = savedErrno;
}

} // namespace

GuestAction hostAction(int signal) {
  GuestAction action = {};
  hostSigaction(signal, nullptr, &action);
  return action;
}

void restoreHostAction(int signal, const GuestAction &action) { hostSigaction(signal, &action, nullptr); }

void mirrorAction(int signal, const GuestAction &action) {
  const bool handled = action.handler > IgnoreHandler;
  const bool synchronous = SynchronousSignals & signalBit(signal);
  const bool always = synchronous || (signal == CancelSignal && births != 0);
  GuestAction host = {action.handler, SaRestorer, word(reinterpret_cast<void *>(&dbtSignalReturn)), ~uint64_t(0)};
  host.flags |= action.flags & (SA_NOCLDSTOP | SA_NOCLDWAIT);
  if (handled || always) {
    host.handler = word(reinterpret_cast<void *>(&hostHandler));
    // The kernel decides whether an interrupted call is begun again. A sent signal
    // that the guest ignores must go unnoticed.
    host.flags |= SA_SIGINFO | SA_ONSTACK | (handled ? action.flags & SA_RESTART : uint64_t(SA_RESTART));
  }
  if (synchronous) {
    host.flags |= SA_NODEFER;
    host.mask = ClosedMask;
  }
  hostSigaction(signal, &host, nullptr);
}

void ignoreInHost(int signal) {
  GuestAction ignore = {IgnoreHandler, SaRestorer, word(reinterpret_cast<void *>(&dbtSignalReturn)), 0};
  hostSigaction(signal, &ignore, nullptr);
}

void beginBirth() {
  SignalActions &actions = processActions();
  std::lock_guard guard(actions.lock);
  if (births++ == 0)
    mirrorAction(CancelSignal, actions.table[CancelSignal]);
}

/// The last of those under way has ended. If the guest ignores the signal, our handler stays:
/// the kernel would discard what is pending, blocked or not.
static void leaveCancelSignal(const GuestAction &action) {
  if (action.handler != IgnoreHandler)
    mirrorAction(CancelSignal, action);
}

void endBirth() {
  SignalActions &actions = processActions();
  std::lock_guard guard(actions.lock);
  if (--births == 0)
    leaveCancelSignal(actions.table[CancelSignal]);
}

void forgetBirths() {
  if (births.exchange(0))
    leaveCancelSignal(processActions().table[CancelSignal]);
}

void installFaultHandlers(const FaultHooks &hooks) {
  faultHooks = hooks;
  for (int signal : SynchronousNumbers)
    mirrorAction(signal, {});
}

void announceModeChange() {
  if (faultHooks.onModeChange)
    faultHooks.onModeChange();
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

//===--- The mask ---===//

void closeHostMask() {
  rawSyscall(SYS_rt_sigprocmask, SIG_SETMASK, word(&ClosedMask), 0, sizeof ClosedMask);
}

/// False, and nothing is changed, if the slot is full.
bool setHostMaskUnlessFull(ThreadContext &thread, uint64_t mask) {
  return dbtSafeSyscall(&thread.hasSignal, SYS_rt_sigprocmask, SIG_SETMASK, word(&mask), 0, sizeof mask, 0, 0) == 0;
}

void openHostMask(ThreadContext &thread) {
  if (promoteHeld(thread))
    return;
  setHostMaskUnlessFull(thread, hostMaskFor(thread.blocked));
  promoteHeld(thread); // one may have come in between
}

bool changeGuestMask(ThreadContext &thread, uint64_t mask) {
  mask &= ~UnblockableSignals;
  if (!setHostMaskUnlessFull(thread, hostMaskFor(mask)))
    return false;
  thread.blocked = mask;
  promoteHeld(thread);
  return true;
}

//===--- Signals that wait here ---===//

void giveBack(const siginfo_t &info, bool process) {
  if (!process)
    return giveTo(gettid(), info);
  siginfo_t copy = info;
  const auto pid = static_cast<uint64_t>(getpid()), number = static_cast<uint64_t>(info.si_signo);
  if (rawSyscall(SYS_rt_sigqueueinfo, pid, number, word(&copy)) == -EPERM)
    rawSyscall(SYS_kill, pid, number); // as in giveTo(): the first thread is taken for the process
}

void hold(ThreadContext &thread, const siginfo_t &info) {
  const uint64_t bit = signalBit(info.si_signo);
  if (!(__atomic_fetch_or(&thread.heldSignals, bit, __ATOMIC_RELAXED) & bit))
    thread.held[heldIndex(info.si_signo)] = info;
}

bool takeHeld(ThreadContext &thread, uint64_t set, siginfo_t &info) {
  uint64_t ready = __atomic_load_n(&thread.heldSignals, __ATOMIC_RELAXED) & set;
  if (!ready)
    return false;
  int signal = __builtin_ctzll(ready) + 1;
  info = thread.held[heldIndex(signal)];
  __atomic_fetch_and(&thread.heldSignals, ~signalBit(signal), __ATOMIC_RELAXED);
  return true;
}

bool promoteHeld(ThreadContext &thread) {
  if (slotIsFull(thread))
    return true;
  if (!(__atomic_load_n(&thread.heldSignals, __ATOMIC_RELAXED) & ~thread.blocked))
    return false;
  // A handler may come at any time and find the slot empty, too.
  uint32_t empty = 0;
  if (!__atomic_compare_exchange_n(&thread.hasSignal, &empty, 1, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
    return true;
  takeHeld(thread, ~thread.blocked, thread.signal);
  setPending(*thread.cpu, pending::Signal);
  closeHostMask();
  return true;
}

void dieOf(int signal) {
  GuestAction fatal = {0, SaRestorer, word(reinterpret_cast<void *>(&dbtSignalReturn)), 0};
  hostSigaction(signal, &fatal, nullptr);
  uint64_t mask = ~signalBit(signal);
  rawSyscall(SYS_rt_sigprocmask, SIG_SETMASK, word(&mask), 0, sizeof mask);
  rawSyscall(SYS_tgkill, static_cast<uint64_t>(getpid()), static_cast<uint64_t>(gettid()), static_cast<uint64_t>(signal));
  std::abort(); // the signal was one that does not end a process
}

} // namespace dbt
