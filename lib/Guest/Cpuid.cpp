//===- Cpuid.cpp - The processor that the guest sees ----------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 2, CPUID; AMD's manual Vol. 3, Appendix E for the leaves from
// 0x80000000 up.

#include "Guest/Cpuid.h"

#include "Guest/Features.h"
#include "Guest/Xsave.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>

namespace dbt {

namespace {

constexpr uint32_t HttBit = 1u << 28; // that EBX's number of logical processors counts
constexpr uint32_t CmpLegacyBit = 1u << 1, TopologyBit = 1u << 22; // AMD: about leaves, not instructions

constexpr uint32_t MaxBasic = 0x16, MaxExtended = 0x8000001e, IntelsExtended = 0x80000008;

/// In a virtual machine a CPUID costs microseconds, and libc's start-up asks dozens of
/// times, for the same leaves again and again. So answers are kept, but for those that
/// depend on the core.
host::CpuidLeaf hostLeaf(uint32_t leaf, uint32_t subleaf) {
  if (leaf == 1 || leaf == 0xb || leaf == 0x8000001e)
    return host::cpuid(leaf, subleaf);
  struct Answer {
    uint32_t leaf, subleaf;
    host::CpuidLeaf value;
  };
  static std::array<Answer, 32> answers;
  static std::atomic<size_t> numAnswers{0};
  const size_t n = numAnswers.load(std::memory_order_acquire);
  for (size_t i = 0; i < n; ++i)
    if (answers[i].leaf == leaf && answers[i].subleaf == subleaf)
      return answers[i].value;
  const host::CpuidLeaf value = host::cpuid(leaf, subleaf);
  // Whoever finds it taken does not wait: the owner may be missing since a fork.
  static std::atomic_flag adding;
  if (adding.test_and_set(std::memory_order_acquire))
    return value;
  if (const size_t at = numAnswers.load(std::memory_order_relaxed); at < answers.size()) {
    answers[at] = {leaf, subleaf, value};
    numAnswers.store(at + 1, std::memory_order_release);
  }
  adding.clear(std::memory_order_release);
  return value;
}

/// XSAVE's components and their places (SDM Vol. 1, 13.2). Without XSAVE there is none.
host::CpuidLeaf extendedState(uint32_t subleaf) {
  if (!hasFeature(Isa::Xsave))
    return {};
  const auto components = static_cast<uint32_t>(enabledComponents());
  const uint32_t size = xsaveBytes(components);
  switch (subleaf) {
  case 0:
    return {components, size, size, 0};
  case 1:
    return {featureBits(0xd, 1, CpuidRegister::Eax), hasFeature(Isa::Xsavec) ? size : 0, 0, 0};
  case 2:
    if (components & xstate::Avx)
      return {sizeof XsaveArea::ymmHigh, offsetof(XsaveArea, ymmHigh), 0, 0};
    return {};
  default:
    return {};
  }
}

/// Whether the guest is shown another maker's processor than the host has.
bool isForeign() { return guestVendor() != hostVendor(); }

/// EBX, EDX and ECX of leaf 0.
host::CpuidLeaf vendorName(uint32_t highest, const host::CpuidLeaf &hosts) {
  if (!isForeign())
    return {highest, hosts.ebx, hosts.ecx, hosts.edx};
  if (guestIsAmd())
    return {highest, 0x68747541, 0x444d4163, 0x69746e65}; // AuthenticAMD
  return {highest, 0x756e6547, 0x6c65746e, 0x49656e69};   // GenuineIntel
}

/// The name that a processor is shown by which is not the host's, 16 bytes a leaf from 0x80000002 on.
host::CpuidLeaf brand(uint32_t leaf) {
  static constexpr char Name[48] = "dbt's processor";
  host::CpuidLeaf r;
  std::memcpy(&r, Name + (leaf - 0x80000002) * sizeof r, sizeof r);
  return r;
}

/// Caches are described alike, at the makers' own numbers.
host::CpuidLeaf caches(uint32_t subleaf) {
  const uint32_t leaf = hostVendor() == Vendor::Amd ? 0x8000001d : 4;
  return leaf <= hostLeaf(leaf & 0x80000000, 0).eax ? hostLeaf(leaf, subleaf) : host::CpuidLeaf{};
}

/// Family, model and stepping. Programs infer instruction sets from them (GCC's
/// target_clones with arch=), so the host's are shown only where the guest has what such a
/// processor has: elsewhere those of the maker's last one before the next step.
uint32_t signature(uint32_t hosts) {
  constexpr uint32_t Avx512f = 1u << 16; // leaf 7, EBX
  if (hasFeature(Isa::Avx2)) {
    if (!(hostLeaf(7, 0).ebx & Avx512f) && !isForeign())
      return hosts;
    return guestIsAmd() ? 0x00800f12 : 0x000306c3; // Zen, Haswell
  }
  if (guestIsAmd())
    return 0x00100f42; // family 10h
  return hasFeature(Isa::Sse42) && hasFeature(Isa::Popcnt) ? 0x000106a5 : 0x00000f64; // Nehalem, Pentium 4
}

} // namespace

host::CpuidLeaf guestCpuid(uint32_t leaf, uint32_t subleaf) {
  // A leaf above the highest reads as the highest basic one on Intel's and as
  // zeros on AMD's processors; zeros serve both.
  const uint32_t highestBasic = std::min(MaxBasic, hostLeaf(0, 0).eax);
  const uint32_t highestOfHost = std::min(MaxExtended, hostLeaf(0x80000000, 0).eax);
  const uint32_t highestExtended = !isForeign() ? highestOfHost : guestIsAmd() ? MaxExtended : IntelsExtended;
  using enum CpuidRegister;
  auto bits = [&](CpuidRegister reg) { return featureBits(leaf, leaf == 7 ? subleaf : 0, reg); };
  if (leaf == 7)
    return {0, bits(Ebx), bits(Ecx), bits(Edx)};
  if (leaf == 0xd)
    return extendedState(subleaf);
  if (leaf > (leaf >> 31 ? highestExtended : highestBasic))
    return {};
  if (isForeign() && leaf == (guestIsAmd() ? 0x8000001d : 4))
    return caches(subleaf);
  if (isForeign() && leaf >> 31 && leaf > highestOfHost)
    return {};
  host::CpuidLeaf r = hostLeaf(leaf, subleaf);
  switch (leaf) {
  case 0:
    return vendorName(MaxBasic, r);
  case 1:
    r.eax = signature(r.eax);
    r.ecx = bits(Ecx);
    r.edx = bits(Edx) | (r.edx & HttBit);
    return r;
  case 2:   // caches and TLBs
  case 4:   // caches
  case 0xb: // topology
  case 0x15: // the rate of the TSC, which is the host's
  case 0x16:
    return r;
  case 0x80000000:
    return guestIsAmd() ? vendorName(highestExtended, r) : host::CpuidLeaf{highestExtended, 0, 0, 0};
  case 0x80000001:
    r.eax = guestIsAmd() ? signature(r.eax) : 0;
    r.ecx = bits(Ecx) | (isForeign() ? 0 : r.ecx & (CmpLegacyBit | TopologyBit));
    r.edx = bits(Edx);
    return r;
  case 0x80000002: // brand
  case 0x80000003:
  case 0x80000004:
    return isForeign() ? brand(leaf) : r;
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

// Bit 0 would be ring 3 MWAIT.
uint64_t guestHwcap2() { return hasFeature(Isa::Fsgsbase) ? 2 : 0; }

} // namespace dbt
