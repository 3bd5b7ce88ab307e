//===- HostFp.h - Floating point as the host does it ------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// What C++ leaves undefined or to the implementation and the guest's results
// depend on. The guest's MXCSR is live in the host's register while guest code
// runs, so rounding, denormals and sticky flags are the processor's own.
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_HOST_HOSTFP_H
#define DBT_GUEST_HOST_HOSTFP_H

#if defined(__x86_64__)
#include "Guest/Host/x86_64/HostFp.h"
#else
#error "no HostFp.h for this host"
#endif

namespace dbt {

/// MXCSR outside guest code.
inline constexpr uint32_t DefaultMxcsr = 0x1f80;

} // namespace dbt

#endif
