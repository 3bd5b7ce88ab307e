//===- Width.h - Widths as types --------------------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_WIDTH_H
#define DBT_GUEST_WIDTH_H

namespace dbt {

/// A width tag: instruction bodies get one per row width, and machines deduce
/// their value types from it.
template <unsigned N> struct Bits {
  static constexpr unsigned value = N;
};

inline constexpr Bits<8> w8;
inline constexpr Bits<16> w16;
inline constexpr Bits<32> w32;
inline constexpr Bits<64> w64;
inline constexpr Bits<80> w80;
inline constexpr Bits<128> w128;
inline constexpr Bits<256> w256;

} // namespace dbt

#endif
