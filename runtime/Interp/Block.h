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
// - A block is immutable once published, but for its head's handler (replaced
//   when the block dies) and its links (set once, to blocks; a dead block's
//   head leaves to the dispatcher, so a stale link is harmless).
// - Blocks are freed only when no thread can be in them (BlockCache).
//===----------------------------------------------------------------------===//
#ifndef DBT_INTERP_BLOCK_H
#define DBT_INTERP_BLOCK_H

#include "Decode/Insn.h"
#include "Guest/CpuState.h"

#include <array>
#include <atomic>
#include <cstdint>
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

struct Block {
  uint64_t pc;
  uint32_t bytes;    ///< guest code bytes
  uint32_t numInsns;
  uint64_t end() const { return pc + bytes; }
  /// Runs left until the block is reported as hot. Counted without atomics: a
  /// lost count between threads is only a delay.
  int64_t budget;
  int64_t granted;   ///< all budget that it has been given
  bool again = false; ///< has been given more for lying inside a region
  /// In a page that the guest can write: behind every instruction that may have changed
  /// code the next one is looked up anew.
  bool endsAtStores = false;
  bool isVolatile;   ///< compares its bytes at every entry
  std::atomic<bool> dead{false};
  /// Successors: [0] the fall-through, [1] the branch target. Guarded by nothing:
  /// racing writers store the same block.
  std::atomic<Block *> link[2] = {nullptr, nullptr};
  /// SeenTargets of its end. Racing writers may lose one.
  std::array<std::atomic<uint64_t>, 3> targets = {};
  std::unique_ptr<uint8_t[]> copy; ///< the bytes, of a volatile block
  /// Head, instructions, tail.
  std::unique_ptr<IOp[]> ops;

  const IOp *head() const { return &ops[0]; }
};

/// The block of a head or instruction op: tail and head ops carry it in insn.disp.
inline Block *blockOf(const IOp *marker) { return reinterpret_cast<Block *>(marker->insn.disp); }

} // namespace dbt

#endif
