//===- HostMemory.h - The host's memory calls, raw --------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// For AddressSpace only. Results are the kernel's: a value, or a negative errno;
// glibc's wrappers leave errno behind and refuse some arguments themselves.
//===----------------------------------------------------------------------===//
#ifndef DBT_LOADER_HOSTMEMORY_H
#define DBT_LOADER_HOSTMEMORY_H

#include <cerrno>
#include <cstdint>
#include <string>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

namespace dbt::host {

inline int64_t result(long value) { return value == -1 ? -errno : value; }

inline int64_t mmap(uint64_t addr, uint64_t len, int prot, int flags, int fd, uint64_t offset) {
  return result(::syscall(SYS_mmap, addr, len, prot, flags, fd, offset));
}
inline int64_t munmap(uint64_t addr, uint64_t len) {
  return result(::syscall(SYS_munmap, addr, len));
}
inline int64_t mprotect(uint64_t addr, uint64_t len, int prot) {
  return result(::syscall(SYS_mprotect, addr, len, prot));
}
inline int64_t mremap(uint64_t old, uint64_t oldLen, uint64_t newLen, int flags, uint64_t addr) {
  return result(::syscall(SYS_mremap, old, oldLen, newLen, flags, addr));
}

/// The host never runs guest bytes; it reads them.
inline int hostProt(int prot) {
  return prot & PROT_EXEC ? (prot & ~PROT_EXEC) | PROT_READ : prot;
}

/// A line of the host's /proc/self/maps.
struct HostMapping {
  uint64_t start, end;
  std::string device, inode, name;
};
std::vector<HostMapping> hostMappings();

/// How many mappings the host allows a process.
uint64_t maxMappings();

/// The default huge page size.
uint64_t hugePageSize();

/// The contents of a file in /proc; empty if it cannot be read.
std::string readAll(const char *path);

} // namespace dbt::host

#endif
