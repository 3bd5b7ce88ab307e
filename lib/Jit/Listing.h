//===- Listing.h - A region's guest and host code as text -------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_JIT_LISTING_H
#define DBT_JIT_LISTING_H

#include "Lift/RegionLifter.h"

#include "llvm/Target/TargetMachine.h"

namespace dbt {

/// A line of host code, and the guest instruction that it is for.
struct HostLine {
  std::string text;
  unsigned guest; ///< 1 + its index in LiftedRegion::lines; 0: the region's entry and return
};

/// The host code of a function of \p module (which emission changes).
std::vector<HostLine> hostLines(llvm::Module &module, llvm::TargetMachine &machine, llvm::StringRef function);

/// Host code alone.
std::string listHost(const std::vector<HostLine> &host);

/// Two columns, in the host's order: to the left the guest instruction that host
/// code to the right begins to be for. What became nothing stands with nothing to its right.
std::string listSideBySide(const LiftedRegion &region, const std::vector<HostLine> &host, const InsnText &insnText);

} // namespace dbt

#endif
