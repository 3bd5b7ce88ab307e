//===- HostContext.cpp - The interrupted state on x86-64 ------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Abi/HostContext.h"

#include <cerrno>
#include <cstring>
#include <sys/syscall.h>

extern "C" {
extern const char dbtSafeSyscallStart[], dbtSafeSyscallEnd[], dbtSafeSyscallAbort[];
}

namespace dbt {

uint64_t hostPc(const ucontext_t &c) { return static_cast<uint64_t>(c.uc_mcontext.gregs[REG_RIP]); }
uint64_t hostTrapNumber(const ucontext_t &c) { return static_cast<uint64_t>(c.uc_mcontext.gregs[REG_TRAPNO]); }
uint64_t hostErrorCode(const ucontext_t &c) { return static_cast<uint64_t>(c.uc_mcontext.gregs[REG_ERR]); }
uint64_t hostFaultAddress(const ucontext_t &c) { return static_cast<uint64_t>(c.uc_mcontext.gregs[REG_CR2]); }
uint32_t hostMxcsr(const ucontext_t &c) { return c.uc_mcontext.fpregs->mxcsr; }

void hostX87(const ucontext_t &c, X87State &state) {
  const auto &image = *c.uc_mcontext.fpregs; // as FXSAVE's, the tags abridged
  state.control = image.cwd;
  state.status = image.swd;
  state.valid = static_cast<uint8_t>(image.ftw);
  for (unsigned i = 0; i < 8; ++i) {
    X87State::Value &v = state.st[((image.swd >> 11) + i) & 7];
    std::memcpy(&v.significand, image._st[i].significand, sizeof v.significand);
    v.signExponent = image._st[i].exponent;
  }
}

uint64_t hostGpr(const ucontext_t &c, unsigned number) {
  static constexpr int Index[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                    REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
  return static_cast<uint64_t>(c.uc_mcontext.gregs[Index[number]]);
}
uint64_t hostFlags(const ucontext_t &c) { return static_cast<uint64_t>(c.uc_mcontext.gregs[REG_EFL]); }

void hostVectors(const ucontext_t &c, Vec128 (&xmm)[16], Vec128 (&ymmHigh)[16]) {
  // The kernel's frame is XSAVE's standard form (arch/x86/kernel/fpu/signal.c): the upper
  // halves are there if the header says so, and zero otherwise.
  constexpr size_t XmmAt = 160, MagicAt = 464, HeaderAt = 512, UppersAt = 576;
  constexpr uint64_t UppersBit = 4;
  constexpr uint32_t Magic = 0x46505853; // FP_XSTATE_MAGIC1
  const auto *area = reinterpret_cast<const uint8_t *>(c.uc_mcontext.fpregs);
  std::memcpy(xmm, area + XmmAt, sizeof xmm);
  uint32_t magic;
  std::memcpy(&magic, area + MagicAt, sizeof magic);
  uint64_t present = 0;
  if (magic == Magic)
    std::memcpy(&present, area + HeaderAt, sizeof present);
  if (present & UppersBit)
    std::memcpy(ymmHigh, area + UppersAt, sizeof ymmHigh);
  else
    std::memset(ymmHigh, 0, sizeof ymmHigh);
}

void abortSafeSyscall(ucontext_t &c) {
  auto start = reinterpret_cast<uint64_t>(dbtSafeSyscallStart), end = reinterpret_cast<uint64_t>(dbtSafeSyscallEnd);
  if (hostPc(c) < start || hostPc(c) >= end)
    return;
  greg_t *regs = c.uc_mcontext.gregs;
  if (regs[REG_RAX] == SYS_restart_syscall) {
    // A sleep that was stopped and continued: what it was is known to the kernel
    // only, and a handler ends it.
    regs[REG_RAX] = -EINTR;
    regs[REG_RIP] = static_cast<greg_t>(end);
    return;
  }
  regs[REG_RIP] = reinterpret_cast<greg_t>(dbtSafeSyscallAbort);
}

bool isBehindSafeSyscall(const ucontext_t &c) { return hostPc(c) == reinterpret_cast<uint64_t>(dbtSafeSyscallEnd); }

} // namespace dbt
