//===- Refused.h - Instructions that no row is for --------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Known by name for the lists of instructions, and for the decoder's test: what LLVM
// knows either has a row or is here.
//===----------------------------------------------------------------------===//
#ifndef DBT_SEMANTICS_REFUSED_H
#define DBT_SEMANTICS_REFUSED_H

#include <string_view>

namespace dbt {

struct RefusedSet {
  const char *set, *names; ///< separated by blanks

  template <class F> void forEach(F f) const {
    for (std::string_view left = names; !left.empty();) {
      const size_t blank = left.find(' ');
      f(left.substr(0, blank));
      left = blank == left.npos ? "" : left.substr(blank + 1);
    }
  }
};

inline constexpr RefusedSet RefusedSets[] = {
#define REFUSED(set, names) {set, names},
#include "Semantics/Refused.def"
#undef REFUSED
};

} // namespace dbt

#endif
