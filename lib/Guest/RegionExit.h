//===- RegionExit.h - What a region returns when it is not an address -*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_REGIONEXIT_H
#define DBT_GUEST_REGIONEXIT_H

#include <cstdint>

namespace dbt {

/// A region returns the RIP at which the guest goes on. If the dispatcher must act
/// first, it returns one of these instead, which no caller expects as a return
/// address (they are not canonical), and RIP is in CpuState, where \c leaves is set.
enum class RegionExit : uint64_t {
  Syscall = uint64_t(1) << 63 | 1,
  Trap = uint64_t(1) << 63 | 2,      ///< CpuState::trap
  Interpret = uint64_t(1) << 63 | 3, ///< the block at RIP must be interpreted
};

} // namespace dbt

#endif
