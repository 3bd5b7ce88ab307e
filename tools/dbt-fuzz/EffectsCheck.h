//===- EffectsCheck.h - Effects against the processor -----------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_TOOLS_DBT_FUZZ_EFFECTSCHECK_H
#define DBT_TOOLS_DBT_FUZZ_EFFECTSCHECK_H

#include "Check.h"

#include <string>

namespace dbt::fuzz {

/// Runs the one instruction of \p sequence natively, from the state of \p instance and from one
/// that is another in all that it is not said to read (Effects/Effects.h), and says what
/// contradicts its effects; "" if nothing does. Those of a plain helper (Row.h) are what the
/// copying tier assumes of it; any other helper may do everything.
std::string checkEffects(const Sequence &sequence, const Instance &instance);

} // namespace dbt::fuzz

#endif
