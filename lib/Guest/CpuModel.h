//===- CpuModel.h - Processors to be, by name -------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_CPUMODEL_H
#define DBT_GUEST_CPUMODEL_H

#include "Guest/Features.h"
#include "Support/Result.h"

#include <string>
#include <string_view>

namespace dbt {

/// The processor to be.
struct CpuModel {
  FeatureSet features;
  Vendor vendor;
};

/// MODEL[,vendor=intel|amd][,+FEATURE][,-FEATURE]...; an error if this host or dbt lacks a
/// feature that it names.
Result<CpuModel> parseCpuModel(std::string_view text);
/// The models and the features, for '-cpu help' and for docs.
std::string cpuHelp();
std::string cpuMarkdown();

} // namespace dbt

#endif
