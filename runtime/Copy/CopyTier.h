//===- CopyTier.h - The first tier of code on a host of the guest's kind -*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// What has run a few times in the interpreter is copied: the host's processor executes
// the guest's instructions as they are (docs/CopyTier.md). Copies cost about as much as
// decoding; what is hot in them goes on to the compiler.
//
// Invariants:
// - A unit is made from blocks of the BlockCache and dies with them.
// - Units are unlinked, never freed: a thread may be inside. They leave at their next
//   poll or branch, where the dispatcher finds them dead.
// - Whether an address has a copy is told by its slot, to all threads, and by entries in
//   the threads' tables, which are cleared when the copy dies.
//===----------------------------------------------------------------------===//
#ifndef DBT_COPY_COPYTIER_H
#define DBT_COPY_COPYTIER_H

#include "Copy/Unit.h"
#include "Guest/CopyTable.h"
#include "Interp/BlockCache.h"
#include "Support/AddressMap.h"

#include <memory>
#include <mutex>
#include <span>
#include <ucontext.h>
#include <unordered_map>
#include <unordered_set>

namespace dbt {

struct CopyOptions {
  bool countInsns = false; ///< in CpuState::copiedInsns
  /// Polls between two samples of a thread, at first.
  int32_t period = 1024;
  /// Whether the compiler has the code at an address already: then it is not copied.
  std::function<bool(uint64_t pc)> isCompiled;
};

struct CopyStats {
  uint64_t units = 0, guestInsns = 0, hostBytes = 0;
};

class CopyTier {
public:
  /// Null: this host cannot, or there is no memory.
  static std::unique_ptr<CopyTier> create(BlockCache &blocks, CopyOptions options);
  ~CopyTier();

  /// \name A thread's table.
  /// @{
  bool openThread(CpuState &s);
  void closeThread(CpuState &s);
  /// @}

  /// The copy at \p pc, or null.
  const void *find(uint64_t pc);
  /// Makes a copy of the code around \p pc; null if the block there cannot be copied, or
  /// there is no more memory.
  const void *copy(uint64_t pc);
  /// Whether copy() could make one, if nothing were in its way.
  bool canCopy(uint64_t pc);
  /// Copies the code around \p pc anew, with all blocks that have run by now in one unit.
  void reform(uint64_t pc);
  /// Runs copies from \p code on, with CpuState's registers, until they leave. The guest's
  /// MXCSR is in the host's register.
  void enter(CpuState &s, const void *code);
  /// A poll for a branch to \p target has found the budget used up: how many polls there
  /// have been for it, about, since it was cooled. What is sampled often is sampled less
  /// often then: to leave and to come back takes a microsecond.
  uint64_t sample(CpuState &s, uint64_t target);
  /// Whether the code at \p pc computes in floating point more than that it calls: then
  /// compiled code, where each operation must keep its place among MXCSR's, is no better.
  bool isNumeric(uint64_t pc);
  /// Guest instructions, about, that copies ran at \p pc since it was cooled.
  uint64_t heat(uint64_t pc);
  void cool(uint64_t pc);

  /// Unlinks what has code in [start, start + size).
  bool invalidate(uint64_t start, uint64_t size);
  /// Unlinks what has a block at \p pc, for which there is compiled code now.
  void retire(uint64_t pc);

  /// Whether a host address lies in copies.
  bool owns(const void *hostPc) const { return arenaOf(hostPc) != nullptr; }
  /// The guest's registers, all of them, where a copy was interrupted at one of its
  /// instructions, into \p s.
  void recover(const ucontext_t &context, CpuState &s);

  std::mutex &mutex() { return lock; }
  CopyStats stats();

private:
  struct Arena;

  CopyTier(BlockCache &blocks, CopyOptions options);
  const void *findLocked(uint64_t pc) const;
  std::vector<const Block *> plan(Block *first, bool again);
  Block *candidate(uint64_t pc, bool again);
  const void *copyLocked(uint64_t pc, bool again);
  Arena *arenaFor(uint64_t pc);
  Arena *arenaOf(const void *hostPc) const;
  CopySlot *slot(Arena &arena, uint64_t pc);
  void setSlots(uint64_t pc, const void *code);
  void publish(CopyUnit *unit);
  void unlink(CopyUnit *unit);

  BlockCache &blocks;
  const CopyOptions options;
  std::mutex lock;
  /// Added to only; which there are is read without the lock.
  static constexpr unsigned MaxArenas = 4;
  std::unique_ptr<Arena> arenas[MaxArenas];
  std::atomic<unsigned> numArenas{0};
  CopyTable *empty = nullptr;
  std::vector<CopyTable *> tables; ///< of all threads
  AddressMap<const uint8_t *> entries;
  std::unordered_map<uint64_t, std::vector<CopyUnit *>> byPage;
  std::unordered_map<uint64_t, uint64_t> polls; ///< by branch target
  CopyStats counts;
};

} // namespace dbt

#endif
