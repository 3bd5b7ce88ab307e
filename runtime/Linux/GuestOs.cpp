//===- GuestOs.cpp - Linux, as the dispatcher needs it --------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Linux/GuestOs.h"

#include "Decode/Decoder.h"
#include "Linux/ForeignMemory.h"
#include "Linux/HostThreads.h"
#include "Linux/ProcessState.h"
#include "Linux/Signals.h"
#include "Linux/Syscalls.h"
#include "Linux/Threads.h"
#include "Loader/AddressSpace.h"

namespace dbt {

namespace {

constexpr uint64_t StackFault = 12, GeneralProtection = 13;

/// Whether the instruction's access is through SS (SDM Vol. 1, 3.7.4).
bool usesStackSegment(const Insn &insn) {
  if (insn.memOperand() >= 0)
    return insn.segment == Reg::None && (insn.base == Reg::Rsp || insn.base == Reg::Rbp);
  const std::string_view name = Decoder::mnemonicName(insn.mnemonic);
  return insn.flow == Flow::Call || insn.flow == Flow::IndirectCall || insn.flow == Flow::Ret ||
         name.starts_with("push") || (name.starts_with("pop") && name != "popcnt") || name == "enter" || name == "leave";
}

/// An address that is not canonical is #SS or #GP by the register that it is in: the
/// guest's, not the one that the host has its value in.
void classifySegmentFault(const CpuState &cpu, ThreadContext::Fault &fault) {
  if (fault.trapNumber != StackFault && fault.trapNumber != GeneralProtection)
    return;
  Decoder decoder;
  Insn insn;
  constexpr uint64_t MaxLength = 15, PageSize = 4096;
  const uint64_t inPage = PageSize - cpu.rip % PageSize;
  const bool whole = inPage >= MaxLength || process().space->query(cpu.rip + inPage).mapped;
  const bool known = decoder.decode(reinterpret_cast<const uint8_t *>(cpu.rip), whole ? MaxLength : inPage, cpu.rip, insn);
  const bool stack = known && usesStackSegment(insn);
  fault.trapNumber = stack ? StackFault : GeneralProtection;
  fault.info.si_signo = stack ? SIGBUS : SIGSEGV;
}

} // namespace

GuestOs linuxGuestOs() {
  GuestOs os;
  os.syscall = [](CpuState &cpu) { return linuxSyscall(cpu) != SyscallOutcome::ThreadExit; };
  os.deliverPending = [](CpuState &cpu) {
    noticeForeignWrites();
    deliverSignals(cpu);
    return true;
  };
  os.raiseTrap = [](CpuState &cpu, Trap trap) {
    raiseTrapSignal(cpu, trap);
    return true;
  };
  os.raiseFault = [](CpuState &cpu) {
    ThreadContext::Fault fault = cpu.thread->fault;
    if (!fault.copied)
      classifySegmentFault(cpu, fault);
    raiseSynchronous(cpu, fault.info, fault.trapNumber, fault.errorCode, fault.address);
    return true;
  };
  os.raiseFetchFault = [](CpuState &cpu) {
    constexpr uint64_t PageFault = 14, UserFetch = 0x14, Present = 1;
    siginfo_t info = {};
    info.si_signo = SIGSEGV;
    if (static_cast<int64_t>(cpu.rip << 16) >> 16 != static_cast<int64_t>(cpu.rip)) {
      // #GP: not canonical. Some of AMD's processors have RIP there, too; others, and Intel's, at the jump.
      constexpr uint64_t GeneralProtection = 13;
      info.si_code = SI_KERNEL;
      raiseSynchronous(cpu, info, GeneralProtection, 0, 0);
      return true;
    }
    const PageInfo page = process().space->query(cpu.rip);
    info.si_code = page.mapped ? SEGV_ACCERR : SEGV_MAPERR;
    info.si_addr = reinterpret_cast<void *>(cpu.rip);
    raiseSynchronous(cpu, info, PageFault, page.prot ? UserFetch | Present : UserFetch, cpu.rip);
    return true;
  };
  os.everThreaded = everThreaded;
  os.handlesFaults = handlesFaults;
  os.startHostThread = startHostThread;
  return os;
}

} // namespace dbt
