//===- Sites.h - --stats: where exits and interpreted code are --*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_DISPATCH_SITES_H
#define DBT_DISPATCH_SITES_H

#include "Interp/Exit.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace dbt {

/// A guest address and how often something happened there.
struct Site {
  const char *what;
  uint64_t pc;
  uint64_t count;
};

/// Exits by reason and by the address at which the guest goes on.
class ExitSites {
public:
  /// \p refused: a region has left an instruction to the interpreter.
  void count(ExitReason reason, bool refused, uint64_t pc) {
    std::lock_guard guard(lock);
    ++counts[{refused ? Refused : static_cast<unsigned>(reason), pc}];
  }
  /// The \p n most frequent ones.
  std::vector<Site> top(size_t n);

private:
  static constexpr unsigned Refused = NumExitReasons;
  std::mutex lock;
  std::map<std::pair<unsigned, uint64_t>, uint64_t> counts;
};

} // namespace dbt

#endif
