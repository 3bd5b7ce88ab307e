//===- Native.h - Sequences on the processor itself -------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_TOOLS_DBT_FUZZ_NATIVE_H
#define DBT_TOOLS_DBT_FUZZ_NATIVE_H

#include "State.h"

#include <cstddef>

namespace dbt::fuzz {

/// Maps guest code and data and writes the stub. Once per process, after the guest's
/// features are chosen.
void initNative();
/// Puts sequences into their slots, between an unprotect() and a protect().
void placeNative(unsigned slot, const uint8_t *bytes, size_t size);
/// No stray store of a sequence's reaches code between these.
void protectCode();
void unprotectCode();
/// Runs it: \p state becomes what follows.
void runNative(unsigned slot, size_t size, State &state);

} // namespace dbt::fuzz

#endif
