//===- HostContext.h - The interrupted host state, per host -----*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// What a signal handler reads and changes of the state that it interrupted. One
// implementation per host, in a folder of its own.
//===----------------------------------------------------------------------===//
#ifndef DBT_ABI_HOSTCONTEXT_H
#define DBT_ABI_HOSTCONTEXT_H

#include "Guest/CpuState.h"

#include <cstdint>
#include <ucontext.h>

namespace dbt {

uint64_t hostPc(const ucontext_t &context);
/// sigcontext's trapno, err and cr2, as the guest's frame shows them.
uint64_t hostTrapNumber(const ucontext_t &context);
uint64_t hostErrorCode(const ucontext_t &context);
uint64_t hostFaultAddress(const ucontext_t &context);
/// MXCSR as it was when the signal came.
uint32_t hostMxcsr(const ucontext_t &context);
/// The same of the x87 unit's state, but for its pointers to the last instruction.
void hostX87(const ucontext_t &context, X87State &state);
/// \name What copied code had in the host's registers; those that are the guest's.
/// @{
uint64_t hostGpr(const ucontext_t &context, unsigned number);
uint64_t hostFlags(const ucontext_t &context);
void hostVectors(const ucontext_t &context, Vec128 (&xmm)[16], Vec128 (&ymmHigh)[16]);
/// @}
/// If the thread was about to enter the kernel in safeSyscall(), or the kernel has
/// decided that the call is to be begun again, it will not be (docs/Signals.md).
void abortSafeSyscall(ucontext_t &context);
/// The signal came at the end of a safeSyscall().
bool isBehindSafeSyscall(const ucontext_t &context);

} // namespace dbt

#endif
