//===- HostCpu.h - What the host's processor can tell -----------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Implemented once per host, in the folder named after it.
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_HOST_HOSTCPU_H
#define DBT_GUEST_HOST_HOSTCPU_H

#include <cstdint>

namespace dbt::host {

/// What a CPUID leaf returns.
struct CpuidLeaf {
  uint32_t eax, ebx, ecx, edx;
};

/// The host's own CPUID, of a leaf that it has; all zeros on a host without one.
CpuidLeaf cpuid(uint32_t leaf, uint32_t subleaf);

/// Whether the kernel saves YMM registers; asked only where CPUID shows OSXSAVE.
bool ymmEnabled();

/// The time-stamp counter and what RDTSCP puts into ECX.
struct TimeStamp {
  uint64_t ticks;
  uint32_t aux;
};
uint64_t timeStamp();
TimeStamp timeStampWithAux();

/// If the 16 aligned bytes at \p address equal \p expected they become
/// \p desired, atomically; otherwise \p expected becomes what they are.
bool compareExchange16(void *address, uint64_t (&expected)[2], const uint64_t (&desired)[2]);

} // namespace dbt::host

#endif
