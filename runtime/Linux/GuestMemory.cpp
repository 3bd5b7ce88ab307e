//===- GuestMemory.cpp - Access to guest memory by system-call bodies -----===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// process_vm_readv on ourselves: the kernel's own page walk, with its answers.
// It transfers whole iovec elements or nothing of them, so ranges are cut at
// page boundaries.
//===----------------------------------------------------------------------===//
#include "Linux/GuestMemory.h"

#include "Linux/KernelWrites.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/uio.h>
#include <unistd.h>

namespace dbt {

namespace {

constexpr unsigned PagesPerCall = 16;

using Transfer = ssize_t (*)(pid_t, const iovec *, unsigned long, const iovec *, unsigned long,
                             unsigned long);

/// For sandboxes that forbid process_vm_readv altogether: a bad pointer is then
/// a fault rather than EFAULT.
ssize_t copyUnchecked(Transfer copy, iovec local, uint64_t address) {
  void *guest = reinterpret_cast<void *>(address);
  bool toGuest = copy == process_vm_writev;
  memcpy(toGuest ? guest : local.iov_base, toGuest ? local.iov_base : guest, local.iov_len);
  return local.iov_len;
}

/// Returns how many bytes were copied from the start.
size_t transfer(Transfer copy, char *host, uint64_t address, size_t size) {
  size_t done = 0;
  while (done < size) {
    iovec remote[PagesPerCall];
    unsigned count = 0;
    size_t batch = 0;
    for (; count < PagesPerCall && done + batch < size; ++count) {
      uint64_t at = address + done + batch;
      size_t part = std::min<size_t>(PageSize - at % PageSize, size - done - batch);
      remote[count] = {reinterpret_cast<void *>(at), part};
      batch += part;
    }
    iovec local = {host + done, batch};
    ssize_t copied = copy(getpid(), &local, 1, remote, count, 0);
    if (copied < 0 && (errno == ENOSYS || errno == EPERM))
      copied = copyUnchecked(copy, local, address + done);
    if (copied > 0)
      done += copied;
    if (copied != static_cast<ssize_t>(batch))
      break;
  }
  return done;
}

} // namespace

size_t readGuestPrefix(void *to, uint64_t address, size_t size) {
  return transfer(process_vm_readv, static_cast<char *>(to), address, size);
}

bool writeGuest(uint64_t address, const void *from, size_t size) {
  KernelWrites writes(address, size);
  char *bytes = const_cast<char *>(static_cast<const char *>(from));
  return transfer(process_vm_writev, bytes, address, size) == size;
}

std::optional<std::string> readGuestString(uint64_t address, size_t limit) {
  std::string text;
  while (text.size() < limit) {
    // Short strings are the rule: first a little, then by the page.
    char chunk[PageSize];
    size_t want = std::min(text.empty() ? size_t(128) : sizeof chunk, limit - text.size());
    size_t got = readGuestPrefix(chunk, address + text.size(), want);
    if (const void *end = memchr(chunk, 0, got))
      return text.append(chunk, static_cast<const char *>(end) - chunk);
    text.append(chunk, got);
    if (got < want)
      return std::nullopt;
  }
  return text;
}

} // namespace dbt
