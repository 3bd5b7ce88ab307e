//===- Descriptors.cpp - Closing and replacing descriptors ----------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The translator's own files (Support/OwnFds.h) share the guest's table of
// descriptors. To the guest their numbers are not in use, and cannot be.
//===----------------------------------------------------------------------===//
#include "Abi/SafeSyscall.h"
#include "Linux/SyscallTable.h"
#include "Support/OwnFds.h"

#include <linux/close_range.h>
#include <sys/syscall.h>

namespace dbt {

int64_t sysClose(Syscall &call) {
  if (isOwnFd(static_cast<int>(call.arg[0])))
    return -EBADF;
  return rawSyscall(SYS_close, call.arg[0]);
}

/// As for a number at the limit of open files.
int64_t sysDup2(Syscall &call) {
  if (isOwnFd(static_cast<int>(call.arg[0])) || isOwnFd(static_cast<int>(call.arg[1])))
    return -EBADF;
  return rawSyscall(SYS_dup2, call.arg[0], call.arg[1]);
}

int64_t sysDup3(Syscall &call) {
  if (isOwnFd(static_cast<int>(call.arg[0])) || isOwnFd(static_cast<int>(call.arg[1])))
    return -EBADF;
  return rawSyscall(SYS_dup3, call.arg[0], call.arg[1], call.arg[2]);
}

int64_t sysCloseRange(Syscall &call) {
  auto first = static_cast<uint32_t>(call.arg[0]), last = static_cast<uint32_t>(call.arg[1]);
  // Ours are close-on-exec already; and checking the arguments is the kernel's.
  if (first > last || (call.arg[2] & CLOSE_RANGE_CLOEXEC))
    return rawSyscall(SYS_close_range, call.arg[0], call.arg[1], call.arg[2]);
  uint64_t flags = call.arg[2];
  for (uint64_t from = first; from <= last;) {
    int own = from <= INT32_MAX ? nextOwnFd(static_cast<int>(from)) : -1;
    bool inRange = own >= 0 && static_cast<uint32_t>(own) <= last;
    uint64_t end = inRange ? static_cast<uint32_t>(own) : uint64_t(last) + 1;
    if (end > from)
      if (int64_t result = rawSyscall(SYS_close_range, from, end - 1, flags))
        return result;
    // CLOSE_RANGE_UNSHARE has done its work with the first part.
    flags &= ~uint64_t(CLOSE_RANGE_UNSHARE);
    from = end + 1;
  }
  return 0;
}

} // namespace dbt
