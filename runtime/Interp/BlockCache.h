//===- BlockCache.h - The process's decoded blocks --------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Finds blocks by pc, builds missing ones, and kills those whose code changes.
// All members but the constructor take the cache's lock themselves; the handler
// chains never do: they follow links and per-thread tables.
//
// A dead block keeps its memory until collect(), which the caller may use only
// while no thread is inside the interpreter.
//===----------------------------------------------------------------------===//
#ifndef DBT_INTERP_BLOCKCACHE_H
#define DBT_INTERP_BLOCKCACHE_H

#include "Decode/Decoder.h"
#include "Interp/Block.h"
#include "Support/AddressMap.h"

#include <map>
#include <mutex>
#include <vector>

namespace dbt {

/// What the cache must know of guest memory before it decodes: supplied by the
/// owner of the address space.
struct CodeSource {
  /// Bytes that may be executed from pc on; 0 if pc itself may not.
  virtual uint64_t executableBytes(uint64_t pc) = 0;
  /// Called once before the first block of a page is decoded: write-protects it
  /// if the guest could write it. Says how the page's blocks must be built.
  enum class PageKind { Stable, Writable, Volatile };
  virtual PageKind track(uint64_t page) = 0;

protected:
  ~CodeSource() = default;
};

class BlockCache {
public:
  BlockCache(CodeSource &source, int64_t budget) : source(source), budget(budget) {}

  /// The block at \p pc, decoded if need be; null if the address is not executable.
  Block *get(uint64_t pc);
  /// The block at \p pc if there is one.
  Block *find(uint64_t pc);
  /// Kills the blocks that have bytes in [start, start + size). Says whether any did.
  bool invalidate(uint64_t start, uint64_t size);
  /// The block at \p pc, if there is one, leaves for its compiled region from now
  /// on; or, with \p compiled false, counts its runs anew.
  void setCompiled(uint64_t pc, bool compiled);
  /// Guest instructions that the block at \p pc has run since its budget was used up.
  uint64_t heat(uint64_t pc);
  /// Where the indirect call or jump at the end of the block at \p pc has gone to.
  SeenTargets targets(uint64_t pc);
  /// Gives the block at \p pc a budget of \p runs; with \p once only the first time.
  /// Says whether it has.
  bool countAnew(uint64_t pc, int64_t runs, bool once);
  /// Kills one block.
  void kill(Block *block);
  /// Whether there are so many dead blocks that collect() is worth it. For a process with
  /// one thread, which asks.
  bool hasGarbage() const { return !dying.empty() || graveyard.size() >= GraveyardLimit; }
  /// One of many short steps to free dead blocks. No thread may be in the interpreter; the
  /// caller clears its threads' branch tables.
  void collect();

  /// A block's address and the guest instructions interpreted in it.
  struct Run {
    uint64_t pc, insns;
  };
  /// The \p n living blocks with the most instructions run.
  std::vector<Run> mostRun(size_t n);

  std::mutex &mutex() { return lock; }
  size_t size() const { return blocks.size(); }

private:
  static constexpr size_t GraveyardLimit = 4096;

  Block *findLocked(uint64_t pc);
  Block *build(uint64_t pc);
  void bury(Block *block);

  CodeSource &source;
  const int64_t budget;
  std::mutex lock;
  Decoder decoder;
  AddressMap<std::unique_ptr<Block>> blocks;
  std::map<uint64_t, std::vector<Block *>> byPage; ///< page number → blocks with bytes in it
  std::vector<std::unique_ptr<Block>> graveyard;
  std::vector<std::unique_ptr<Block>> dying; ///< of the dead those to be freed now
  uint64_t swept = 0; ///< in pages below this one no link leads to one of them any more
};

} // namespace dbt

#endif
