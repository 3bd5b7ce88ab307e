//===- CodeTracker.h - Guest pages that hold decoded code -------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Self-modifying code (docs/Design.md): a page that holds decoded or compiled
// code and that the guest could write is write-protected. A store to it faults,
// the code of the page is dropped, the page is unprotected, and the store is
// done again. A page that is hit often is given up: it stays writable, and its
// blocks compare their bytes at every entry (PageKind::Volatile).
//
// Pages that the guest cannot write need no protection: the address space
// announces every change of a mapping that holds tracked code before it happens.
//===----------------------------------------------------------------------===//
#ifndef DBT_DISPATCH_CODETRACKER_H
#define DBT_DISPATCH_CODETRACKER_H

#include "Dispatch/LongestPause.h"
#include "Interp/BlockCache.h"

#include <functional>
#include <mutex>
#include <unordered_map>

namespace dbt {

class AddressSpace;

class CodeTracker final : public CodeSource {
public:
  explicit CodeTracker(AddressSpace &space);

  uint64_t executableBytes(uint64_t pc) override;
  PageKind track(uint64_t page) override;

  /// Whether no store can change the \p size bytes at \p at, within a private page,
  /// which is then tracked as code is.
  bool isConstant(uint64_t at, uint64_t size);

  /// Called with ranges whose code is about to become stale, after the change
  /// can no longer be undone; drops blocks and regions.
  std::function<void(uint64_t start, uint64_t size)> invalidate;

  /// A host write fault at \p address: true if tracking caused it, and the store
  /// can be done again. Called in the faulting thread's signal handler; whatever
  /// stores to guest memory holds none of our locks.
  bool onWriteFault(uint64_t address);

  std::mutex &mutex() { return lock; } ///< fork takes it
  LongestPause &pauses() { return pause; } ///< of invalidations

private:
  static constexpr unsigned MaxHits = 16;

  static void onChange(void *self, uint64_t start, uint64_t size);
  void drop(uint64_t start, uint64_t size);

  AddressSpace &space;
  LongestPause pause;
  std::mutex lock;
  std::unordered_map<uint64_t, unsigned> hits; ///< write faults by page number
};

} // namespace dbt

#endif
