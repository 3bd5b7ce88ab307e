//===- Vendor.cpp - Whose processor the guest sees ------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Guest/Vendor.h"

#include "Guest/Host/HostCpu.h"

namespace dbt {

namespace {
Vendor &current() {
  static Vendor vendor = hostVendor();
  return vendor;
}
} // namespace

Vendor hostVendor() {
  constexpr uint32_t GenuineIntel = 0x6c65746e, AuthenticAmd = 0x444d4163, HygonGenuine = 0x656e6975; // leaf 0, ECX
  static const uint32_t name = host::cpuid(0, 0).ecx;
  return name == GenuineIntel ? Vendor::Intel : name == AuthenticAmd || name == HygonGenuine ? Vendor::Amd : Vendor::Other;
}

Vendor guestVendor() { return current(); }
void setGuestVendor(Vendor vendor) { current() = vendor; }

} // namespace dbt
