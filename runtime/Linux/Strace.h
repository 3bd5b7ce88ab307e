//===- Strace.h - System calls as strace prints them ------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// -strace and -d strace. One write() per piece of a line, so that lines of
// several threads and processes do not mix. A call that does not wait is one
// piece, written at its end. A call that may wait shows before it does: while
// there is one thread in one process its line is begun and ended later; from
// then on it is an "<unfinished ...>" line and a "<... resumed>" line, always,
// since nobody knows what the others write in between.
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_STRACE_H
#define DBT_LINUX_STRACE_H

#include "Linux/SyscallTable.h"

#include <string>

namespace dbt {

/// Prints system calls to \p fd from now on (see Support/OwnFds.h); -1 stops.
void traceSyscallsTo(int fd);

extern int straceFd;
inline bool tracingSyscalls() { return straceFd >= 0; }

/// A line under way. Arguments that the kernel writes are decoded at the end.
class SyscallTrace {
public:
  /// \p row is null for a number without a row.
  SyscallTrace(const Syscall &call, const SyscallRow *row);
  void finish(int64_t result);

private:
  void write();

  Syscall call; // as it was before a body changed it
  const SyscallRow *row;
  std::string line;
  unsigned printed = 0; ///< arguments that are already in the line
  size_t column = 0;    ///< how long the line was when last written
  bool split = false;   ///< "unfinished" was written
};

/// A line for an event that is no system call: "+++ exited with 0 +++" or
/// "--- SIGSEGV {...} ---".
void traceEvent(const std::string &text);

} // namespace dbt

#endif
