//===- ProcessState.h - What belongs to the guest's process -----*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// One per process, filled by dbt-run before the first guest instruction and
// then read by every thread. What changes later (resource limits, the strace
// log) has an owner of its own, which locks. fork() copies it, vfork() shares
// it like all memory.
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_PROCESSSTATE_H
#define DBT_LINUX_PROCESSSTATE_H

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace dbt {

class AddressSpace;

/// What the kernel keeps in mm_struct and shows in /proc/self/stat and
/// /proc/self/{cmdline,environ,auxv}: where things lie in the guest's memory.
struct GuestImage {
  uint64_t startCode = 0, endCode = 0; ///< the program's executable segments
  uint64_t startData = 0, endData = 0; ///< its writable segments, without bss
  uint64_t startStack = 0;             ///< RSP at the program's first instruction
  uint64_t argStart = 0, argEnd = 0;   ///< argv's strings
  uint64_t envStart = 0, envEnd = 0;   ///< envp's strings
  uint64_t auxvStart = 0, auxvEnd = 0; ///< the auxiliary vector with AT_NULL
};

struct Process {
  AddressSpace *space = nullptr;
  GuestImage image;

  /// The guest program, absolute and without symbolic links: what
  /// /proc/self/exe points to.
  std::string exePath;
  std::vector<std::string> argv, envp; ///< as given to the program

  std::string runPath;              ///< dbt-run itself, absolute: execve's host program
  std::vector<std::string> options; ///< what execve hands on to the next dbt-run
  std::string prefix;               ///< -L: where the ELF interpreter is looked up, or empty
  std::string release;              ///< -r: uname's release, or empty for the host's

  /// This dbt-run was started by a guest's execve or by its fork: log files
  /// are continued rather than truncated.
  bool child = false;
  /// More than one thread or process has been seen: log lines carry a pid.
  /// Set by clone, fork and vfork before the new task runs.
  std::atomic<bool> several = false;
};

/// The process this dbt-run runs.
Process &process();

} // namespace dbt

#endif
