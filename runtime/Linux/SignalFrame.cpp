//===- SignalFrame.cpp - The frame that a handler is called with ----------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Linux/SignalFrame.h"

#include "Guest/FlagsWord.h"
#include "Guest/Features.h"
#include "Guest/Host/HostFp.h"
#include "Guest/Xsave.h"
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

/// struct _fpx_sw_bytes, in the FXSAVE image's last 48 bytes.
struct ExtendedState {
  uint32_t magic, extendedSize;
  uint64_t components;
  uint32_t size; ///< of the XSAVE area; the second magic number is behind it
  uint32_t padding[7];
};
constexpr size_t ExtendedStateOffset = offsetof(FxsaveImage, reserved1) + 48;
static_assert(ExtendedStateOffset + sizeof(ExtendedState) == sizeof(FxsaveImage));
constexpr uint32_t Magic1 = 0x46505853, Magic2 = 0x46505845;

constexpr uint64_t UcFpXstate = 1, UcSigcontextSs = 2, UcStrictRestoreSs = 4;
constexpr uint16_t UserCs = 0x33, UserSs = 0x2b;
constexpr uint64_t RedZone = 128;
constexpr uint64_t ClearedFlags = flag::DF | 1u << 8 /* TF */ | 1u << 16 /* RF */;
/// What rt_sigreturn takes of the flags (FIX_EFLAGS): also TF and AC.
constexpr uint64_t RestoredFlags = flag::Status | flag::DF | 1u << 8 | 1u << 18;
constexpr uint64_t MinAltStack = 2048;
constexpr int AutoDisarm = 1 << 31;
constexpr uint64_t LegacyComponents = xstate::X87 | xstate::Sse;
/// What the kernel reckons a frame needs besides the state's size: a 32-bit process's
/// frame, which is the larger one, and the padding.
constexpr uint64_t FrameBytes = 930, FrameAlignment = 16;

constexpr Reg Order[] = {Reg::R8, Reg::R9, Reg::R10, Reg::R11, Reg::R12, Reg::R13, Reg::R14, Reg::R15,
                         Reg::Rdi, Reg::Rsi, Reg::Rbp, Reg::Rbx, Reg::Rdx, Reg::Rax, Reg::Rcx, Reg::Rsp};

bool hasXsave() { return hasFeature(Isa::Osxsave); }

/// The state's size in a frame, with the second magic number.
uint64_t stateBytes() {
  return hasXsave() ? xsaveBytes(enabledComponents()) + sizeof Magic2 : sizeof(FxsaveImage);
}

void resetFloatState(CpuState &cpu) {
  cpu.mxcsr = DefaultMxcsr;
  XsaveArea nothing;
  nothing.header = {};
  nothing.legacy.mxcsr = DefaultMxcsr;
  loadComponents(cpu, LegacyComponents | xstate::Avx, nothing, true);
}

/// As copy_fpregs_to_sigframe: XSAVE, and what tells of it.
bool writeState(const CpuState &cpu, uint64_t at) {
  XsaveArea area = {};
  if (!hasXsave()) {
    fxsave(cpu, area.legacy);
    return writeGuest(at, &area.legacy, sizeof area.legacy);
  }
  const uint64_t components = enabledComponents();
  const uint32_t size = xsaveBytes(components);
  storeComponents(cpu, components, area, true);
  storeMxcsr(cpu, area.legacy);
  // Who knows FXSAVE only may change these without a look at the header.
  area.header.inUse = (componentsInUse(cpu) & components) | LegacyComponents;
  const ExtendedState extended = {Magic1, static_cast<uint32_t>(size + sizeof Magic2), components, size, {}};
  std::memcpy(reinterpret_cast<uint8_t *>(&area.legacy) + ExtendedStateOffset, &extended, sizeof extended);
  return writeGuest(at, &area, size) && writeGuestValue(at + size, Magic2);
}

/// The area behind the image of a frame, if its magic numbers are valid; without them
/// only the image counts.
bool hasExtendedState(const FxsaveImage &image, uint64_t at, ExtendedState &extended, bool &readable) {
  readable = true;
  std::memcpy(&extended, reinterpret_cast<const uint8_t *>(&image) + ExtendedStateOffset, sizeof extended);
  if (!hasXsave() || extended.magic != Magic1 || extended.size < xsaveBytes(LegacyComponents) ||
      extended.size > xsaveBytes(enabledComponents()) || extended.size > extended.extendedSize)
    return false;
  auto magic = readGuestValue<uint32_t>(at + extended.size);
  readable = magic.has_value();
  return readable && *magic == Magic2;
}

/// As fpu__restore_sig: what the frame does not have becomes as after a reset.
bool readState(CpuState &cpu, uint64_t at) {
  if (!at) {
    resetFloatState(cpu);
    return true;
  }
  XsaveArea area = {};
  ExtendedState extended;
  bool readable;
  if (!readGuest(&area.legacy, at, sizeof area.legacy))
    return false;
  if (hasExtendedState(area.legacy, at, extended, readable)) {
    if (at % alignof(XsaveArea) || !readGuest(&area, at, extended.size) || !isLegalHeader(area.header))
      return false;
    area.header.inUse &= extended.components;
  } else {
    if (!readable || at % alignof(Vec128))
      return false;
    area.header.inUse = LegacyComponents;
  }
  return loadComponents(cpu, enabledComponents(), area, true);
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
  fpstate = sp = (sp - stateBytes()) & ~uint64_t(63);
  // The handler is entered as by a call: RSP + 8 is 16-byte aligned.
  sp = ((sp - sizeof(Frame)) & ~uint64_t(15)) - 8;
  // Rather than what lies below the alternate stack, overwrite nothing.
  return (nested || entering) && !isInside(alt, sp) ? 0 : sp;
}

} // namespace

uint64_t minSignalStack() { return (stateBytes() + FrameBytes + FrameAlignment - 1) & ~(FrameAlignment - 1); }

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

  Frame frame = {};
  frame.pretcode = action.restorer;
  frame.info = info;
  frame.uc.flags = UcSigcontextSs | UcStrictRestoreSs | (hasXsave() ? UcFpXstate : 0);
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
  if (!writeState(cpu, fpstate) || !writeGuest(sp, &frame, sizeof frame))
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
  resetFloatState(cpu);
  return true;
}

Popped popSignalFrame(CpuState &cpu, ThreadContext &thread) {
  // The handler's RET has popped pretcode.
  auto uc = readGuestValue<SigUcontext>(cpu.reg(Reg::Rsp));
  if (!uc)
    return Popped::BadFrame;
  if (!changeGuestMask(thread, uc->sigmask))
    return Popped::SignalFirst;
  const SigContext &mc = uc->mcontext;
  const uint64_t *regs = &mc.r8;
  for (Reg r : Order)
    cpu.reg(r) = *regs++;
  cpu.rip = mc.ip;
  setRflags(cpu, (mc.flags & RestoredFlags) | (rflags(cpu) & ~RestoredFlags));
  if (!readState(cpu, mc.fpstate))
    return Popped::BadFrame;
  // As the kernel, which ignores all of its errors here.
  setAltStack(thread, uc->stack, cpu.reg(Reg::Rsp));
  return Popped::Yes;
}

} // namespace dbt
