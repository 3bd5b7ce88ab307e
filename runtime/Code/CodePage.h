//===- CodePage.h - A guest page with code in it ----------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_CODE_CODEPAGE_H
#define DBT_CODE_CODEPAGE_H

#include "Code/CodeObject.h"

#include <cstdint>
#include <ctime>
#include <vector>

namespace dbt {

inline constexpr unsigned CodePageShift = 12;
inline constexpr uint64_t CodePageSize = uint64_t(1) << CodePageShift;

class CodePage {
public:
  std::vector<CodeObject *> objects; ///< that have bytes in it
  bool tracked = false;              ///< \c kind holds, and changes are noticed
  PageKind kind = PageKind::Stable;

  /// The guest has stored to the page, or is about to: its code was suspended. What that costs,
  /// some ten microseconds with the comparison that follows, must not be paid for each of many
  /// stores: after a burst of them the page is Volatile for a while, and for longer each time that
  /// this happens again soon.
  void noteWrite() {
    const uint64_t now = nowNs();
    if (now - lastWrite > PauseNs)
      writes = 0;
    lastWrite = now;
    if (++writes < BurstWrites)
      return;
    writes = 0;
    patience = now - volatileUntil > CalmNs ? 0 : patience < MaxPatience ? patience + 1 : patience;
    volatileUntil = now + (FirstNs << patience);
  }
  /// Whether the page is to be Volatile now.
  bool isRestless() const { return volatileUntil != 0 && nowNs() < volatileUntil; }

private:
  static constexpr uint64_t PauseNs = 100000000, FirstNs = 5000000, CalmNs = 1000000000;
  static constexpr unsigned BurstWrites = 16, MaxPatience = 7;

  static uint64_t nowNs() {
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return static_cast<uint64_t>(t.tv_sec) * 1000000000 + static_cast<uint64_t>(t.tv_nsec);
  }

  uint64_t lastWrite = 0, volatileUntil = 0; ///< ns
  unsigned writes = 0;                       ///< since the last pause
  unsigned patience = 0;
};

} // namespace dbt

#endif
