//===- SignalFrame.cpp - The frame that a handler is called with ----------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Linux/SignalFrame.h"

#include "Guest/FlagsWord.h"
#include "Guest/Fxsave.h"
#include "Linux/GuestMemory.h"

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
constexpr uint64_t SaRestorer = 0x04000000;
constexpr uint64_t RedZone = 128;
constexpr uint64_t ClearedFlags = flag::DF | 1u << 8 /* TF */ | 1u << 16 /* RF */;

constexpr Reg Order[] = {Reg::R8, Reg::R9, Reg::R10, Reg::R11, Reg::R12, Reg::R13, Reg::R14, Reg::R15,
                         Reg::Rdi, Reg::Rsi, Reg::Rbp, Reg::Rbx, Reg::Rdx, Reg::Rax, Reg::Rcx, Reg::Rsp};

bool onAltStack(const stack_t &alt, uint64_t sp) {
  auto base = reinterpret_cast<uint64_t>(alt.ss_sp);
  return !(alt.ss_flags & SS_DISABLE) && sp > base && sp - base <= alt.ss_size;
}

} // namespace

bool pushSignalFrame(CpuState &cpu, const ThreadContext &thread, const GuestAction &action,
                     const siginfo_t &info, uint64_t savedMask, const FaultContext &fault) {
  uint64_t sp = cpu.reg(Reg::Rsp);
  if ((action.flags & SA_ONSTACK) && !(thread.altStack.ss_flags & SS_DISABLE) && !onAltStack(thread.altStack, sp))
    sp = reinterpret_cast<uint64_t>(thread.altStack.ss_sp) + thread.altStack.ss_size;
  else
    sp -= RedZone;
  sp = (sp - sizeof(FxsaveImage)) & ~uint64_t(63);
  const uint64_t fpstate = sp;
  // The handler is entered as by a call: RSP + 8 is 16-byte aligned.
  sp = ((sp - sizeof(Frame)) & ~uint64_t(15)) - 8;

  FxsaveImage fx = {};
  fxsave(cpu, fx);
  Frame frame = {};
  frame.pretcode = action.flags & SaRestorer ? action.restorer : 0;
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

  cpu.reg(Reg::Rdi) = static_cast<uint64_t>(info.si_signo);
  cpu.reg(Reg::Rsi) = sp + offsetof(Frame, info);
  cpu.reg(Reg::Rdx) = sp + offsetof(Frame, uc);
  cpu.reg(Reg::Rax) = 0;
  cpu.reg(Reg::Rsp) = sp;
  cpu.rip = action.handler;
  setRflags(cpu, rflags(cpu) & ~ClearedFlags);
  return true;
}

bool popSignalFrame(CpuState &cpu, ThreadContext &thread) {
  // The handler's RET has popped pretcode.
  auto uc = readGuestValue<SigUcontext>(cpu.reg(Reg::Rsp));
  if (!uc)
    return false;
  const SigContext &mc = uc->mcontext;
  FxsaveImage fx;
  if (mc.fpstate) {
    if (!readGuest(&fx, mc.fpstate, sizeof fx))
      return false;
    fxrstor(cpu, fx);
  }
  const uint64_t *regs = &mc.r8;
  for (Reg r : Order)
    cpu.reg(r) = *regs++;
  cpu.rip = mc.ip;
  setRflags(cpu, mc.flags);
  thread.altStack = uc->stack;
  setGuestMask(thread, uc->sigmask);
  return true;
}

} // namespace dbt
