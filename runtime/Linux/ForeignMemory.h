//===- ForeignMemory.h - Processes that write each other's memory -*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// process_vm_writev and /proc/PID/mem, between processes that have forked from each other
// (Loader/Relatives.h; docs/CodeCache.md, "Changes from outside").
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_FOREIGNMEMORY_H
#define DBT_LINUX_FOREIGNMEMORY_H

#include <cstdint>
#include <sys/types.h>

namespace dbt {

/// Whether the memory of the process or thread \p id is ours.
bool hasOurMemory(pid_t id);

/// Before a fork by process \p self.
void haveRelatives(pid_t self);
/// In the child. No lock is held.
void becomeRelative();
/// Before the process becomes another program.
void leaveRelatives();

/// A thread of ours may have come to know what another process has written: code is compared
/// with what is in memory now. After each system call and before each signal.
void noticeForeignWrites();

/// While it lives, relatives know that this process may write their memory.
class ForeignWrite {
public:
  explicit ForeignWrite(bool is);
  ~ForeignWrite() { end(); }
  ForeignWrite(const ForeignWrite &) = delete;
  ForeignWrite &operator=(const ForeignWrite &) = delete;
  void end();

private:
  bool is;
  uint64_t before = 0; ///< Relatives::changes()
};

} // namespace dbt

#endif
