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
