//===- Lists.h - What dbt-lift counts ---------------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_TOOLS_DBT_LIFT_LISTS_H
#define DBT_TOOLS_DBT_LIFT_LISTS_H

#include "GuestFile.h"

#include "Lift/RegionLifter.h"

namespace dbt {

/// All rows of the instruction table and what has none, and how many there are of each
/// ISA set, on stdout.
void listInsns();

/// How many of \p file's instructions the lifter lacks, by mnemonic.
void listUnsupported(const GuestFile &file);

/// How many IR instructions a guest instruction has become, by mnemonic, the dearest
/// first. \p regions were lifted with RegionRequest::lines.
void listCosts(llvm::ArrayRef<LiftedRegion> regions, const GuestFile &file);

} // namespace dbt

#endif
