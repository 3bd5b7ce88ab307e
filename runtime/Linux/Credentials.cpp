//===- Credentials.cpp - User and group ids, and capabilities -------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The kernel keeps them for each thread. The guest's libc has all threads of the guest make
// a call that changes them; threads of dbt's own follow the guest's first one, whose ids
// the kernel takes for the process's (/proc/PID's owner, who may send it signals).
//===----------------------------------------------------------------------===//
#include "Linux/Credentials.h"

#include "Abi/SafeSyscall.h"
#include "Linux/HostThreads.h"
#include "Linux/SyscallTable.h"
#include "Linux/Threads.h"

#include <sys/syscall.h>

namespace dbt {

namespace {

constexpr uint32_t Unchanged = ~uint32_t(0);

uint64_t word(const void *p) { return reinterpret_cast<uint64_t>(p); }

/// The id that the kernel uses for files has no call of its own that only reads it.
uint32_t fileId(long call) { return static_cast<uint32_t>(rawSyscall(call, Unchanged)); }

Credentials::Ids idsOfCaller(long get, long setForFiles) {
  Credentials::Ids ids = {};
  rawSyscall(get, word(&ids.real), word(&ids.effective), word(&ids.saved));
  ids.files = fileId(setForFiles);
  return ids;
}

void takeIds(const Credentials::Ids &ids, long set, long setForFiles) {
  rawSyscall(set, ids.real, ids.effective, ids.saved);
  rawSyscall(setForFiles, ids.files);
}

} // namespace

Credentials Credentials::ofCaller() {
  Credentials c = {};
  c.user = idsOfCaller(SYS_getresuid, SYS_setfsuid);
  c.group = idsOfCaller(SYS_getresgid, SYS_setfsgid);
  if (int64_t count = rawSyscall(SYS_getgroups); count > 0) {
    c.groups.resize(static_cast<size_t>(count));
    rawSyscall(SYS_getgroups, c.groups.size(), word(c.groups.data()));
  }
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  rawSyscall(SYS_capget, word(&header), word(c.capabilities));
  return c;
}

void Credentials::take() const {
  // The user last: with root's ids goes the permission to change the others.
  rawSyscall(SYS_setgroups, groups.size(), word(groups.data()));
  takeIds(group, SYS_setresgid, SYS_setfsgid);
  takeIds(user, SYS_setresuid, SYS_setfsuid);
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  rawSyscall(SYS_capset, word(&header), word(capabilities));
}

int64_t sysChangeCredentials(Syscall &c) {
  auto &a = c.arg;
  const int64_t result = rawSyscall(static_cast<long>(c.number), a[0], a[1], a[2]);
  if (result >= 0 && leadsProcess(*c.cpu.thread))
    followCredentials();
  return result;
}

} // namespace dbt
