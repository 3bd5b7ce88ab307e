//===- Identity.cpp - uname, prctl, arch_prctl ----------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Abi/SafeSyscall.h"
#include "Linux/GuestMemory.h"
#include "Linux/KernelWrites.h"
#include "Linux/ProcessState.h"
#include "Linux/SyscallTable.h"
#include "Linux/WriteExecute.h"

#include <cstring>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

namespace dbt {

int64_t sysUname(Syscall &call) {
  utsname names;
  int64_t result = rawSyscall(SYS_uname, reinterpret_cast<uint64_t>(&names));
  if (result < 0)
    return result;
  const std::string &release = process().release;
  if (!release.empty()) {
    memset(names.release, 0, sizeof names.release);
    release.copy(names.release, sizeof names.release - 1);
  }
  return writeGuestValue(call.arg[0], names) ? 0 : -EFAULT;
}

namespace {

/// asm/prctl.h; the header is x86's and hosts are not only that.
enum ArchPrctl : uint32_t {
  ArchSetGs = 0x1001,
  ArchSetFs = 0x1002,
  ArchGetFs = 0x1003,
  ArchGetGs = 0x1004,
  ArchGetCpuid = 0x1011,
  ArchSetCpuid = 0x1012,
};

/// The end of user addresses (TASK_SIZE_MAX with four-level page tables).
constexpr uint64_t UserEnd = 0x7ffffffff000;

int64_t setBase(CpuState &cpu, Reg segment, uint64_t value) {
  if (value >= UserEnd)
    return -EPERM;
  (segment == Reg::Fs ? cpu.fsBase : cpu.gsBase) = value;
  cpu.selectors[number(segment) - number(Reg::Es)] = 0;
  return 0;
}

int64_t getBase(uint64_t base, uint64_t address) {
  return writeGuestValue(address, base) ? 0 : -EFAULT;
}

} // namespace

int64_t sysArchPrctl(Syscall &call) {
  CpuState &cpu = call.cpu;
  switch (static_cast<uint32_t>(call.arg[0])) {
  case ArchSetGs: return setBase(cpu, Reg::Gs, call.arg[1]);
  case ArchSetFs: return setBase(cpu, Reg::Fs, call.arg[1]);
  case ArchGetFs: return getBase(cpu.fsBase, call.arg[1]);
  case ArchGetGs: return getBase(cpu.gsBase, call.arg[1]);
  case ArchGetCpuid: return 1;
  case ArchSetCpuid: return -ENODEV; // as a processor without CPUID faulting
  default: return -EINVAL;           // as a kernel without AMX permissions and shadow stacks
  }
}

int64_t sysPrctl(Syscall &call) {
  switch (static_cast<int>(call.arg[0])) {
  case PR_SET_SECCOMP:               // a filter would act on the translator's calls too
  case PR_SET_TSC:                   // and so would a trap on RDTSC,
  case PR_SET_SYSCALL_USER_DISPATCH: // and one on system calls
  case PR_GET_TID_ADDRESS:           // the host thread's, for checkpointing
    return -EINVAL;
  case PR_SET_MM: // would describe the guest's layout to the kernel
    return -EPERM;
  case PrSetMdwe:
    return setWriteExecute(call.arg[1], !call.arg[2] && !call.arg[3] && !call.arg[4]);
  case PrGetMdwe:
    return getWriteExecute(!call.arg[1] && !call.arg[2] && !call.arg[3] && !call.arg[4]);
  default: break;
  }
  auto &a = call.arg;
  KernelWrites writes(a[1], 64); // PR_GET_NAME and the like
  return rawSyscall(SYS_prctl, a[0], a[1], a[2], a[3], a[4], a[5]);
}

} // namespace dbt
