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

#include "Loader/Program.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace dbt {

class AddressSpace;

struct Process {
  AddressSpace *space = nullptr;
  ProgramLayout layout;

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
