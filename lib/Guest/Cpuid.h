//===- Cpuid.h - The processor that the guest sees --------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The feature bits are those of Features.h. Everything that is no feature (vendor, model,
// brand, caches, topology) is the host's, so that libraries choose as they would natively;
// with another vendor (-cpu) the model is one of that maker's, too.
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_CPUID_H
#define DBT_GUEST_CPUID_H

#include "Guest/Host/HostCpu.h"

namespace dbt {

host::CpuidLeaf guestCpuid(uint32_t leaf, uint32_t subleaf);

/// AT_HWCAP and AT_HWCAP2 as Linux makes them.
uint64_t guestHwcap();
uint64_t guestHwcap2();

} // namespace dbt

#endif
