//===- KernelWrites.cpp - Guest memory that the kernel will write ---------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Linux/KernelWrites.h"

#include "Linux/GuestMemory.h"
#include "Linux/ProcessState.h"
#include "Loader/AddressSpace.h"

#include <algorithm>
#include <climits>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>

namespace dbt {

namespace {

/// Arguments whose size no row tells: structures are smaller, arrays (poll's,
/// epoll_wait's) rarely longer.
constexpr uint64_t UnknownSize = 1024;

void prepareIovecs(uint64_t address, uint64_t count) {
  for (uint64_t i = 0; i < std::min<uint64_t>(count, IOV_MAX); ++i) {
    std::optional<iovec> element = readGuestValue<iovec>(address + i * sizeof(iovec));
    if (!element)
      return;
    prepareKernelWrite(reinterpret_cast<uint64_t>(element->iov_base), element->iov_len);
  }
}

void prepareMessage(uint64_t address) {
  std::optional<msghdr> message = readGuestValue<msghdr>(address);
  if (!message)
    return;
  prepareKernelWrite(address, sizeof *message);
  prepareKernelWrite(reinterpret_cast<uint64_t>(message->msg_name), message->msg_namelen);
  prepareKernelWrite(reinterpret_cast<uint64_t>(message->msg_control), message->msg_controllen);
  prepareIovecs(reinterpret_cast<uint64_t>(message->msg_iov), message->msg_iovlen);
}

} // namespace

void prepareKernelWrite(uint64_t address, uint64_t size) {
  if (address && size && address < TaskSize)
    process().space->releaseCode(address, std::min(size, TaskSize - address));
}

void prepareKernelWrites(const Syscall &call, const SyscallRow &row) {
  for (unsigned i = 0; i < row.argCount; ++i) {
    uint64_t value = call.arg[i];
    const ArgSpec &spec = row.args[i];
    switch (spec.kind) {
    case ArgKind::PointerOut: prepareKernelWrite(value, UnknownSize); break;
    case ArgKind::BytesOut: prepareKernelWrite(value, call.arg[spec.length & 7]); break;
    case ArgKind::IovecOut: prepareIovecs(value, call.arg[spec.length]); break;
    case ArgKind::MsgOut: prepareMessage(value); break;
    case ArgKind::TimespecOut:
    case ArgKind::StatOut:
    case ArgKind::RlimitOut:
    case ArgKind::WaitStatusOut:
    case ArgKind::IntOut:
    case ArgKind::FdPairOut: prepareKernelWrite(value, sizeof(struct stat)); break;
    default: break;
    }
  }
}

} // namespace dbt
