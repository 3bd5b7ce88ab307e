//===- Algebra.h - Operation names shared by all machines -------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_SEMANTICS_ALGEBRA_H
#define DBT_SEMANTICS_ALGEBRA_H

#include "Guest/Host/HostCrypto.h"
#include "Guest/StringCompare.h"

#include <cstdint>

namespace dbt {

/// Machine::update's ways to change an operand.
enum class Rmw : uint8_t { Add, Sub, And, Or, Xor, Neg, Xchg };

/// Alignment of a vector operand in memory.
enum class Alignment : uint8_t {
  Natural,   ///< required by legacy SSE encodings, unless MXCSR.MM is set, not by VEX ones
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

/// A product of two operands, and a third one: rounded once.
enum class FmaOp : uint8_t {
  Add, Sub,
  NegatedAdd, NegatedSub, ///< of the negated product
  AddSub, SubAdd,         ///< packed: even lanes subtract and odd ones add, or the reverse
};
/// Which operands are multiplied and which is added (SDM Vol. 1, 14.5.1): operand
/// first digit times operand second digit, and operand third digit.
enum class FmaOrder : uint8_t { By132, By213, By231 };

} // namespace dbt

#endif
