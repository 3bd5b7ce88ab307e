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

namespace dbt {

namespace {

constexpr uint32_t HttBit = 1u << 28; // that EBX's number of logical processors counts
constexpr uint32_t CmpLegacyBit = 1u << 1, TopologyBit = 1u << 22; // AMD: about leaves, not instructions

constexpr uint32_t MaxBasic = 0x16, MaxExtended = 0x8000001e;

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

/// Family, model and stepping. Programs infer instruction sets from them (GCC's
/// target_clones with arch=), so the host's are shown only where the guest has what such a
/// processor has: elsewhere those of the maker's last one before the next step.
uint32_t signature(uint32_t hosts) {
  constexpr uint32_t Amd = 0x444d4163, Avx512f = 1u << 16; // "cAMD"; leaf 7, EBX
  const bool isAmd = hostLeaf(0, 0).ecx == Amd;
  if (hasFeature(Isa::Avx2)) {
    if (!(hostLeaf(7, 0).ebx & Avx512f))
      return hosts;
    return isAmd ? 0x00800f12 : 0x000306c3; // Zen, Haswell
  }
  if (isAmd)
    return 0x00100f42; // family 10h
  return hasFeature(Isa::Sse42) && hasFeature(Isa::Popcnt) ? 0x000106a5 : 0x00000f64; // Nehalem, Pentium 4
}

} // namespace

host::CpuidLeaf guestCpuid(uint32_t leaf, uint32_t subleaf) {
  // A leaf above the highest reads as the highest basic one on Intel's and as
  // zeros on AMD's processors; zeros serve both.
  const uint32_t highestBasic = std::min(MaxBasic, hostLeaf(0, 0).eax);
  const uint32_t highestExtended = std::min(MaxExtended, hostLeaf(0x80000000, 0).eax);
  using enum CpuidRegister;
  auto bits = [&](CpuidRegister reg) { return featureBits(leaf, leaf == 7 ? subleaf : 0, reg); };
  if (leaf == 7)
    return {0, bits(Ebx), bits(Ecx), bits(Edx)};
  if (leaf == 0xd)
    return extendedState(subleaf);
  if (leaf > (leaf >> 31 ? highestExtended : highestBasic))
    return {};
  host::CpuidLeaf r = hostLeaf(leaf, subleaf);
  switch (leaf) {
  case 0:
    r.eax = MaxBasic;
    return r;
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
    r.eax = highestExtended;
    return r;
  case 0x80000001:
    if (r.eax) // AMD's
      r.eax = signature(r.eax);
    r.ecx = bits(Ecx) | (r.ecx & (CmpLegacyBit | TopologyBit));
    r.edx = bits(Edx);
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

// Bit 0 would be ring 3 MWAIT.
uint64_t guestHwcap2() { return hasFeature(Isa::Fsgsbase) ? 2 : 0; }

} // namespace dbt
