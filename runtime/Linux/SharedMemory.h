//===- SharedMemory.h - System V shared memory ------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_SHAREDMEMORY_H
#define DBT_LINUX_SHAREDMEMORY_H

#include <mutex>

namespace dbt {

/// Guards the list of attached segments; fork takes it.
std::mutex &attachmentsLock();

} // namespace dbt

#endif
