//===- Memory.cpp - The guest's address space -----------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The work is AddressSpace's; what is left here is what is no mapping of its
// own: limits and advice.
//===----------------------------------------------------------------------===//
#include "Abi/SafeSyscall.h"
#include "Linux/KernelWrites.h"
#include "Linux/Limits.h"
#include "Linux/ProcessState.h"
#include "Linux/SyscallTable.h"
#include "Linux/WriteExecute.h"
#include "Loader/AddressSpace.h"

#include <algorithm>
#include <sys/mman.h>
#include <sys/syscall.h>

namespace dbt {

namespace {

AddressSpace &space() { return *process().space; }

/// RLIMIT_AS, which the host must not enforce: the translator needs memory too.
bool exceedsAddressLimit(uint64_t more) {
  uint64_t limit = keptAddressLimit();
  if (limit == UINT64_MAX)
    return false;
  uint64_t mapped = 0;
  for (const Mapping &mapping : space().mappings())
    mapped += mapping.end - mapping.start;
  return more > limit || mapped > limit - more;
}

} // namespace

int64_t sysMmap(Syscall &call) {
  auto &a = call.arg;
  if (exceedsAddressLimit(a[1]))
    return -ENOMEM;
  if (a[1] && deniesMapping(static_cast<int>(a[2])))
    return -EACCES;
  return space().map(a[0], a[1], static_cast<int>(a[2]), static_cast<int>(a[3]),
                     static_cast<int>(a[4]), a[5]);
}

int64_t sysMunmap(Syscall &call) { return space().unmap(call.arg[0], call.arg[1]); }

int64_t sysMprotect(Syscall &call) {
  const uint64_t start = call.arg[0], size = pageUp(call.arg[1]);
  const int prot = static_cast<int>(call.arg[2]);
  if (start % PageSize == 0 && start + size > start)
    if (const uint64_t denied = deniedFrom(start, start + size, prot); denied < start + size) {
      // As the kernel, which goes from mapping to mapping.
      const int64_t error = denied > start ? space().protect(start, denied - start, prot) : 0;
      return error ? error : -EACCES;
    }
  return space().protect(start, call.arg[1], prot);
}

int64_t sysPkeyMprotect(Syscall &call) {
  // Without protection keys there is only the default one.
  if (static_cast<int>(call.arg[3]) != -1)
    return -EINVAL;
  return sysMprotect(call);
}

int64_t sysMremap(Syscall &call) {
  auto &a = call.arg;
  if (a[2] > a[1] && exceedsAddressLimit(a[2] - a[1]))
    return -ENOMEM;
  return space().remap(a[0], a[1], a[2], static_cast<int>(a[3]), a[4]);
}

int64_t sysBrk(Syscall &call) {
  uint64_t now = space().brk(0);
  if (call.arg[0] > now && exceedsAddressLimit(call.arg[0] - now))
    return now;
  return space().brk(call.arg[0]);
}

int64_t sysMadvise(Syscall &call) {
  uint64_t start = call.arg[0], length = call.arg[1], advice = call.arg[2];
  // The kernel checks the arguments before it looks at what is mapped.
  int64_t valid = rawSyscall(SYS_madvise, start, 0, advice);
  if (valid < 0 || !length)
    return valid;
  uint64_t size = pageUp(length), end = start + size;
  if (size < length || end < start)
    return -EINVAL;
  // What it does to the pages that exist it does, and answers ENOMEM for the
  // rest. The translator's own memory is the rest.
  int64_t result = space().isGuest(start, size) ? 0 : -ENOMEM;
  for (const Mapping &mapping : space().mappings()) {
    uint64_t from = std::max(start, mapping.start), to = std::min(end, mapping.end);
    if (from >= to)
      continue;
    KernelWrites writes(from, to - from); // contents may be discarded
    int64_t part = rawSyscall(SYS_madvise, from, to - from, advice);
    if (part < 0)
      return part;
  }
  return result;
}

} // namespace dbt
