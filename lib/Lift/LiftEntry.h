//===- LiftEntry.h - From a row to lifting functions ------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The machine header (Semantics/Family.h) of the lifter.
//===----------------------------------------------------------------------===//
#ifndef DBT_LIFT_LIFTENTRY_H
#define DBT_LIFT_LIFTENTRY_H

#include "Lift/Machine.h"
#include "Semantics/Row.h"

#include <bit>

#define DBT_MACHINE_NAME Lift

namespace dbt {

using LiftFn = void (*)(lift::Machine &);

struct LiftEntry {
  RowInfo info;
  /// By log2 of the width in bytes; with Op0Op1 the source's in the upper two
  /// bits. Null: no such width.
  LiftFn byWidth[16];
};

using MachineEntry = LiftEntry;

namespace lift {
template <class Body, class... Ws> void function(Machine &m) { Body{}(m, Ws{}...); }

constexpr unsigned log2Bytes(unsigned bits) { return static_cast<unsigned>(std::countr_zero(bits / 8)); }

template <class R, unsigned... Ns> constexpr void fillWidths(LiftEntry &e, Widths<Ns...>) {
  using Body = typename R::Body;
  if constexpr (R::From == WidthFrom::Fixed) {
    e.byWidth[0] = &function<Body>;
  } else if constexpr (R::From == WidthFrom::Op0Op1) {
    auto column = [&]<unsigned Src>(Bits<Src>) {
      ((e.byWidth[log2Bytes(Ns) | log2Bytes(Src) << 2] = &function<Body, Bits<Ns>, Bits<Src>>), ...);
    };
    (column(Bits<Ns>{}), ...);
  } else {
    ((e.byWidth[log2Bytes(Ns)] = &function<Body, Bits<Ns>>), ...);
  }
}
} // namespace lift

template <class R> constexpr LiftEntry makeEntry(const R &row) {
  LiftEntry e = {row.info, {}};
  lift::fillWidths<R>(e, typename R::WidthList{});
  return e;
}

} // namespace dbt

#endif
