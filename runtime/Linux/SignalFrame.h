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
/// registers to enter the handler. False: the stack cannot be written.
bool pushSignalFrame(CpuState &cpu, const ThreadContext &thread, const GuestAction &action,
                     const siginfo_t &info, uint64_t savedMask, const FaultContext &fault);

/// rt_sigreturn: registers, mask and alternate stack from the frame at RSP.
bool popSignalFrame(CpuState &cpu, ThreadContext &thread);

} // namespace dbt

#endif
