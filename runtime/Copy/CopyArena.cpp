//===- CopyArena.cpp - Host memory for copied code ------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Copy/CopyArena.h"

#include <new>
#include <sys/mman.h>

namespace dbt {

std::unique_ptr<CopyArena> CopyArena::create(uint64_t address) {
  void *memory = mmap(reinterpret_cast<void *>(address), Bytes, PROT_READ | PROT_WRITE | PROT_EXEC,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | (address ? MAP_FIXED_NOREPLACE : 0), -1, 0);
  return memory == MAP_FAILED ? nullptr : std::unique_ptr<CopyArena>(new CopyArena(memory));
}

CopyArena::CopyArena(void *memory)
    : base(static_cast<uint8_t *>(memory)), nextSlot(static_cast<CodeSlot *>(memory)),
      slotsEnd(nextSlot + SlotBytes / sizeof(CodeSlot)), nextStub(base + SlotBytes), chunks(NumChunks), out(codeBegin()), cold(codeBegin()) {
  // The common stubs open the first chunk, which so is never free.
  commonStubs = copy::emitStubs(out);
  cold = copy::Assembler(chunkAt(0) + ChunkBytes - ColdBytes);
  chunks[0] = {1, ++numFilled};
}

CopyArena::~CopyArena() { munmap(base, Bytes); }

bool CopyArena::room(size_t bytes, size_t coldBytes, Room &room) {
  auto fits = [&] {
    uint8_t *const hotEnd = chunkAt(current) + ChunkBytes - ColdBytes;
    return bytes <= static_cast<size_t>(hotEnd - out.here()) && coldBytes <= static_cast<size_t>(hotEnd + ColdBytes - cold.here());
  };
  if (bytes > ChunkBytes - ColdBytes || coldBytes > ColdBytes)
    return false;
  if (!fits()) {
    unsigned next = 0;
    while (next < NumChunks && (next == current || chunks[next].units))
      ++next;
    if (next == NumChunks)
      return false;
    current = next;
    out = copy::Assembler(chunkAt(current));
    cold = copy::Assembler(chunkAt(current) + ChunkBytes - ColdBytes);
    chunks[current].filledAt = ++numFilled;
    if (!fits())
      return false;
  }
  room = {out, cold, current};
  return true;
}

void CopyArena::keep(CopyUnit &unit, const Room &written) {
  out = written.out;
  cold = written.cold;
  unit.chunk = written.chunk;
  ++chunks[written.chunk].units;
  units[unit.code] = &unit;
}

void CopyArena::free(const CopyUnit &unit) {
  units.erase(unit.code);
  --chunks[unit.chunk].units;
}

std::vector<CopyUnit *> CopyArena::oldest() const {
  unsigned first = NumChunks;
  for (unsigned i = 1; i < NumChunks; ++i)
    if (i != current && chunks[i].units && (first == NumChunks || chunks[i].filledAt < chunks[first].filledAt))
      first = i;
  std::vector<CopyUnit *> result;
  if (first == NumChunks)
    return result;
  for (auto it = units.lower_bound(chunkAt(first)); it != units.end() && it->first < chunkAt(first) + ChunkBytes; ++it)
    result.push_back(it->second);
  return result;
}

CodeSlot *CopyArena::makeSlot(uint64_t pc) {
  if (nextSlot == slotsEnd || nextStub.here() + copy::MaxSlotStubBytes > codeBegin())
    return nullptr;
  auto *slot = new (nextSlot++) CodeSlot{nextStub.here(), nextStub.here()};
  copy::emitSlotStub(nextStub, commonStubs, pc);
  return slot;
}

bool CopyArena::isNear(uint64_t pc) const {
  constexpr int64_t Reach = int64_t(15) << 27; // leaves an image some space
  const int64_t distance = static_cast<int64_t>(pc) - reinterpret_cast<int64_t>(base);
  return distance < Reach && distance > -Reach;
}

CopyUnit *CopyArena::unitAt(const uint8_t *hostPc) const {
  auto next = units.upper_bound(hostPc);
  if (next == units.begin())
    return nullptr;
  CopyUnit *unit = std::prev(next)->second;
  return hostPc < unit->code + unit->bytes ? unit : nullptr;
}

} // namespace dbt
