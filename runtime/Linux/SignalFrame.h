//===- SignalFrame.h - The frame that a handler is called with --*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_SIGNALFRAME_H
#define DBT_LINUX_SIGNALFRAME_H

#include "Linux/Signals.h"

namespace dbt {

/// What a frame shows of the fault behind its signal.
struct FaultContext {
  uint64_t trapNumber = 0, errorCode = 0, address = 0;
};

/// Builds the kernel's rt_sigframe for x86-64 (arch/x86/kernel/signal_64.c) on the
/// guest's stack or its alternate stack, saves \p savedMask in it, and sets the
/// registers to enter the handler. False, and nothing is changed: the stack cannot
/// be written, or there is no SA_RESTORER to return to.
bool pushSignalFrame(CpuState &cpu, ThreadContext &thread, const GuestAction &action, const siginfo_t &info,
                     uint64_t savedMask, const FaultContext &fault);

/// rt_sigreturn: registers, mask and alternate stack from the frame at RSP.
enum class Popped { Yes, BadFrame, SignalFirst };
Popped popSignalFrame(CpuState &cpu, ThreadContext &thread);

/// AT_MINSIGSTKSZ as the kernel reckons it.
uint64_t minSignalStack();
/// Whether \p sp counts as on the alternate stack.
bool onAltStack(const stack_t &alt, uint64_t sp);
/// sigaltstack's change, for a thread whose RSP is \p sp: 0 or a negative errno.
int64_t setAltStack(ThreadContext &thread, const stack_t &stack, uint64_t sp);

} // namespace dbt

#endif
