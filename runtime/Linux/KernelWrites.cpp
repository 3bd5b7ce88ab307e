//===- KernelWrites.cpp - Guest memory that the kernel will write ---------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Linux/KernelWrites.h"

#include "Abi/ThreadContext.h"
#include "Linux/FileWrites.h"
#include "Linux/GuestMemory.h"
#include "Linux/ProcessState.h"
#include "Loader/AddressSpace.h"

#include <algorithm>
#include <climits>
#include <linux/aio_abi.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>

namespace dbt {

namespace {

/// Arguments whose size no row tells: structures are smaller, arrays (poll's,
/// epoll_wait's) rarely longer.
constexpr uint64_t UnknownSize = 1024;

} // namespace

KernelWrites::KernelWrites(const Syscall &call, const SyscallRow &row) {
  for (unsigned i = 0; i < row.argCount; ++i) {
    uint64_t value = call.arg[i];
    const ArgSpec &spec = row.args[i];
    switch (spec.kind) {
    case ArgKind::FdChanged: addDescriptor(call, static_cast<int>(value)); break;
    case ArgKind::PointerOut: write.add(value, UnknownSize); break;
    case ArgKind::BytesOut: write.add(value, call.arg[spec.length & 7]); break;
    case ArgKind::IovecOut: addBuffers(value, call.arg[spec.length]); break;
    case ArgKind::MsgOut: addMessage(value); break;
    case ArgKind::MsgsOut: addMessages(value, call.arg[spec.length]); break;
    case ArgKind::TimespecOut:
    case ArgKind::StatOut:
    case ArgKind::RlimitOut:
    case ArgKind::WaitStatusOut:
    case ArgKind::IntOut:
    case ArgKind::FdPairOut: write.add(value, sizeof(struct stat)); break;
    default: break;
    }
  }
  begin();
}

KernelWrites::KernelWrites(uint64_t address, uint64_t size) {
  write.add(address, size);
  begin();
}

KernelWrites::KernelWrites(Buffers, uint64_t iovecs, uint64_t count) {
  addBuffers(iovecs, count);
  begin();
}

KernelWrites::KernelWrites(int dirfd, uint64_t path) {
  addNamedFile(write, dirfd, path);
  begin();
}

KernelWrites::KernelWrites(const Syscall &call, uint64_t requests, uint64_t count) {
  constexpr uint64_t Most = 1024; // more are not worth the look
  for (uint64_t i = 0; i < std::min(count, Most); ++i) {
    auto at = readGuestValue<uint64_t>(requests + i * sizeof(uint64_t));
    auto request = at ? readGuestValue<iocb>(*at) : std::nullopt;
    if (!request)
      break;
    switch (request->aio_lio_opcode) {
    case IOCB_CMD_PREAD: write.add(request->aio_buf, request->aio_nbytes); break;
    case IOCB_CMD_PREADV: addBuffers(request->aio_buf, request->aio_nbytes); break;
    case IOCB_CMD_PWRITE:
    case IOCB_CMD_PWRITEV: addDescriptor(call, static_cast<int>(request->aio_fildes)); break;
    default: break;
    }
  }
  begin();
}

void KernelWrites::addBuffers(uint64_t iovecs, uint64_t count) {
  for (uint64_t i = 0; i < std::min<uint64_t>(count, IOV_MAX); ++i) {
    std::optional<iovec> element = readGuestValue<iovec>(iovecs + i * sizeof(iovec));
    if (!element)
      return;
    write.add(reinterpret_cast<uint64_t>(element->iov_base), element->iov_len);
  }
}

void KernelWrites::addMessage(uint64_t address) {
  std::optional<msghdr> message = readGuestValue<msghdr>(address);
  if (!message)
    return;
  write.add(address, sizeof *message);
  write.add(reinterpret_cast<uint64_t>(message->msg_name), message->msg_namelen);
  write.add(reinterpret_cast<uint64_t>(message->msg_control), message->msg_controllen);
  addBuffers(reinterpret_cast<uint64_t>(message->msg_iov), message->msg_iovlen);
}

void KernelWrites::addMessages(uint64_t address, uint64_t count) {
  for (uint64_t i = 0; i < std::min<uint64_t>(count, UIO_MAXIOV); ++i)
    addMessage(address + i * sizeof(mmsghdr));
  write.add(address, std::min<uint64_t>(count, UIO_MAXIOV) * sizeof(mmsghdr)); // msg_len lies behind each
}

void KernelWrites::addDescriptor(const Syscall &call, int fd) {
  if (shard != FileWatch::Shards)
    return; // the whole call is unwatched
  // Threads have stacks of their own, far apart.
  const unsigned mine = (reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) >> 20) % FileWatch::Shards;
  if (process().space->fileWatch().enterUnwatched(mine))
    shard = mine;
  else if (addFile(write, call, fd))
    foreign.emplace(true);
}

void KernelWrites::begin() {
  if (!write.empty())
    process().space->begin(write);
  else if (shard == FileWatch::Shards && !foreign)
    return;
  if ((thread = currentThread())) {
    outer = thread->kernelWrites;
    thread->kernelWrites = this;
  }
}

void KernelWrites::end() {
  if (!write.empty())
    process().space->end(write);
  if (shard != FileWatch::Shards)
    process().space->fileWatch().leave(shard);
  foreign.reset();
  if (thread)
    thread->kernelWrites = outer;
}

void KernelWrites::abandon(ThreadContext &thread) {
  while (thread.kernelWrites)
    thread.kernelWrites->end();
}

} // namespace dbt
