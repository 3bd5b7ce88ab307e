//===- StringCompare.h - SSE4.2's string comparison -------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_STRINGCOMPARE_H
#define DBT_GUEST_STRINGCOMPARE_H

#include "Guest/HostValues.h"

namespace dbt {

/// Which of the four instructions compares how: its immediate is the SDM's control byte.
struct StringCompare {
  bool isExplicit; ///< lengths are given; else elements of zero end the operands
  uint8_t control;
};

namespace host {

struct StringMatch {
  uint32_t index;
  Vec<128> mask;
  uint64_t flags; ///< all six at their places in RFLAGS
};

/// \p a and \p b, of lengths \p la and \p lb, negative ones meant as positive, if they are explicit.
StringMatch compareStrings(StringCompare how, Vec<128> a, int32_t la, Vec<128> b, int32_t lb);

} // namespace host
} // namespace dbt

#endif
