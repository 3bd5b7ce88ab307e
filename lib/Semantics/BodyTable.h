//===- BodyTable.h - From a row to its bodies by width ----------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The entries of machines that run a body once for an instruction, rather than
// specialise handlers for operand shapes as the interpreter does.
//===----------------------------------------------------------------------===//
#ifndef DBT_SEMANTICS_BODYTABLE_H
#define DBT_SEMANTICS_BODYTABLE_H

#include "Semantics/Row.h"

#include <bit>

namespace dbt {

template <class Machine> using BodyFn = void (*)(Machine &);

template <class Machine> struct BodyEntry {
  RowInfo info;
  /// By widthIndex(). Null: no such width.
  BodyFn<Machine> byWidth[16];
};

template <class Machine, class Body, class... Ws> void bodyFunction(Machine &m) { Body{}(m, Ws{}...); }

template <class R, class Machine, unsigned... Ns> constexpr void fillWidths(BodyEntry<Machine> &e, Widths<Ns...>) {
  using Body = typename R::Body;
  auto log2Bytes = [](unsigned bits) { return static_cast<unsigned>(std::countr_zero(bits / 8)); };
  if constexpr (R::From == WidthFrom::Fixed) {
    e.byWidth[0] = &bodyFunction<Machine, Body>;
  } else if constexpr (R::From == WidthFrom::Op0Op1) {
    auto column = [&]<unsigned Src>(Bits<Src>) {
      ((e.byWidth[log2Bytes(Ns) | log2Bytes(Src) << 2] = &bodyFunction<Machine, Body, Bits<Ns>, Bits<Src>>), ...);
    };
    (column(Bits<Ns>{}), ...);
  } else {
    ((e.byWidth[log2Bytes(Ns)] = &bodyFunction<Machine, Body, Bits<Ns>>), ...);
  }
}

/// \p row for \p Machine: its body is instantiated at each of its widths.
template <class Machine, class R> constexpr BodyEntry<Machine> makeBodyEntry(const R &row) {
  BodyEntry<Machine> e = {row.info, {}};
  fillWidths<R>(e, typename R::WidthList{});
  return e;
}

} // namespace dbt

#endif
