//===- StraceArgs.h - Spelling of arguments and results ---------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Pure functions of the call; guest memory is read with the kernel's checks.
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_STRACEARGS_H
#define DBT_LINUX_STRACEARGS_H

#include "Linux/SyscallTable.h"

#include <string>

namespace dbt {

/// Whether the argument can only be decoded once the kernel has written it.
bool isOutArg(const ArgSpec &spec);

/// Whether strace leaves the argument away (a mode for open without O_CREAT).
bool isUnusedArg(const SyscallRow &row, const Syscall &call, unsigned i);

/// Appends argument \p i. \p result is the call's, zero before it.
void printArg(std::string &to, const SyscallRow &row, const Syscall &call, unsigned i,
              int64_t result);

/// Appends "SIGUSR1" or "SIGRT_2".
void printSignal(std::string &to, int number);

/// Appends "3" or "-1 ENOENT (No such file or directory)".
void printResult(std::string &to, ResultKind kind, int64_t result);

} // namespace dbt

#endif
