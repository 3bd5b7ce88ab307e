//===- Features.cpp - The guest processor's features ----------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Guest/Features.h"

#include "Guest/Host/HostCpu.h"

#include <array>

namespace dbt {

namespace {

constexpr Feature Features[] = {
#define FEATURE(id, name, other, leaf, subleaf, reg, bit, level, needs, state)                     \
  {Isa::id, name, other, leaf, subleaf, CpuidRegister::reg, bit, CpuLevel::level, Isa::needs, FeatureState::state},
#include "Guest/Features.def"
#undef FEATURE
};

uint32_t pick(const host::CpuidLeaf &leaf, CpuidRegister reg) {
  switch (reg) {
  case CpuidRegister::Eax: return leaf.eax;
  case CpuidRegister::Ebx: return leaf.ebx;
  case CpuidRegister::Ecx: return leaf.ecx;
  case CpuidRegister::Edx: return leaf.edx;
  }
  __builtin_unreachable();
}

FeatureSet alwaysThere() {
  FeatureSet set;
  set.set(number(Isa::Base));
  set.set(number(Isa::System));
  return set;
}

/// Those of the host's processor that its kernel has enabled.
FeatureSet hostFeatures() {
  FeatureSet set = alwaysThere();
  // Each CPUID may cost a microsecond and more, so a leaf is asked for once.
  struct Asked {
    uint32_t leaf, subleaf;
    host::CpuidLeaf answer;
  };
  std::array<Asked, 16> asked;
  unsigned numAsked = 0;
  auto ask = [&](uint32_t leaf, uint32_t subleaf) {
    for (unsigned i = 0; i < numAsked; ++i)
      if (asked[i].leaf == leaf && asked[i].subleaf == subleaf)
        return asked[i].answer;
    asked[numAsked] = {leaf, subleaf, host::cpuid(leaf, subleaf)};
    return asked[numAsked++].answer;
  };
  const uint32_t highestBasic = ask(0, 0).eax, highestExtended = ask(0x80000000, 0).eax;
  for (const Feature &f : Features)
    if (f.leaf <= (f.leaf >> 31 ? highestExtended : highestBasic))
      set[number(f.isa)] = pick(ask(f.leaf, f.subleaf), f.reg) >> f.bit & 1;
  if (set[number(Isa::Osxsave)] && !host::ymmEnabled())
    set.reset(number(Isa::Avx));
  dropOrphans(set);
  return set;
}

/// What can be done here for a processor of \p vendor, of that \p wanted accepts.
template <class F> FeatureSet possible(Vendor vendor, F wanted) {
  const FeatureSet host = hostFeatures();
  FeatureSet set = alwaysThere();
  for (const Feature &f : Features) {
    const bool needsHost = f.state == FeatureState::Host || f.state == FeatureState::AmdHost;
    const bool isAmds = f.state == FeatureState::Amd || f.state == FeatureState::AmdHost;
    const bool can = f.state != FeatureState::Absent && (!needsHost || host[number(f.isa)]) && (!isAmds || vendor == Vendor::Amd);
    set[number(f.isa)] = can && wanted(f, host[number(f.isa)]);
  }
  dropOrphans(set);
  return set;
}

FeatureSet &current() {
  static FeatureSet set = possibleFeatures(guestVendor());
  return set;
}

} // namespace

const Feature *findFeature(Isa isa) {
  if (isa <= Isa::System || isa >= Isa::Count)
    return nullptr;
  return &Features[number(isa) - number(Isa::System) - 1];
}

const char *isaName(Isa isa) {
  const Feature *f = findFeature(isa);
  return f ? f->name : isa == Isa::Base ? "base" : "system";
}

std::span<const Feature> allFeatures() { return Features; }

void dropOrphans(FeatureSet &set) {
  for (bool changed = true; changed;) {
    changed = false;
    for (const Feature &f : Features)
      if (set[number(f.isa)] && !set[number(f.needs)]) {
        set.reset(number(f.isa));
        changed = true;
      }
  }
}

FeatureSet possibleFeatures(Vendor vendor) {
  return possible(vendor, [](const Feature &, bool) { return true; });
}
FeatureSet possibleHostFeatures(Vendor vendor) {
  return possible(vendor, [](const Feature &, bool hostHas) { return hostHas; });
}

bool hostHas(Isa isa) {
  static const FeatureSet features = possibleHostFeatures(hostVendor());
  return features[number(isa)];
}

const FeatureSet &guestFeatures() { return current(); }
void setGuestFeatures(const FeatureSet &features) { current() = features; }

uint32_t featureBits(uint32_t leaf, uint32_t subleaf, CpuidRegister reg) {
  uint32_t word = 0;
  for (const Feature &f : Features)
    if (f.leaf == leaf && f.subleaf == subleaf && f.reg == reg && hasFeature(f.isa))
      word |= uint32_t(1) << f.bit;
  return word;
}

} // namespace dbt
