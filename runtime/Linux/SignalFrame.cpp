//===- SignalFrame.cpp - The frame that a handler is called with ----------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Linux/SignalFrame.h"

#include "Guest/FlagsWord.h"
#include "Guest/Fxsave.h"
#include "Guest/Host/HostFp.h"
#include "Linux/GuestMemory.h"
#include "Linux/HostSignals.h"

#include <cerrno>

namespace dbt {

namespace {

/// struct sigcontext_64.
struct SigContext {
  uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
  uint64_t di, si, bp, bx, dx, ax, cx, sp, ip, flags;
  uint16_t cs, gs, fs, ss;
  uint64_t err, trapno, oldmask, cr2;
  uint64_t fpstate;
  uint64_t reserved[8];
};
static_assert(sizeof(SigContext) == 256);

struct SigUcontext {
  uint64_t flags, link;
  stack_t stack;
  SigContext mcontext;
  uint64_t sigmask;
};

struct Frame {
  uint64_t pretcode;
  SigUcontext uc;
  siginfo_t info;
};
static_assert(sizeof(Frame) == 440);

constexpr uint64_t UcSigcontextSs = 2, UcStrictRestoreSs = 4;
constexpr uint16_t UserCs = 0x33, UserSs = 0x2b;
constexpr uint64_t RedZone = 128;
constexpr uint64_t ClearedFlags = flag::DF | 1u << 8 /* TF */ | 1u << 16 /* RF */;
/// What rt_sigreturn takes of the flags (FIX_EFLAGS): also TF and AC.
constexpr uint64_t RestoredFlags = flag::Status | flag::DF | 1u << 8 | 1u << 18;
constexpr uint64_t MinAltStack = 2048;
constexpr int AutoDisarm = 1 << 31;
constexpr uint16_t InitialX87Control = 0x37f;

constexpr Reg Order[] = {Reg::R8, Reg::R9, Reg::R10, Reg::R11, Reg::R12, Reg::R13, Reg::R14, Reg::R15,
                         Reg::Rdi, Reg::Rsi, Reg::Rbp, Reg::Rbx, Reg::Rdx, Reg::Rax, Reg::Rcx, Reg::Rsp};

void resetFloatState(CpuState &cpu) {
  cpu.x87 = {};
  cpu.x87.control = InitialX87Control;
  cpu.mxcsr = DefaultMxcsr;
  for (Vec128 &xmm : cpu.xmm)
    xmm = {};
}

bool isInside(const stack_t &alt, uint64_t sp) {
  auto base = reinterpret_cast<uint64_t>(alt.ss_sp);
  return sp > base && sp - base <= alt.ss_size;
}

/// Where the frame goes, and its FXSAVE image; 0: nowhere.
uint64_t framePlace(const ThreadContext &thread, const GuestAction &action, uint64_t sp, uint64_t &fpstate) {
  const stack_t &alt = thread.altStack;
  bool nested = onAltStack(alt, sp), entering = false;
  sp -= RedZone;
  if ((action.flags & SA_ONSTACK) && alt.ss_size && !nested) {
    sp = reinterpret_cast<uint64_t>(alt.ss_sp) + alt.ss_size;
    entering = true;
  }
  fpstate = sp = (sp - sizeof(FxsaveImage)) & ~uint64_t(63);
  // The handler is entered as by a call: RSP + 8 is 16-byte aligned.
  sp = ((sp - sizeof(Frame)) & ~uint64_t(15)) - 8;
  // Rather than what lies below the alternate stack, overwrite nothing.
  return (nested || entering) && !isInside(alt, sp) ? 0 : sp;
}

} // namespace

bool onAltStack(const stack_t &alt, uint64_t sp) {
  // With SS_AUTODISARM the stack counts as left as soon as it is entered.
  return !(alt.ss_flags & AutoDisarm) && alt.ss_size && isInside(alt, sp);
}

int64_t setAltStack(ThreadContext &thread, const stack_t &stack, uint64_t sp) {
  if (onAltStack(thread.altStack, sp))
    return -EPERM;
  const int mode = stack.ss_flags & ~AutoDisarm;
  if (mode != 0 && mode != SS_DISABLE && mode != SS_ONSTACK)
    return -EINVAL;
  if (mode == SS_DISABLE) {
    thread.altStack = {nullptr, stack.ss_flags, 0};
    return 0;
  }
  if (stack.ss_size < MinAltStack)
    return -ENOMEM;
  thread.altStack = stack;
  return 0;
}

bool pushSignalFrame(CpuState &cpu, ThreadContext &thread, const GuestAction &action, const siginfo_t &info,
                     uint64_t savedMask, const FaultContext &fault) {
  uint64_t fpstate;
  const uint64_t sp = framePlace(thread, action, cpu.reg(Reg::Rsp), fpstate);
  if (!sp || !(action.flags & SaRestorer))
    return false;

  FxsaveImage fx = {};
  fxsave(cpu, fx);
  Frame frame = {};
  frame.pretcode = action.restorer;
  frame.info = info;
  frame.uc.flags = UcSigcontextSs | UcStrictRestoreSs;
  frame.uc.stack = thread.altStack;
  frame.uc.sigmask = savedMask;
  SigContext &mc = frame.uc.mcontext;
  uint64_t *regs = &mc.r8;
  for (Reg r : Order)
    *regs++ = cpu.reg(r);
  mc.ip = cpu.rip;
  mc.flags = rflags(cpu);
  mc.cs = UserCs;
  mc.ss = UserSs;
  mc.err = fault.errorCode;
  mc.trapno = fault.trapNumber;
  mc.cr2 = fault.address;
  mc.oldmask = savedMask;
  mc.fpstate = fpstate;
  if (!writeGuest(fpstate, &fx, sizeof fx) || !writeGuest(sp, &frame, sizeof frame))
    return false;
  if (thread.altStack.ss_flags & AutoDisarm)
    thread.altStack = {nullptr, SS_DISABLE, 0};

  cpu.reg(Reg::Rdi) = static_cast<uint64_t>(info.si_signo);
  cpu.reg(Reg::Rsi) = sp + offsetof(Frame, info);
  cpu.reg(Reg::Rdx) = sp + offsetof(Frame, uc);
  cpu.reg(Reg::Rax) = 0;
  cpu.reg(Reg::Rsp) = sp;
  cpu.rip = action.handler;
  setRflags(cpu, rflags(cpu) & ~ClearedFlags);
  return true;
}

Popped popSignalFrame(CpuState &cpu, ThreadContext &thread) {
  // The handler's RET has popped pretcode.
  auto uc = readGuestValue<SigUcontext>(cpu.reg(Reg::Rsp));
  FxsaveImage fx;
  if (!uc || (uc->mcontext.fpstate && !readGuest(&fx, uc->mcontext.fpstate, sizeof fx)))
    return Popped::BadFrame;
  if (!changeGuestMask(thread, uc->sigmask))
    return Popped::SignalFirst;
  const SigContext &mc = uc->mcontext;
  if (mc.fpstate)
    fxrstor(cpu, fx);
  else
    resetFloatState(cpu);
  const uint64_t *regs = &mc.r8;
  for (Reg r : Order)
    cpu.reg(r) = *regs++;
  cpu.rip = mc.ip;
  setRflags(cpu, (mc.flags & RestoredFlags) | (rflags(cpu) & ~RestoredFlags));
  // As the kernel, which ignores all of its errors here.
  setAltStack(thread, uc->stack, cpu.reg(Reg::Rsp));
  return Popped::Yes;
}

} // namespace dbt
