//===- Algebra.h - Operation names shared by all machines -------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_SEMANTICS_ALGEBRA_H
#define DBT_SEMANTICS_ALGEBRA_H

#include <cstdint>

namespace dbt {

/// Machine::update's ways to change an operand.
enum class Rmw : uint8_t { Add, Sub, And, Or, Xor, Neg, Xchg };

/// Alignment of a vector operand in memory.
enum class Align : uint8_t {
  Natural,   ///< required by legacy SSE encodings, not by VEX ones
  Unaligned, ///< never required (MOVUPS, ...)
  Required,  ///< always required (MOVAPS, MOVNTPS, ...)
};

} // namespace dbt

#endif
