//===- CpuModel.cpp - Processors to be, by name ---------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Guest/CpuModel.h"

#include <algorithm>
#include <cstdio>

namespace dbt {

namespace {

struct Model {
  const char *name;
  CpuLevel level; ///< the features of this level and those below, all of them
  const char *help;
};
constexpr Model Models[] = {
    {"x86-64", CpuLevel::V1, "the first 64-bit processors: SSE2"},
    {"x86-64-v2", CpuLevel::V2, "SSE4.2, POPCNT, CMPXCHG16B"},
    {"x86-64-v3", CpuLevel::V3, "AVX2, BMI2, FMA"},
    {"max", CpuLevel::Later, "everything that dbt can do on this host (the default)"},
    {"host", CpuLevel::Later, "of that, what the host's processor has, too"},
};

bool isAmds(const Feature &f) { return f.state == FeatureState::Amd || f.state == FeatureState::AmdHost; }

std::string why(const Feature &f, Vendor vendor) {
  return std::string("'") + f.name + "' is " +
         (f.state == FeatureState::Absent ? "not implemented"
          : isAmds(f) && vendor != Vendor::Amd ? "one of AMD's processors only"
                                               : "not possible: this host's processor lacks it");
}

Result<FeatureSet> modelFeatures(std::string_view name, Vendor vendor, const FeatureSet &most) {
  for (const Model &model : Models) {
    if (name != model.name)
      continue;
    if (name == "max")
      return most;
    if (name == "host")
      return possibleHostFeatures(vendor);
    FeatureSet set;
    set.set(number(Isa::Base)).set(number(Isa::System));
    for (const Feature &f : allFeatures()) {
      if (f.level > model.level)
        continue;
      if (!most[number(f.isa)])
        return Error{why(f, vendor)};
      set.set(number(f.isa));
    }
    return set;
  }
  return Error{"unknown model '" + std::string(name) + "'; '-cpu help' lists them"};
}

/// By either name; '-' and '_' are the same.
const Feature *featureNamed(std::string_view text) {
  std::string name(text);
  for (char &c : name)
    c = c == '-' ? '_' : c;
  for (const Feature &f : allFeatures())
    if (name == f.name || name == f.otherName)
      return &f;
  return nullptr;
}

std::string bitText(const Feature &f) {
  static constexpr const char *Registers[] = {"EAX", "EBX", "ECX", "EDX"};
  char text[64];
  const char *reg = Registers[static_cast<unsigned>(f.reg)];
  if (f.subleaf)
    std::snprintf(text, sizeof text, "%X.%u:%s[%u]", f.leaf, f.subleaf, reg, unsigned(f.bit));
  else
    std::snprintf(text, sizeof text, "%X:%s[%u]", f.leaf, reg, unsigned(f.bit));
  return text;
}

constexpr std::string_view VendorIs = "vendor=";

/// What the last "vendor=" of a model says, or the host's: which features there are depends on it.
Result<Vendor> vendorIn(std::string_view text) {
  const size_t at = text.rfind(VendorIs);
  if (at == text.npos)
    return hostVendor();
  text.remove_prefix(at + VendorIs.size());
  const std::string_view name = text.substr(0, text.find(','));
  if (name == "intel")
    return Vendor::Intel;
  if (name == "amd")
    return Vendor::Amd;
  return Error{"unknown vendor '" + std::string(name) + "': intel and amd are known"};
}

const char *levelText(CpuLevel level) { return level == CpuLevel::Later ? "" : Models[static_cast<unsigned>(level)].name; }

} // namespace

Result<CpuModel> parseCpuModel(std::string_view text) {
  const Result<Vendor> vendor = vendorIn(text);
  if (!vendor)
    return vendor.error();
  const FeatureSet most = possibleFeatures(*vendor);
  size_t end = std::min(text.find(','), text.size());
  Result<FeatureSet> set = modelFeatures(text.substr(0, end), *vendor, most);
  if (!set)
    return set.error();
  while (end < text.size()) {
    text.remove_prefix(end + 1);
    end = std::min(text.find(','), text.size());
    const std::string_view word = text.substr(0, end);
    if (word.starts_with(VendorIs))
      continue;
    if (word.empty() || (word[0] != '+' && word[0] != '-'))
      return Error{"'" + std::string(word) + "' is neither +FEATURE nor -FEATURE nor vendor=..."};
    const Feature *f = featureNamed(word.substr(1));
    if (!f)
      return Error{"unknown feature '" + std::string(word.substr(1)) + "'; '-cpu help' lists them"};
    if (word[0] == '-') {
      set->reset(number(f->isa));
      continue;
    }
    // With all that it needs.
    for (; f; f = findFeature(f->needs)) {
      if (!most[number(f->isa)])
        return Error{why(*f, *vendor)};
      set->set(number(f->isa));
    }
  }
  dropOrphans(*set);
  return CpuModel{*set, *vendor};
}

std::string cpuHelp() {
  char line[128];
  std::string out = "models:\n";
  for (const Model &model : Models) {
    std::snprintf(line, sizeof line, "  %-14s %s\n", model.name, model.help);
    out += line;
  }
  out += "vendors, as MODEL,vendor=VENDOR (default: the host's):\n"
         "  intel\n  amd\n"
         "features, as MODEL,+FEATURE,-FEATURE:\n";
  const FeatureSet most = possibleFeatures(guestVendor());
  for (const Feature &f : allFeatures())
    if (f.state != FeatureState::Absent) {
      std::snprintf(line, sizeof line, "  %-14s %-10s %-18s %s", f.name, levelText(f.level), bitText(f).c_str(),
                    most[number(f.isa)] ? "" : "not on this host");
      out += line;
      out.erase(out.find_last_not_of(' ') + 1);
      out += "\n";
    }
  return out;
}

std::string cpuMarkdown() {
  std::string out = "# The guest's processor\n\n`dbt-run -cpu MODEL[,vendor=intel|amd][,+FEATURE][,-FEATURE]...`\n\n| model | |\n|---|---|\n";
  for (const Model &model : Models)
    out += std::string("| ") + model.name + " | " + model.help + " |\n";
  out += "\nA feature that is off is not shown by CPUID, and its instructions raise #UD. One that is not "
         "implemented cannot be switched on. CPUID's vendor is the host's unless told otherwise, and where the two makers' "
         "processors differ it decides what instructions do (Instructions.md).\n\n| feature | also | CPUID | level | needs | done by |\n|---|---|---|---|---|---|\n";
  for (const Feature &f : allFeatures()) {
    static constexpr const char *States[] = {"not implemented", "the host's instructions", "any host", "any host, as AMD's", "the host's instructions, as AMD's"};
    const std::string other = f.otherName;
    out += std::string("| ") + f.name + " | " + (other == f.name ? "" : other) + " | " + bitText(f) + " | " + levelText(f.level) +
           " | " + (findFeature(f.needs) ? isaName(f.needs) : "") + " | " + States[static_cast<unsigned>(f.state)] + " |\n";
  }
  return out;
}

} // namespace dbt
