//===- GuestCode.h - The address space as the code cache sees it --*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_CODE_GUESTCODE_H
#define DBT_CODE_GUESTCODE_H

#include "Code/CodeCache.h"
#include "Code/CodeMemory.h"

namespace dbt {

class AddressSpace;

/// Write-protects pages with code that the guest could write, and hears from the address space of
/// every other change before it is made.
class GuestCode final : public CodeMemory {
public:
  explicit GuestCode(AddressSpace &space) : space(space) {}
  /// Tells \p cache of changes from now on.
  void listen(CodeCache &cache);

  uint64_t executableBytes(uint64_t pc) override;
  PageKind track(uint64_t page, bool asVolatile) override;
  void untrack(uint64_t start, uint64_t size) override;
  std::vector<uint64_t> trackedBehind(uint64_t address) override;
  bool isWritable(uint64_t address) override;
  bool isReadable(uint64_t address) override;

  /// Whether no store, of this process or another, can change the \p size bytes at \p at, which
  /// lie within a page.
  bool isConstant(uint64_t at, uint64_t size);

private:
  AddressSpace &space;
};

} // namespace dbt

#endif
