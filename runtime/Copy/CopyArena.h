//===- CopyArena.h - Host memory for copied code ----------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// An arena holds slots, their stubs, and code within 2 GB of each other. Code lies in chunks: a
// chunk is filled from its beginning, and is free again when all that was put there has been
// freed. Where no chunk is free, the units of one are to go: the oldest.
//===----------------------------------------------------------------------===//
#ifndef DBT_COPY_COPYARENA_H
#define DBT_COPY_COPYARENA_H

#include "Copy/Unit.h"
#include "Copy/x86_64/Stubs.h"
#include "Guest/CodeSlot.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace dbt {

class CopyArena {
public:
  /// At \p address if that is free, or anywhere for 0; null: there is no memory.
  static std::unique_ptr<CopyArena> create(uint64_t address);
  ~CopyArena();
  CopyArena(const CopyArena &) = delete;

  /// Where a unit of so much hot and cold code can be written; false: nowhere, until units have
  /// gone.
  struct Room {
    copy::Assembler out, cold;
    unsigned chunk;
  };
  bool room(size_t bytes, size_t coldBytes, Room &room);
  /// What has been written is a unit's.
  void keep(CopyUnit &unit, const Room &written);
  void free(const CopyUnit &unit);
  /// Units in the chunk that was filled first, to be killed.
  std::vector<CopyUnit *> oldest() const;

  /// A slot that goes to a stub for \p pc; null: there is no more memory for slots.
  CodeSlot *makeSlot(uint64_t pc);
  bool hasSlots(size_t n) const { return n <= static_cast<size_t>(slotsEnd - nextSlot); }

  /// Whether all of it can address data around \p pc relative to RIP.
  bool isNear(uint64_t pc) const;
  bool owns(const void *hostPc) const {
    return static_cast<size_t>(static_cast<const uint8_t *>(hostPc) - codeBegin()) < Bytes - SlotBytes - StubBytes;
  }
  /// The unit whose code a host address lies in, or null: it is a stub's.
  CopyUnit *unitAt(const uint8_t *hostPc) const;
  const copy::Stubs &stubs() const { return commonStubs; }

private:
  explicit CopyArena(void *memory);

  static constexpr size_t Bytes = size_t(128) << 20;
  /// Slots are data that is written often, so no code that is run often is near them.
  static constexpr size_t SlotBytes = size_t(8) << 20, StubBytes = size_t(8) << 20;
  static constexpr size_t ChunkBytes = size_t(256) << 10, ColdBytes = ChunkBytes / 5;
  static constexpr unsigned NumChunks = (Bytes - SlotBytes - StubBytes) / ChunkBytes;

  uint8_t *codeBegin() const { return base + SlotBytes + StubBytes; }
  uint8_t *chunkAt(unsigned i) const { return codeBegin() + i * ChunkBytes; }

  struct Chunk {
    unsigned units = 0;
    uint64_t filledAt = 0; ///< in the order in which chunks were begun; 0: never
  };

  uint8_t *const base;
  CodeSlot *nextSlot, *const slotsEnd;
  copy::Assembler nextStub;
  copy::Stubs commonStubs;
  std::vector<Chunk> chunks;
  unsigned current = 0; ///< the chunk that is being filled
  uint64_t numFilled = 0;
  copy::Assembler out, cold; ///< behind what the current chunk has
  std::map<const uint8_t *, CopyUnit *> units; ///< by where their code begins
};

} // namespace dbt

#endif
