//===- Guard.cpp - Faults of the code under test --------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Guard.h"
#include "Machines.h"

#include "Copy/CopyTier.h"
#include "Guest/Host/HostFp.h"
#include "Interp/Machine.h"

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <sys/ucontext.h>

namespace dbt::fuzz {

Guard guard;

namespace {

/// What Linux appends to a signal frame's FXSAVE image (asm/sigcontext.h): the standard
/// XSAVE format, whose AVX component is at 576 on every processor.
constexpr uint32_t XstateMagic = 0x46505853;
constexpr unsigned MagicOffset = 464, XstateBvOffset = 512, YmmOffset = 576;

/// Runs with the guest's FS base until it has set the host's: it must not use
/// thread-local storage before.
__attribute__((no_stack_protector)) void onFault(int number, siginfo_t *, void *opaque) {
  State &regs = guard.registers;
  if (guard.running == Running::Native && hasFsgsbase()) {
    asm volatile("rdfsbase %0" : "=r"(regs.fsBase));
    asm volatile("rdgsbase %0" : "=r"(regs.gsBase));
    asm volatile("wrfsbase %0" ::"r"(guard.hostFsBase));
  }
  if (guard.running == Running::Nothing) {
    std::signal(number, SIG_DFL); // and once more, for the parent to see
    return;
  }
  static constexpr int Order[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                    REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
  const mcontext_t &context = static_cast<ucontext_t *>(opaque)->uc_mcontext;
  for (int i = 0; i < 16; ++i)
    regs.gpr[i] = static_cast<uint64_t>(context.gregs[Order[i]]);
  regs.rflags = static_cast<uint64_t>(context.gregs[REG_EFL]);
  regs.rip = static_cast<uint64_t>(context.gregs[REG_RIP]);
  guard.hostPc = reinterpret_cast<const void *>(regs.rip);
  const auto *image = reinterpret_cast<const uint8_t *>(context.fpregs);
  std::memcpy(&regs.fx, image, sizeof regs.fx);
  uint32_t magic;
  uint64_t components;
  std::memcpy(&magic, image + MagicOffset, sizeof magic);
  std::memset(regs.ymmHigh, 0, sizeof regs.ymmHigh);
  if (magic == XstateMagic) {
    std::memcpy(&components, image + XstateBvOffset, sizeof components);
    if (components & 4)
      std::memcpy(regs.ymmHigh, image + YmmOffset, sizeof regs.ymmHigh);
    // Components in their initial state may be left out of the image.
    if (!(components & 2))
      std::memset(regs.fx.xmm, 0, sizeof regs.fx.xmm);
  }
  guard.raised = Trap::None;
  if (guard.running == Running::Copied && guard.copies->owns(guard.hostPc))
    guard.copies->recover(*static_cast<ucontext_t *>(opaque), cpu);
  // Which of #SS and #GP a wild address raises depends on registers that are the host's
  // in dbt's tiers; dbt-run decides it when it delivers the signal (Signal/faults.c).
  constexpr int StackFault = 12;
  siglongjmp(guard.recovery, number == SIGBUS && context.gregs[REG_TRAPNO] == StackFault ? SIGSEGV : number);
}

} // namespace

void installGuard() {
  if (hasFsgsbase())
    asm volatile("rdfsbase %0" : "=r"(guard.hostFsBase));
  stack_t stack = {};
  stack.ss_size = 1 << 16;
  stack.ss_sp = std::malloc(stack.ss_size);
  sigaltstack(&stack, nullptr);
  struct sigaction action = {};
  action.sa_sigaction = onFault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  for (int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP})
    sigaction(number, &action, nullptr);
}

int signalOf(Trap trap) {
  switch (trap) {
  case Trap::None: return 0;
  case Trap::DE:
  case Trap::MF:
  case Trap::XM: return SIGFPE;
  case Trap::UD: return SIGILL;
  case Trap::BP:
  case Trap::DB: return SIGTRAP;
  case Trap::AC: return SIGBUS;
  case Trap::Unimplemented: return SIGSYS; // that no instruction raises: always a mismatch
  case Trap::NP: return SIGBUS;
  case Trap::SS: // onFault() says why
  case Trap::OF:
  case Trap::GP: return SIGSEGV;
  }
  __builtin_unreachable();
}

} // namespace dbt::fuzz

/// The dispatcher's in dbt-run.
void dbt::interpRaise(CpuState *s, const IOp *op, Trap trap) {
  s->rip = op->insn.pc;
  s->mxcsr = hostfp::mxcsr();
  fuzz::guard.raised = trap;
  siglongjmp(fuzz::guard.recovery, fuzz::signalOf(trap));
}
