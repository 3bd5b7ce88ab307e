//===- KernelWrites.h - Guest memory that the kernel will write -*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Pages that hold translated code are write-protected on the host although the guest may
// write them. A store of the guest faults there and the fault handler suspends the
// translations; a store of the kernel would be EFAULT. So whoever has the kernel write guest
// memory says so, from before the call until it has returned: translations there go out of
// reach, and other threads that run code there meanwhile run code that compares its bytes
// (docs/CodeCache.md, "Changes from outside").
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_KERNELWRITES_H
#define DBT_LINUX_KERNELWRITES_H

#include "Linux/ForeignMemory.h"
#include "Linux/SyscallTable.h"
#include "Loader/WriteUnderWay.h"

#include <optional>

namespace dbt {

struct ThreadContext;

class KernelWrites {
public:
  /// What \p row says of the call's arguments.
  KernelWrites(const Syscall &call, const SyscallRow &row);
  /// [\p address, +\p size).
  KernelWrites(uint64_t address, uint64_t size);
  /// As many of the \p count buffers of an array of iovecs as the kernel takes.
  static KernelWrites toBuffers(uint64_t iovecs, uint64_t count) { return {Buffers{}, iovecs, count}; }
  /// The contents of the file that a path names.
  static KernelWrites toFile(int dirfd, uint64_t path) { return {dirfd, path}; }
  /// What \p count requests of io_submit write, if they do it before the call returns.
  static KernelWrites ofRequests(const Syscall &call, uint64_t requests, uint64_t count) {
    return {call, requests, count};
  }
  ~KernelWrites() { end(); }
  KernelWrites(const KernelWrites &) = delete;
  KernelWrites &operator=(const KernelWrites &) = delete;

  /// Ends what was under way in a thread that has ended in the middle of a call: a vfork's
  /// child that was killed.
  static void abandon(ThreadContext &thread);

private:
  struct Buffers {};
  KernelWrites(Buffers, uint64_t iovecs, uint64_t count);
  KernelWrites(int dirfd, uint64_t path);
  KernelWrites(const Syscall &call, uint64_t requests, uint64_t count);
  void addDescriptor(const Syscall &call, int fd);
  void addBuffers(uint64_t iovecs, uint64_t count);
  void addMessage(uint64_t address);
  void addMessages(uint64_t address, uint64_t count);
  void begin();
  void end();

  WriteUnderWay write;
  std::optional<ForeignWrite> foreign;
  unsigned shard = FileWatch::Shards; ///< of an unwatched write to a descriptor
  ThreadContext *thread = nullptr; ///< in whose list it is
  KernelWrites *outer = nullptr;
};

} // namespace dbt

#endif
