//===- UndoLog.h - Memory as it was before stores ---------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_DISPATCH_LOCKSTEP_UNDOLOG_H
#define DBT_DISPATCH_LOCKSTEP_UNDOLOG_H

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace dbt {

/// What guest memory held where a store was about to be made. Reading and writing
/// the memory may fault.
class UndoLog {
public:
  void clear() {
    entries.clear();
    old.clear();
  }
  /// The bytes at \p address are about to change.
  void save(uint64_t address, uint64_t size) {
    const size_t at = old.size();
    old.resize(at + size);
    std::memcpy(old.data() + at, reinterpret_cast<const void *>(address), size);
    entries.push_back({address, size, at});
  }
  /// What the saved places hold now, one after the other.
  void capture(std::vector<uint8_t> &now) const {
    now.resize(old.size());
    for (const Entry &e : entries)
      std::memcpy(now.data() + e.at, reinterpret_cast<const void *>(e.address), e.size);
  }
  /// Makes all as it was; the log stays.
  void undo() const {
    for (size_t i = entries.size(); i-- > 0;)
      if (const Entry &e = entries[i]; std::memcmp(reinterpret_cast<void *>(e.address), old.data() + e.at, e.size) != 0)
        std::memcpy(reinterpret_cast<void *>(e.address), old.data() + e.at, e.size);
  }
  /// Lines that tell where two captures differ; empty if they do not.
  std::string differences(const std::vector<uint8_t> &compiled, const std::vector<uint8_t> &interpreted) const;
  template <class F> void forEach(F f) const {
    for (const Entry &e : entries)
      f(e.address, e.size);
  }

private:
  struct Entry {
    uint64_t address, size, at; ///< at: in old
  };
  std::vector<Entry> entries;
  std::vector<uint8_t> old;
};

} // namespace dbt

#endif
