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
// announces every change of a mapping before it happens.
//===----------------------------------------------------------------------===//
#ifndef DBT_DISPATCH_CODETRACKER_H
#define DBT_DISPATCH_CODETRACKER_H

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

  /// Called with ranges whose code is about to become stale, after the change
  /// can no longer be undone; drops blocks and regions.
  std::function<void(uint64_t start, uint64_t size)> invalidate;

  /// A host write fault at \p address: true if it was a tracked page's, and the
  /// store can be done again. Async-signal context of the faulting thread, which
  /// is running guest code and so holds none of our locks.
  bool onWriteFault(uint64_t address);
  /// Makes tracked pages in the range writable again: the kernel is about to
  /// store there, or has failed to (EFAULT). Says whether there were any.
  bool release(uint64_t start, uint64_t size);

private:
  struct Page {
    bool isProtected = false;
    unsigned hits = 0;
  };
  static constexpr unsigned MaxHits = 16;

  void onMappingChange(uint64_t start, uint64_t size);

  AddressSpace &space;
  std::mutex lock;
  std::unordered_map<uint64_t, Page> pages; ///< by page number; writable pages only
};

} // namespace dbt

#endif
