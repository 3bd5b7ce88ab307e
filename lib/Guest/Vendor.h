//===- Vendor.h - Whose processor the guest sees ----------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Intel's and AMD's processors do not do the same in every corner, and programs are told
// by CPUID which of them they run on. So the maker that the guest's CPUID shows decides,
// in the decoder and in all tiers; a row of the instruction table says what differs
// (RowInfo::makers). Chosen once (-cpu), before anything is decoded; libdbt-jit.so has a
// copy of its own.
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_VENDOR_H
#define DBT_GUEST_VENDOR_H

#include <cstdint>

namespace dbt {

enum class Vendor : uint8_t {
  Intel,
  Amd,   ///< and Hygon, whose processors are AMD's
  Other, ///< does as Intel's, and what neither manual settles is refused
};

/// The maker of the host's processor; Other on a host of another kind.
Vendor hostVendor();
/// The maker of the guest's: at first the host's.
Vendor guestVendor();
void setGuestVendor(Vendor vendor);

inline bool guestIsAmd() { return guestVendor() == Vendor::Amd; }

} // namespace dbt

#endif
