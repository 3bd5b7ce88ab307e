//===- WriteExecute.cpp - PR_SET_MDWE -------------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Linux/WriteExecute.h"

#include "Abi/SafeSyscall.h"
#include "Linux/ProcessState.h"
#include "Loader/AddressSpace.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <sys/mman.h>
#include <sys/syscall.h>

namespace dbt {

namespace {

enum : uint64_t { RefuseExecGain = 1, NoInherit = 2 };

std::atomic<uint64_t> state{0}; ///< of these bits

int64_t kernelState() { return rawSyscall(SYS_prctl, PrGetMdwe, 0, 0, 0, 0); }

} // namespace

void initWriteExecute(bool inherited) {
  const int64_t kernel = kernelState();
  state = inherited ? RefuseExecGain : kernel > 0 ? static_cast<uint64_t>(kernel) : 0;
}

void inheritWriteExecute() {
  if (state & NoInherit)
    state = 0;
}

bool passesOnWriteExecute() { return state == RefuseExecGain; }

bool deniesMapping(int prot) {
  constexpr int Both = PROT_WRITE | PROT_EXEC;
  return (prot & Both) == Both && state != 0;
}

uint64_t deniedFrom(uint64_t start, uint64_t end, int prot) {
  if (!(prot & PROT_EXEC) || state == 0)
    return end;
  for (const Mapping &mapping : process().space->mappings())
    if (mapping.end > start && mapping.start < end && ((prot & PROT_WRITE) || !(mapping.prot & PROT_EXEC)))
      return std::max(start, mapping.start);
  return end;
}

int64_t setWriteExecute(uint64_t bits, bool plain) {
  if (int64_t kernel = kernelState(); kernel < 0)
    return kernel; // it does not know of this
  if (!plain || (bits & ~(RefuseExecGain | NoInherit)) || bits == NoInherit)
    return -EINVAL;
  uint64_t before = 0;
  return state.compare_exchange_strong(before, bits) || before == bits ? 0 : -EPERM;
}

int64_t getWriteExecute(bool plain) {
  if (int64_t kernel = kernelState(); kernel < 0)
    return kernel;
  return plain ? static_cast<int64_t>(state.load()) : -EINVAL;
}

} // namespace dbt
