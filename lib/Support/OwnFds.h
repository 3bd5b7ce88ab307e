//===- OwnFds.h - The translator's own files --------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Logs and caches stay open while the guest opens and closes what it likes, in
// the same table of descriptors. They live at high numbers, where they are in
// no program's way, and are registered here, so that runtime/Linux keeps the
// guest from closing them. No lock: fork may happen at any time.
//===----------------------------------------------------------------------===//
#ifndef DBT_SUPPORT_OWNFDS_H
#define DBT_SUPPORT_OWNFDS_H

#include "Support/Result.h"

#include <string>

namespace dbt {

/// Moves \p fd to a high number, close-on-exec, and registers it. \p fd is
/// closed unless it is one of the standard three.
Result<int> adoptFd(int fd);

/// Opens \p path for one of us; flags and mode as for open(2).
Result<int> openOwnFile(const std::string &path, int flags, unsigned mode = 0666);

bool isOwnFd(int fd);

/// The lowest registered descriptor that is at least \p from, or -1.
int nextOwnFd(int from);

/// Closes a descriptor that adoptFd returned.
void closeOwnFd(int fd);

} // namespace dbt

#endif
