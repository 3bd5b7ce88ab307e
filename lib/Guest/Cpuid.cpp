//===- Cpuid.cpp - The processor that the guest sees ----------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 2, CPUID; AMD's manual Vol. 3, Appendix E for the leaves from
// 0x80000000 up.

#include "Guest/Cpuid.h"

#include <algorithm>
#include <initializer_list>

namespace dbt {

namespace {

constexpr uint32_t bits(std::initializer_list<unsigned> numbers) {
  uint32_t word = 0;
  for (unsigned n : numbers)
    word |= 1u << n;
  return word;
}

// Leaf 1.
constexpr uint32_t Features1Ecx = bits({
    0,  // SSE3
    9,  // SSSE3
    13, // CX16
    19, // SSE4.1
    20, // SSE4.2
    22, // MOVBE
    23, // POPCNT
});
constexpr uint32_t Features1Edx = bits({
    0,  // FPU
    4,  // TSC
    8,  // CX8
    15, // CMOV
    19, // CLFSH
    23, // MMX
    24, // FXSR
    25, // SSE
    26, // SSE2
});
constexpr uint32_t HttBit = 1u << 28; // that EBX's number of logical processors counts
// Leaf 7. With it libc moves large blocks by REP MOVSB, which is one helper call.
constexpr uint32_t Features7Ebx = bits({9 /* ERMS */});
// Leaf 0x80000001.
constexpr uint32_t ExtendedEcx = bits({0 /* LAHF */});
constexpr uint32_t ExtendedEdx = bits({
    11, // SYSCALL
    20, // NX
    27, // RDTSCP
    29, // long mode
});
constexpr uint32_t CmpLegacyBit = 1u << 1, TopologyBit = 1u << 22; // AMD: about leaves, not instructions

constexpr uint32_t MaxBasic = 0xb, MaxExtended = 0x8000001e;

} // namespace

host::CpuidLeaf guestCpuid(uint32_t leaf, uint32_t subleaf) {
  // A leaf above the highest reads as the highest basic one on Intel's and as
  // zeros on AMD's processors; zeros serve both.
  // In a virtual machine a CPUID costs a microsecond and more, and libc's start-up
  // asks for dozens of leaves.
  static const uint32_t highestBasic = std::min(MaxBasic, host::cpuid(0, 0).eax);
  static const uint32_t highestExtended = std::min(MaxExtended, host::cpuid(0x80000000, 0).eax);
  if (leaf > (leaf >> 31 ? highestExtended : highestBasic))
    return {};
  if (leaf == 7)
    return subleaf == 0 ? host::CpuidLeaf{0, Features7Ebx, 0, 0} : host::CpuidLeaf{};
  host::CpuidLeaf r = host::cpuid(leaf, subleaf);
  switch (leaf) {
  case 0:
    r.eax = highestBasic;
    return r;
  case 1:
    r.ecx = Features1Ecx;
    r.edx = Features1Edx | (r.edx & HttBit);
    return r;
  case 2:   // caches and TLBs
  case 4:   // caches
  case 0xb: // topology
    return r;
  case 0x80000000:
    r.eax = highestExtended;
    return r;
  case 0x80000001:
    r.ecx = ExtendedEcx | (r.ecx & (CmpLegacyBit | TopologyBit));
    r.edx = ExtendedEdx;
    return r;
  case 0x80000002: // brand
  case 0x80000003:
  case 0x80000004:
  case 0x80000005: // caches
  case 0x80000006:
  case 0x8000001d:
  case 0x8000001e: // topology
    return r;
  case 0x80000007:
    return {0, 0, 0, r.edx & 1u << 8}; // the TSC's rate is constant
  case 0x80000008:
    return {r.eax, 0, r.ecx, 0}; // address sizes, number of cores
  default:
    return {};
  }
}

uint64_t guestHwcap() { return guestCpuid(1, 0).edx; }

// Bit 1 would be FSGSBASE, bit 0 ring 3 MWAIT.
uint64_t guestHwcap2() { return 0; }

} // namespace dbt
