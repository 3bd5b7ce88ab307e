//===- CodeMemory.h - Guest memory as the code cache needs it ---*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_CODE_CODEMEMORY_H
#define DBT_CODE_CODEMEMORY_H

#include <cstdint>
#include <vector>

namespace dbt {

/// How code of a page must be made.
enum class PageKind : uint8_t {
  Stable,   ///< the guest cannot write the page
  Writable, ///< it may; a store is noticed before it is made
  Volatile, ///< stores go unnoticed: code compares its bytes whenever it is entered
};

/// What the code cache asks of the owner of guest memory, with the code lock held.
class CodeMemory {
public:
  /// Bytes that may be executed from \p pc on; 0 if \p pc itself may not.
  virtual uint64_t executableBytes(uint64_t pc) = 0;
  /// From now on no byte of the page at \p page changes, by a store of any thread or by a
  /// system call, before the code cache has heard of it; but for a Volatile one, which
  /// \p asVolatile asks for. Tracked pages can be read.
  virtual PageKind track(uint64_t page, bool asVolatile) = 0;
  /// No code of the pages in [\p start, \p start + \p size) is found any more: they may change.
  virtual void untrack(uint64_t start, uint64_t size) = 0;
  /// The tracked pages whose bytes a store to \p address changes; empty if a fault there is not
  /// caused by tracking, or no longer.
  virtual std::vector<uint64_t> trackedBehind(uint64_t address) = 0;
  /// Whether the guest may write, or read, at \p address.
  virtual bool isWritable(uint64_t address) = 0;
  virtual bool isReadable(uint64_t address) = 0;

protected:
  ~CodeMemory() = default;
};

} // namespace dbt

#endif
