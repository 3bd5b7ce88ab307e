//===- Block.h - Decoded blocks and their ops -------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A block is an array of ops: a head op that counts and looks at the thread's
// pending word, one op per guest instruction, and a tail op. Ops are chained by
// musttail calls; nothing returns to a loop.
//
// Invariants:
// - A block is immutable once published, but for its head's handler (which says whether the
//   block is live, and whether a better tier has its code), its budget and its links.
// - Links lead to blocks that are not dead: a dying block clears those that lead to it. A block
//   that is only suspended keeps them; its head leaves to the dispatcher.
//===----------------------------------------------------------------------===//
#ifndef DBT_INTERP_BLOCK_H
#define DBT_INTERP_BLOCK_H

#include "Code/CodeLock.h"
#include "Code/CodeObject.h"
#include "Decode/Insn.h"
#include "Guest/CpuState.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

namespace dbt {

struct IOp;

/// An op's code. preserve_none leaves nearly all host registers free, so that
/// a handler saves and restores nothing (measured: half of the dispatch cost).
using Handler = __attribute__((preserve_none)) void (*)(CpuState *, const IOp *);

/// The instruction is first: CpuState::currentInsn then costs a handler one store.
struct IOp {
  Insn insn;
  std::atomic<Handler> fn;
};

/// Where an indirect call or jump has gone to first; 0: nowhere else yet.
using SeenTargets = std::array<uint64_t, 3>;

struct Block final : CodeObject {
  /// A successor, and the list of those that lead to the same block.
  struct Link {
    std::atomic<Block *> to{nullptr}; ///< handlers read it without the code lock
    Link *next = nullptr, **place = nullptr;
  };

  /// One with room for its ops and bytes, which lie behind it in the same memory.
  static std::unique_ptr<Block> create(uint64_t pc, uint32_t bytes, uint32_t numInsns, unsigned numOps, int64_t budget);
  ~Block() override = default;
  static void operator delete(void *block) { ::operator delete(block); }

  const uint64_t pc;
  const uint32_t bytes; ///< guest code bytes
  const uint32_t numInsns;
  uint64_t end() const { return pc + bytes; }
  /// Runs left until the block is reported as hot. Counted without atomics: a
  /// lost count between threads is only a delay.
  int64_t budget;
  int64_t granted;    ///< all budget that it has been given
  const int64_t grant; ///< what it is given when it begins to be interpreted
  bool again = false; ///< has been given more for lying inside a region
  bool superseded = false;
  /// In a page that the guest can write: behind every instruction that may have changed
  /// code the next one is looked up anew.
  bool endsAtStores() const { return kind != PageKind::Stable; }
  /// Compares its bytes at every entry.
  bool isVolatile() const { return kind == PageKind::Volatile; }
  /// [0] the fall-through, [1] the branch target.
  Link link[2];
  Link *incoming = nullptr;
  /// SeenTargets of its end. Racing writers may lose one.
  std::array<std::atomic<uint64_t>, 3> targets = {};
  IOp *ops = nullptr;      ///< head, instructions, tail
  uint8_t *copy = nullptr; ///< the bytes that were decoded

  const IOp *head() const { return &ops[0]; }
  const uint8_t *bytesOf(const Insn &insn) const { return copy + (insn.pc - pc); }
  bool isUnchanged() const { return std::memcmp(copy, reinterpret_cast<const void *>(pc), bytes) == 0; }
  /// Gives it a budget of \p runs.
  void grantRuns(int64_t runs) {
    granted += runs - budget;
    budget = runs;
  }
  /// From now on control that leaves by link[\p which] goes on to \p to, without the dispatcher.
  void connect(const CodeLock &, unsigned which, Block &to);

  std::span<const Entry> entries() const override { return {&entry, 1}; }
  std::span<const GuestSpan> spans() const override { return {&span, 1}; }
  const uint8_t *guestBytes() const override { return copy; }
  bool checksItself() const override { return isVolatile(); }
  void update(bool found, bool isSuperseded) override;
  void died() override;

private:
  Block(uint64_t pc, uint32_t bytes, uint32_t numInsns, int64_t budget)
      : CodeObject(TierId::Interp), pc(pc), bytes(bytes), numInsns(numInsns), budget(budget), granted(budget), grant(budget) {}
  static void cut(Link &link);

  const Entry entry = {pc, this};
  const GuestSpan span = {pc, bytes};
};

/// The block of a head or instruction op: tail and head ops carry it in insn.disp.
inline Block *blockOf(const IOp *marker) { return reinterpret_cast<Block *>(marker->insn.disp); }

} // namespace dbt

#endif
