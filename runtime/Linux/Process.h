//===- Process.h - Processes: fork, exec, exit ------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_PROCESS_H
#define DBT_LINUX_PROCESS_H

#include <functional>

namespace dbt {

/// What other layers do around a fork: before it in the parent, after it in both.
struct ForkHooks {
  void (*before)() = nullptr;
  void (*after)(bool inChild) = nullptr;
  /// In the parent, when a vfork's child has gone.
  void (*afterVfork)() = nullptr;
  /// Before the process ends by exit_group or is replaced by execve.
  void (*atExit)() = nullptr;
};
void setForkHooks(const ForkHooks &hooks);

/// Calls ForkHooks::atExit, unless this process only borrows its memory (vfork).
void runExitHook();
/// Ends the process as exit_group does.
[[noreturn]] void exitProcess(int status);

} // namespace dbt

#endif
