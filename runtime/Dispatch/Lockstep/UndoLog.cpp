//===- UndoLog.cpp - Memory as it was before stores -----------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Dispatch/Lockstep/UndoLog.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>

namespace dbt {

namespace {
std::string hex(const uint8_t *bytes, size_t size) {
  std::string text;
  for (size_t i = 0; i < size; ++i) {
    char two[4];
    std::snprintf(two, sizeof two, " %02x", bytes[i]);
    text += two;
  }
  return text;
}
} // namespace

std::string UndoLog::differences(const std::vector<uint8_t> &compiled, const std::vector<uint8_t> &interpreted) const {
  constexpr size_t MaxBytes = 16, MaxLines = 16;
  std::string text;
  std::vector<uint64_t> told; // a place that is stored to often is told once
  for (const Entry &e : entries) {
    const uint8_t *a = compiled.data() + e.at, *b = interpreted.data() + e.at;
    const auto first = static_cast<size_t>(std::mismatch(a, a + e.size, b).first - a);
    if (first == e.size || std::find(told.begin(), told.end(), e.address + first) != told.end())
      continue;
    if (told.size() == MaxLines)
      return text + "  ...\n";
    told.push_back(e.address + first);
    const size_t size = std::min(MaxBytes, e.size - first);
    char where[48];
    std::snprintf(where, sizeof where, "  memory at 0x%" PRIx64 ": compiled", e.address + first);
    text += where + hex(a + first, size) + ", interpreted" + hex(b + first, size) + "\n";
  }
  return text;
}

} // namespace dbt
