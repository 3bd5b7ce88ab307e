//===- Algebra.h - Operation names shared by all machines -------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_SEMANTICS_ALGEBRA_H
#define DBT_SEMANTICS_ALGEBRA_H

#include "Guest/Host/HostCrypto.h"

#include <cstdint>

namespace dbt {

/// Machine::update's ways to change an operand.
enum class Rmw : uint8_t { Add, Sub, And, Or, Xor, Neg, Xchg };

/// Alignment of a vector operand in memory.
enum class Alignment : uint8_t {
  Natural,   ///< required by legacy SSE encodings, not by VEX ones
  Unaligned, ///< never required (MOVUPS, ...)
  Required,  ///< always required (MOVAPS, MOVNTPS, ...)
};

/// Operations on a pair of integer lanes.
enum class VOp : uint8_t {
  Add, Sub, Mul, And, Or, Xor,
  AndNot, ///< ~a & b
  AddSatS, AddSatU, SubSatS, SubSatU,
  MinS, MinU, MaxS, MaxU,
  Eq, GtS, ///< all ones or zeros
  AvgU,
  MulHiS, MulHiU, ///< the upper half of the product
  MulHrS,         ///< the product's upper half, rounded (PMULHRSW)
  MulLowU, MulLowS, ///< the product of the lanes' lower halves (PMULUDQ, PMULDQ)
  Sign, ///< a, 0 or -a as b's sign says
};

enum class Shift : uint8_t { Shl, Shr, Sar };

/// Operations on a pair of floating-point lanes.
enum class FOp : uint8_t { Add, Sub, Mul, Div, Min, Max };
enum class FUnary : uint8_t { Sqrt, Reciprocal, ReciprocalSqrt };

} // namespace dbt

#endif
