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

/// A random number of \p bits bits, 16, 32 or 64, from RDRAND or, \p seed, RDSEED. False: there
/// is none now. Asked only where the host has the instruction.
bool random(bool seed, unsigned bits, uint64_t &value);

/// What LAR, LSL, VERR and VERW say of a selector; false: ZF is clear. Linux gives all
/// processes the same descriptors.
enum class SegmentQuery : uint8_t { Rights, Limit, Readable, Writable };
bool querySegment(SegmentQuery what, uint16_t selector, uint64_t &value);

/// If the 16 aligned bytes at \p address equal \p expected they become
/// \p desired, atomically; otherwise \p expected becomes what they are.
bool compareExchange16(void *address, unsigned __int128 &expected, unsigned __int128 desired);

} // namespace dbt::host

#endif
