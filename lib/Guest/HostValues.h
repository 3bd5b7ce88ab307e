//===- HostValues.h - Guest values as host integers -------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Wrappers without conversions: a body that compiled by accident because an
// integer promoted or a comparison became a bool would be wrong in the lifter.
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_HOSTVALUES_H
#define DBT_GUEST_HOSTVALUES_H

#include "Guest/Width.h"

#include <cstdint>

namespace dbt::host {

template <unsigned N> struct UIntOf;
template <> struct UIntOf<8> { using U = uint8_t; using S = int8_t; };
template <> struct UIntOf<16> { using U = uint16_t; using S = int16_t; };
template <> struct UIntOf<32> { using U = uint32_t; using S = int32_t; };
template <> struct UIntOf<64> { using U = uint64_t; using S = int64_t; };
template <> struct UIntOf<128> { using U = unsigned __int128; using S = __int128; };

/// An integer of N bits; also a scalar float's bits.
template <unsigned N> struct Val {
  using U = typename UIntOf<N>::U;
  using S = typename UIntOf<N>::S;
  U v;
  S s() const { return static_cast<S>(v); }
};

/// A condition.
struct Bool {
  bool v;
};

/// N bits of lanes; their width is the operation's business.
template <unsigned N> struct alignas(N < 128 ? N / 8 : 16) Vec {
  uint64_t q[N / 64];
};

} // namespace dbt::host

#endif
