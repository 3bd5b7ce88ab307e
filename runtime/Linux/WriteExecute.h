//===- WriteExecute.h - PR_SET_MDWE ---------------------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A process can have the kernel refuse it memory that it may write and execute, and new
// permission to execute what it has (Linux 6.3). The translator makes code all the time,
// so this is kept here for the guest's memory instead of in the kernel for all.
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_WRITEEXECUTE_H
#define DBT_LINUX_WRITEEXECUTE_H

#include <cstdint>

namespace dbt {

/// What the process begins with: \p inherited from the guest's execve, or the kernel's.
void initWriteExecute(bool inherited);
/// In a fork's child.
void inheritWriteExecute();
/// Whether a program that the guest executes begins with it.
bool passesOnWriteExecute();

/// Whether memory with the protection \p prot is refused.
bool deniesMapping(int prot);
/// Where in [start, end) a mapping begins that \p prot is refused for; \p end: nowhere.
uint64_t deniedFrom(uint64_t start, uint64_t end, int prot);

/// Of linux/prctl.h since 6.3.
constexpr int PrSetMdwe = 65, PrGetMdwe = 66;
/// They do, with a result or a negative errno; \p plain: the arguments that have no meaning are 0.
int64_t setWriteExecute(uint64_t bits, bool plain);
int64_t getWriteExecute(bool plain);

} // namespace dbt

#endif
