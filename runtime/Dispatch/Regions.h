//===- Regions.h - The code cache: compiled regions by guest address -*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A guest address that compiled code or the dispatcher enters has a slot: a
// pointer to its region's entry, or to the exit stub, which returns to whoever
// called with RIP unchanged. Publication and invalidation are one atomic store
// to the slot; generated code reads it at every direct transfer.
//
// Invariants:
// - Slots live as long as the process; generated code holds their addresses.
// - A region's code is freed only when no thread can be inside it.
// - RegionTable entries of threads are cleared when a region dies.
//===----------------------------------------------------------------------===//
#ifndef DBT_DISPATCH_REGIONS_H
#define DBT_DISPATCH_REGIONS_H

#include "Support/AddressMap.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

namespace dbt {

/// A span of guest code that a region was made from.
struct CodeSpan {
  uint64_t start, size;
};

/// From \p offset in a region's host code on, it is for the guest instruction at \p pc.
struct CodeLine {
  uint32_t offset;
  uint64_t pc;
};

/// One compiled region, owned by the compiler that made it.
struct Region {
  uint64_t pc;
  uint32_t guestInsns;
  /// Guest address → host entry: the region's head and its further entries.
  std::vector<std::pair<uint64_t, void *>> entries;
  std::vector<CodeSpan> spans;
  /// Of the called functions that it has as well: they have regions of their own where they
  /// are called from elsewhere.
  std::vector<CodeSpan> calleeSpans{};
  /// Code that is none of its own, but that it relies on being as it was (FlagLiveness.h).
  std::vector<CodeSpan> lookedAt{};
  /// Of the code at the entries, with CompilerOptions::describeCode.
  uint32_t codeBytes = 0;
  std::vector<CodeLine> lines{};
  bool dead = false;
};

class Regions {
public:
  using Slot = std::atomic<void *>;

  /// Before anything else: what empty slots hold, and memory for slots.
  void start(void *exitStub, void *slotMemory, size_t slotBytes);

  /// The slot of a guest address, made if need be; null if there is no more memory for one.
  Slot *slot(uint64_t pc);
  /// A slot that stays empty: what compiled code reads if regions are not to call each other.
  Slot *emptySlot() { return unlinked; }
  /// The compiled entry for \p pc, or null.
  void *find(uint64_t pc);
  /// Whether a living region has a block at \p pc.
  bool covers(uint64_t pc);
  /// The spans of the living region with the entry \p code at \p pc; empty if there
  /// is none.
  std::vector<CodeSpan> spansOf(uint64_t pc, const void *code);
  /// Makes a region visible, unless code in its spans was invalidated since
  /// \p generation (see generation()): then it returns false.
  bool publish(Region *region, uint64_t generation);
  /// Unlinks the regions with code in the range; says where they were entered.
  std::vector<uint64_t> invalidate(uint64_t start, uint64_t size);
  /// Unlinks the region that is entered at \p pc, though its code has not changed.
  void drop(uint64_t pc);
  /// Counts invalidations: read before a region's bytes are, checked when it is
  /// published.
  uint64_t generation() const { return invalidations.load(std::memory_order_acquire); }

  std::mutex &mutex() { return lock; }
  size_t size() const { return live; }

private:
  Slot *slotLocked(uint64_t pc);
  void unlink(Region &region);

  std::mutex lock;
  void *exitStub = nullptr;
  Slot *nextSlot = nullptr, *slotsEnd = nullptr, *unlinked = nullptr;
  AddressMap<Slot *> slots;
  std::map<uint64_t, std::vector<Region *>> byPage;
  AddressMap<unsigned> covered; ///< block → regions that hold it
  std::atomic<uint64_t> invalidations{0};
  /// The latest ranges invalidated; that of generation g - 1 to g is at g - 1
  /// modulo the size.
  std::array<CodeSpan, 1024> recent;
  size_t live = 0;
};

} // namespace dbt

#endif
