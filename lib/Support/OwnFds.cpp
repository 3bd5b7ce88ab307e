//===- OwnFds.cpp - The translator's own files ----------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Support/OwnFds.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace dbt {

namespace {

constexpr int MaxOwnFds = 64;
/// Registered descriptors plus one, so that zero is a free slot.
std::atomic<int> slots[MaxOwnFds];

/// The table of descriptors is as long as the highest of them: not higher than
/// needed to be above what programs number themselves.
int firstOwnFd() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 4096)) - MaxOwnFds;
}

bool registerFd(int fd) {
  for (std::atomic<int> &slot : slots) {
    int expected = 0;
    if (slot.compare_exchange_strong(expected, fd + 1))
      return true;
  }
  return false;
}

} // namespace

Result<int> adoptFd(int fd) {
  int high = fcntl(fd, F_DUPFD_CLOEXEC, std::max(firstOwnFd(), 3));
  if (high < 0)
    high = fcntl(fd, F_DUPFD_CLOEXEC, 3);
  if (high < 0)
    return Error{std::string("cannot duplicate a file descriptor: ") + errorText(errno), errno};
  if (!registerFd(high)) {
    close(high);
    return Error{"too many files of the translator's own", EMFILE};
  }
  if (fd > 2)
    close(fd);
  return high;
}

Result<int> openOwnFile(const std::string &path, int flags, unsigned mode) {
  int fd = open(path.c_str(), flags | O_CLOEXEC, mode);
  if (fd < 0)
    return Error{"'" + path + "': " + errorText(errno), errno};
  Result<int> own = adoptFd(fd);
  // A standard descriptor was free and open() has taken it: it is the guest's.
  if (fd <= 2)
    close(fd);
  return own;
}

bool isOwnFd(int fd) {
  return fd >= 0 && std::any_of(std::begin(slots), std::end(slots),
                                [&](std::atomic<int> &slot) { return slot == fd + 1; });
}

int nextOwnFd(int from) {
  int best = -1;
  for (std::atomic<int> &slot : slots) {
    int fd = slot - 1;
    if (fd >= from && fd >= 0 && (best < 0 || fd < best))
      best = fd;
  }
  return best;
}

void closeOwnFd(int fd) {
  for (std::atomic<int> &slot : slots) {
    int expected = fd + 1;
    if (slot.compare_exchange_strong(expected, 0))
      close(fd);
  }
}

} // namespace dbt
