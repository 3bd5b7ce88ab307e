//===- GuestMemory.h - Access to guest memory by system-call bodies -*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A pointer in a system call may point anywhere. The kernel answers EFAULT; so
// do these: they have the kernel copy, which also fails where the guest's own
// access would have.
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_GUESTMEMORY_H
#define DBT_LINUX_GUESTMEMORY_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace dbt {

/// Copies what is readable of [\p address, +\p size), from the start. Returns
/// how many bytes that was.
size_t readGuestPrefix(void *to, uint64_t address, size_t size);

inline bool readGuest(void *to, uint64_t address, size_t size) {
  return readGuestPrefix(to, address, size) == size;
}

/// False where the guest could not write; part of it may then be written.
bool writeGuest(uint64_t address, const void *from, size_t size);

/// A NUL-terminated string of at most \p limit bytes (PATH_MAX).
std::optional<std::string> readGuestString(uint64_t address, size_t limit = 4096);

template <class T> std::optional<T> readGuestValue(uint64_t address) {
  T value;
  if (!readGuest(&value, address, sizeof value))
    return std::nullopt;
  return value;
}
template <class T> bool writeGuestValue(uint64_t address, const T &value) {
  return writeGuest(address, &value, sizeof value);
}

} // namespace dbt

#endif
