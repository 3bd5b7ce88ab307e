//===- GuestOs.cpp - Linux, as the dispatcher needs it --------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Linux/GuestOs.h"

#include "Linux/ProcessState.h"
#include "Linux/Signals.h"
#include "Linux/Syscalls.h"
#include "Linux/Threads.h"
#include "Loader/AddressSpace.h"

namespace dbt {

GuestOs linuxGuestOs() {
  GuestOs os;
  os.syscall = [](CpuState &cpu) { return linuxSyscall(cpu) != SyscallOutcome::ThreadExit; };
  os.deliverPending = [](CpuState &cpu) {
    deliverSignals(cpu);
    return true;
  };
  os.raiseTrap = [](CpuState &cpu, Trap trap) {
    raiseTrapSignal(cpu, trap);
    return true;
  };
  os.raiseFault = [](CpuState &cpu) {
    const ThreadContext::Fault fault = cpu.thread->fault;
    raiseSynchronous(cpu, fault.info, fault.trapNumber, fault.errorCode, fault.address);
    return true;
  };
  os.raiseFetchFault = [](CpuState &cpu) {
    constexpr uint64_t PageFault = 14, UserFetch = 0x14, Present = 1;
    siginfo_t info = {};
    info.si_signo = SIGSEGV;
    const PageInfo page = process().space->query(cpu.rip);
    info.si_code = page.mapped ? SEGV_ACCERR : SEGV_MAPERR;
    info.si_addr = reinterpret_cast<void *>(cpu.rip);
    raiseSynchronous(cpu, info, PageFault, page.prot ? UserFetch | Present : UserFetch, cpu.rip);
    return true;
  };
  os.threadCount = threadCount;
  os.everThreaded = everThreaded;
  os.handlesFaults = handlesFaults;
  os.broadcastPending = broadcastPending;
  return os;
}

} // namespace dbt
