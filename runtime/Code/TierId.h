//===- TierId.h - Names of the tiers ----------------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_CODE_TIERID_H
#define DBT_CODE_TIERID_H

#include <cstdint>

namespace dbt {

enum class TierId : uint8_t {
#define TIER(name) name,
#include "Code/Tiers.def"
#undef TIER
};
inline constexpr unsigned NumTiers = 0
#define TIER(name) +1
#include "Code/Tiers.def"
#undef TIER
    ;
constexpr unsigned number(TierId tier) { return static_cast<unsigned>(tier); }

} // namespace dbt

#endif
