//===- Signals.cpp - Guest signals: actions and delivery ------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Linux/Signals.h"

#include "Abi/SafeSyscall.h"
#include "Linux/HostSignals.h"
#include "Linux/NewThread.h"
#include "Linux/SignalFrame.h"
#include "Linux/Strace.h"
#include "Linux/StraceArgs.h"

#include <algorithm>
#include <cerrno>
#include <sys/syscall.h>

namespace dbt {

namespace {

/// UAPI_SA_FLAGS: the kernel forgets all others.
constexpr uint64_t KnownFlags = SA_NOCLDSTOP | SA_NOCLDWAIT | SA_SIGINFO | 0x800 /* SA_EXPOSE_TAGBITS */ |
                                SaRestorer | SA_ONSTACK | SA_RESTART | SA_NODEFER | SA_RESETHAND;

bool isHandled(const GuestAction &action) { return action.handler > IgnoreHandler; }

void traceSignal(const siginfo_t &info) {
  if (!tracingSyscalls())
    return;
  std::string text = "--- ";
  printSignal(text, info.si_signo);
  text += " {si_signo=";
  printSignal(text, info.si_signo);
  text += ", si_code=" + std::to_string(info.si_code) + "} ---";
  traceEvent(text);
}

/// Enters the handler of \p action; the guest's mask becomes what the kernel would
/// make it. The host mask is closed and stays so.
void enterHandler(CpuState &cpu, ThreadContext &thread, const GuestAction &action, const siginfo_t &info,
                  const FaultContext &fault) {
  traceSignal(info);
  const uint64_t saved = thread.restoreMask ? thread.maskToRestore : thread.blocked;
  if (!pushSignalFrame(cpu, thread, action, info, saved, fault)) {
    // force_sigsegv: the handler of SIGSEGV may have another stack.
    GuestAction segv = guestAction(thread, SIGSEGV);
    if (info.si_signo == SIGSEGV || !isHandled(segv) || (thread.blocked & signalBit(SIGSEGV)))
      dieOf(SIGSEGV);
    siginfo_t forced = {};
    forced.si_signo = SIGSEGV;
    forced.si_code = SI_KERNEL;
    return enterHandler(cpu, thread, segv, forced, {});
  }
  thread.restoreMask = false;
  thread.blocked |= action.mask;
  if (!(action.flags & SA_NODEFER))
    thread.blocked |= signalBit(info.si_signo);
  if (action.flags & SA_RESETHAND) {
    std::lock_guard guard(thread.actions->lock);
    GuestAction &entry = thread.actions->table[info.si_signo];
    entry.handler = DefaultHandler;
    mirrorAction(info.si_signo, entry);
  }
}

void deliver(CpuState &cpu, ThreadContext &thread, const siginfo_t &info) {
  const uint64_t bit = signalBit(info.si_signo);
  // Only a sent synchronous one, which the host did not block.
  if (thread.blocked & bit)
    return hold(thread, info);
  GuestAction action = guestAction(thread, info.si_signo);
  if (isHandled(action))
    return enterHandler(cpu, thread, action, info, {});
  if (action.handler == IgnoreHandler)
    return; // since it arrived
  if (SynchronousSignals & bit)
    dieOf(info.si_signo);
  giveBack(info); // the default since it arrived: the kernel knows what that is
}

/// What was recorded before a fault comes first, and the instruction runs again.
/// Leaves the mask closed if there was nothing.
bool deliverEarlier(CpuState &cpu) {
  closeHostMask();
  if (!slotIsFull(*cpu.thread))
    return false;
  deliverSignals(cpu);
  return true;
}

/// force_sig: a blocked or ignored signal ends the process. The mask is closed.
void raise(CpuState &cpu, const siginfo_t &info, const FaultContext &fault) {
  ThreadContext &thread = *cpu.thread;
  GuestAction action = guestAction(thread, info.si_signo);
  if (!isHandled(action) || (thread.blocked & signalBit(info.si_signo))) {
    traceSignal(info);
    dieOf(info.si_signo);
  }
  enterHandler(cpu, thread, action, info, fault);
  openHostMask(thread);
}

/// The process's own.
SignalActions theActions;

/// The codes of SIGFPE, from the exceptions' sticky bits (fpu__exception_code).
int floatCode(uint32_t raised) {
  if (raised & 0x01)
    return FPE_FLTINV;
  if (raised & 0x04)
    return FPE_FLTDIV;
  if (raised & 0x08)
    return FPE_FLTOVF;
  if (raised & 0x12) // denormal operand, underflow
    return FPE_FLTUND;
  return raised & 0x20 ? FPE_FLTRES : 0;
}

} // namespace

SignalActions &processActions() { return theActions; }

void initSignals(const FaultHooks &hooks, ThreadContext &thread) {
  prepareThreads();
  uint64_t mask = 0;
  rawSyscall(SYS_rt_sigprocmask, SIG_SETMASK, 0, reinterpret_cast<uint64_t>(&mask), sizeof mask);
  thread.blocked = mask;
  thread.actions = &theActions;
  for (int signal = 1; signal <= NumSignals; ++signal)
    if (hostAction(signal).handler == IgnoreHandler)
      theActions.table[signal].handler = IgnoreHandler;
  makeHostAltStack(thread);
  installFaultHandlers(hooks);
  openHostMask(thread);
}

//===--- Actions ---===//

GuestAction guestAction(const ThreadContext &thread, int signal) {
  std::lock_guard guard(thread.actions->lock);
  return thread.actions->table[signal];
}

int64_t setGuestAction(ThreadContext &thread, int signal, const GuestAction *action, GuestAction *old) {
  if (signal < 1 || signal > NumSignals || (action && (UnblockableSignals & signalBit(signal))))
    return -EINVAL;
  const bool handled = handlesFaults();
  {
    std::lock_guard guard(thread.actions->lock);
    GuestAction &entry = thread.actions->table[signal];
    *old = entry;
    if (!action)
      return 0;
    entry = *action;
    entry.mask &= ~UnblockableSignals;
    entry.flags &= KnownFlags;
    mirrorAction(signal, entry);
  }
  if (handled != handlesFaults())
    announceModeChange();
  return 0;
}

/// Also asked by the fault handler, so without the lock: each handler is one word.
bool handlesFaults() {
  return std::ranges::any_of(SynchronousNumbers, [](int signal) {
    return __atomic_load_n(&theActions.table[signal].handler, __ATOMIC_RELAXED) > IgnoreHandler;
  });
}

void copyActions(const ThreadContext &from, SignalActions &to) {
  std::lock_guard guard(from.actions->lock);
  to.table = from.actions->table;
}

void adoptActions(ThreadContext &thread) {
  if (thread.actions != &theActions)
    copyActions(thread, theActions);
  thread.actions = &theActions;
}

void clearHandlers(ThreadContext &thread) {
  std::lock_guard guard(thread.actions->lock);
  for (int signal = 1; signal <= NumSignals; ++signal) {
    GuestAction &entry = thread.actions->table[signal];
    if (!isHandled(entry))
      continue;
    entry = {};
    mirrorAction(signal, entry);
  }
}

void exportIgnoredSignals(ThreadContext &thread) {
  auto exportIgnored = [&](int signal) {
    if (guestAction(thread, signal).handler == IgnoreHandler)
      ignoreInHost(signal);
  };
  for (int signal : SynchronousNumbers)
    exportIgnored(signal);
  exportIgnored(CancelSignal); // while another thread is being started
}

void takeBackSignals(ThreadContext &thread) {
  std::lock_guard guard(thread.actions->lock);
  for (int signal : SynchronousNumbers)
    mirrorAction(signal, thread.actions->table[signal]);
}

//===--- Delivery ---===//

void deliverSignals(CpuState &cpu) {
  ThreadContext &thread = *cpu.thread;
  // First the bit: a signal that comes now sets it again.
  __atomic_fetch_and(&cpu.pending, ~uint32_t(pending::Signal), __ATOMIC_SEQ_CST);
  if (!slotIsFull(thread))
    return;
  // Nobody writes the slot while it is full.
  const siginfo_t info = thread.signal;
  deliver(cpu, thread, info);
  if (thread.restoreMask) { // no handler took the call's mask over
    thread.blocked = thread.maskToRestore;
    thread.restoreMask = false;
  }
  emptySlot(thread);
  openHostMask(thread);
}

void raiseSynchronous(CpuState &cpu, const siginfo_t &info, uint64_t trapNumber, uint64_t errorCode,
                      uint64_t address) {
  if (deliverEarlier(cpu))
    return;
  raise(cpu, info, {trapNumber, errorCode, address});
}

void raiseBadFrame(CpuState &cpu) {
  siginfo_t info = {};
  info.si_signo = SIGSEGV;
  info.si_code = SI_KERNEL;
  raiseSynchronous(cpu, info, 0, 0, 0);
}

/// The end of the INT3, INT1 or INT at \p pc: only INT has another byte, and all may have
/// prefixes.
static uint64_t behindInterrupt(uint64_t pc) {
  const auto *code = reinterpret_cast<const uint8_t *>(pc);
  while (*code != 0xcc && *code != 0xf1 && *code != 0xcd)
    ++code;
  return reinterpret_cast<uint64_t>(code) + (*code == 0xcd ? 2 : 1);
}

/// #GP's error code: INT names its descriptor (SDM Vol. 3, 6.13), and nothing else here
/// names one.
static uint64_t interruptError(uint64_t pc) {
  constexpr uint64_t Idt = 2;
  const auto *code = reinterpret_cast<const uint8_t *>(pc);
  return code[0] == 0xcd ? uint64_t(code[1]) << 3 | Idt : 0;
}

void raiseTrapSignal(CpuState &cpu, Trap trap) {
  if (deliverEarlier(cpu))
    return;
  siginfo_t info = {};
  info.si_code = SI_KERNEL;
  uint64_t number = 0, error = 0;
  auto at = [&](int signal, int siCode) {
    info.si_signo = signal;
    info.si_code = siCode;
    info.si_addr = reinterpret_cast<void *>(cpu.rip);
  };
  switch (trap) {
  case Trap::None: return;
  case Trap::DE: at(SIGFPE, FPE_INTDIV); number = 0; break;
  case Trap::DB: // INT1, a trap: rip is behind it
    cpu.rip = behindInterrupt(cpu.rip);
    at(SIGTRAP, TRAP_BRKPT);
    number = 1;
    break;
  case Trap::BP:
    info.si_signo = SIGTRAP;
    number = 3;
    cpu.rip = behindInterrupt(cpu.rip);
    break;
  case Trap::OF: info.si_signo = SIGSEGV; number = 4; cpu.rip = behindInterrupt(cpu.rip); break;
  case Trap::UD:
  case Trap::Unimplemented: at(SIGILL, ILL_ILLOPN); number = 6; break;
  case Trap::NP: info.si_signo = SIGBUS; number = 11; break;
  case Trap::SS: info.si_signo = SIGBUS; number = 12; break;
  case Trap::GP:
    info.si_signo = SIGSEGV;
    number = 13;
    error = interruptError(cpu.rip);
    break;
  case Trap::MF:
    at(SIGFPE, floatCode(cpu.x87.status & ~cpu.x87.control & 0x3f));
    number = 16;
    break;
  case Trap::AC: info.si_signo = SIGBUS; info.si_code = BUS_ADRALN; number = 17; break;
  case Trap::XM:
    at(SIGFPE, floatCode(cpu.mxcsr & ~(cpu.mxcsr >> 7) & 0x3f));
    number = 19;
    break;
  }
  raise(cpu, info, {number, error, 0});
}

} // namespace dbt
