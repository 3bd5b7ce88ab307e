//===- Limits.cpp - Resource limits ---------------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// RLIMIT_AS and RLIMIT_DATA count all memory of the process, and the
// translator needs some where the guest alone would not: the guest's values
// are remembered and answered, not set. RLIMIT_STACK is set unless it is too
// small for the translator, which runs on the stack that it limits. All other
// limits are the host's.
//===----------------------------------------------------------------------===//
#include "Linux/Limits.h"

#include "Abi/SafeSyscall.h"
#include "Linux/GuestMemory.h"
#include "Linux/SyscallTable.h"

#include <atomic>
#include <mutex>
#include <optional>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace dbt {

namespace {

constexpr rlim_t LeastHostStack = 8 << 20;

constinit std::mutex remembered;
struct KeptLimit {
  bool set;
  rlimit value;
};
constinit KeptLimit kept[RLIM_NLIMITS] = {};
constinit std::atomic<uint64_t> addressLimit = UINT64_MAX; ///< of kept[RLIMIT_AS]

bool isKept(uint32_t resource, const rlimit &value) {
  if (resource == RLIMIT_STACK)
    return value.rlim_cur < LeastHostStack;
  return resource == RLIMIT_AS || resource == RLIMIT_DATA;
}

int64_t hostLimit(uint32_t resource, const rlimit *set, rlimit *get) {
  return rawSyscall(SYS_prlimit64, 0, resource, reinterpret_cast<uint64_t>(set),
                    reinterpret_cast<uint64_t>(get));
}

int64_t getLimit(uint32_t resource, rlimit &value) {
  std::lock_guard lock(remembered);
  if (resource < RLIM_NLIMITS && kept[resource].set) {
    value = kept[resource].value;
    return 0;
  }
  return hostLimit(resource, nullptr, &value);
}

/// setrlimit(2)'s checks for a limit that is only remembered.
int64_t setLimit(uint32_t resource, const rlimit &value) {
  if (resource >= RLIM_NLIMITS || value.rlim_cur > value.rlim_max)
    return -EINVAL;
  rlimit old;
  if (int64_t error = getLimit(resource, old))
    return error;
  std::lock_guard lock(remembered);
  if (!isKept(resource, value)) {
    int64_t error = hostLimit(resource, &value, nullptr);
    kept[resource].set &= error != 0;
    return error;
  }
  if (value.rlim_max > old.rlim_max && geteuid() != 0)
    return -EPERM;
  kept[resource] = {true, value};
  if (resource == RLIMIT_AS)
    addressLimit = value.rlim_cur;
  return 0;
}

} // namespace

std::mutex &limitsLock() { return remembered; }

uint64_t keptAddressLimit() { return addressLimit; }

int64_t sysGetrlimit(Syscall &call) {
  rlimit value;
  if (int64_t error = getLimit(static_cast<uint32_t>(call.arg[0]), value))
    return error;
  return writeGuestValue(call.arg[1], value) ? 0 : -EFAULT;
}

int64_t sysSetrlimit(Syscall &call) {
  std::optional<rlimit> value = readGuestValue<rlimit>(call.arg[1]);
  return value ? setLimit(static_cast<uint32_t>(call.arg[0]), *value) : -EFAULT;
}

int64_t sysPrlimit64(Syscall &call) {
  auto pid = static_cast<pid_t>(call.arg[0]);
  if (pid != 0 && pid != getpid()) {
    // Another process's limits. A child under dbt-run keeps its own in memory
    // that cannot be reached from here.
    auto &a = call.arg;
    return rawSyscall(SYS_prlimit64, a[0], a[1], a[2], a[3]);
  }
  auto resource = static_cast<uint32_t>(call.arg[1]);
  std::optional<rlimit> value;
  if (call.arg[2] && !(value = readGuestValue<rlimit>(call.arg[2])))
    return -EFAULT;
  rlimit old;
  if (int64_t error = getLimit(resource, old))
    return error;
  if (value)
    if (int64_t error = setLimit(resource, *value))
      return error;
  if (call.arg[3] && !writeGuestValue(call.arg[3], old))
    return -EFAULT;
  return 0;
}

} // namespace dbt
