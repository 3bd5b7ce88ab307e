//===- CfgLimits.h - How large a region may be -----------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_DECODE_CFGLIMITS_H
#define DBT_DECODE_CFGLIMITS_H

namespace dbt {

/// What a region may hold (Cfg.h). The numbers are the policy's (Dispatch/TierPolicy.h).
struct CfgLimits {
  unsigned maxBlocks, maxInsns; ///< its own
  /// Of a called function in the caller's region, and of all such functions of a region.
  unsigned maxCalleeInsns, maxCalleesInsns;
  /// Calls of a function that share its blocks: a return compares with each's address.
  unsigned maxCallers;
};

} // namespace dbt

#endif
