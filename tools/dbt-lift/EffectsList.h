//===- EffectsList.h - Instructions' effects as text ------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_TOOLS_DBT_LIFT_EFFECTSLIST_H
#define DBT_TOOLS_DBT_LIFT_EFFECTSLIST_H

#include "GuestFile.h"

namespace dbt {

/// One line for each instruction of \p blocks, on stdout.
void listEffects(const std::vector<CfgBlock> &blocks, Decoder &decoder, const GuestFile &file);

} // namespace dbt

#endif
