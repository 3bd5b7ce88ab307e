//===- Features.h - The guest processor's features --------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Features.def is the one table of them. What is switched off is neither shown by
// CPUID nor valid: an instruction's row names its feature as its Isa. Chosen once
// (-cpu), before anything is decoded; libdbt-jit.so has a copy of its own.
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_FEATURES_H
#define DBT_GUEST_FEATURES_H

#include "Guest/Vendor.h"

#include <bitset>
#include <cstdint>
#include <span>

namespace dbt {

/// The extension that an instruction came with.
enum class Isa : uint8_t {
  Base,   ///< of every x86-64 processor
  System, ///< privileged, or the operating system's
#define FEATURE(id, ...) id,
#include "Guest/Features.def"
#undef FEATURE
  Count
};

using FeatureSet = std::bitset<static_cast<unsigned>(Isa::Count)>;

enum class CpuidRegister : uint8_t { Eax, Ebx, Ecx, Edx };
/// Levels of the x86-64 psABI.
enum class CpuLevel : uint8_t { V1, V2, V3, Later };
enum class FeatureState : uint8_t { Absent, Host, Any, Amd, AmdHost };

struct Feature {
  Isa isa;
  const char *name, *otherName;
  uint32_t leaf, subleaf;
  CpuidRegister reg;
  uint8_t bit;
  CpuLevel level;
  Isa needs;
  FeatureState state;
};

inline constexpr unsigned number(Isa isa) { return static_cast<unsigned>(isa); }
/// The table.
std::span<const Feature> allFeatures();
/// Its row; null for Base and System.
const Feature *findFeature(Isa isa);
/// As /proc/cpuinfo names it, or base or system.
const char *isaName(Isa isa);

/// What a program may use: CPUID's bits and the valid instructions. At first
/// everything that is implemented and possible on this host.
const FeatureSet &guestFeatures();
void setGuestFeatures(const FeatureSet &features);
inline bool hasFeature(Isa isa) { return guestFeatures()[number(isa)]; }

/// The bits of one CPUID register that are features.
uint32_t featureBits(uint32_t leaf, uint32_t subleaf, CpuidRegister reg);

/// Everything that is implemented and can be done on this host for a processor of \p vendor.
FeatureSet possibleFeatures(Vendor vendor);
/// Of that, what the host has, too.
FeatureSet possibleHostFeatures(Vendor vendor);
/// Whether the host's processor does what dbt implements of \p isa itself.
bool hostHas(Isa isa);
/// Switches off what lacks what it needs.
void dropOrphans(FeatureSet &features);

} // namespace dbt

#endif
