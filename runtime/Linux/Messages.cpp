//===- Messages.cpp - Messages with descriptors ---------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The host's calls. A descriptor that is sent makes what was this process's own memory
// another's, too; one that is received may be open for writing to a file with code.
//===----------------------------------------------------------------------===//
#include "Abi/SafeSyscall.h"
#include "Linux/FileWrites.h"
#include "Linux/KernelWrites.h"
#include "Linux/SyscallTable.h"

#include <algorithm>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>

namespace dbt {

namespace {

int64_t pass(Syscall &call) {
  auto &a = call.arg;
  KernelWrites writes(call, *syscallRow(call.number));
  return safeSyscall(call.cpu, static_cast<long>(call.number), a[0], a[1], a[2], a[3], a[4], a[5]);
}

} // namespace

int64_t sysSendmsg(Syscall &call) {
  shareDescriptors(call.arg[1]);
  return pass(call);
}

int64_t sysSendmmsg(Syscall &call) {
  for (uint64_t i = 0; i < std::min<uint64_t>(call.arg[2], UIO_MAXIOV); ++i)
    shareDescriptors(call.arg[1] + i * sizeof(mmsghdr));
  return pass(call);
}

int64_t sysRecvmsg(Syscall &call) {
  const int64_t result = pass(call);
  if (result >= 0)
    noteDescriptors(call.arg[1]);
  return result;
}

int64_t sysRecvmmsg(Syscall &call) {
  const int64_t result = pass(call);
  for (int64_t i = 0; i < result; ++i)
    noteDescriptors(call.arg[1] + static_cast<uint64_t>(i) * sizeof(mmsghdr));
  return result;
}

int64_t sysPidfdGetfd(Syscall &call) {
  return noteDescriptor(rawSyscall(SYS_pidfd_getfd, call.arg[0], call.arg[1], call.arg[2]));
}

} // namespace dbt
