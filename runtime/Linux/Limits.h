//===- Limits.h - Resource limits that only the guest has -------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_LINUX_LIMITS_H
#define DBT_LINUX_LIMITS_H

#include <cstdint>
#include <mutex>

namespace dbt {

/// The guest's RLIMIT_AS, UINT64_MAX if it set none.
uint64_t keptAddressLimit();

/// Guards what is remembered; fork takes it.
std::mutex &limitsLock();

} // namespace dbt

#endif
