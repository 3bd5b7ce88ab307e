//===- BlockBuilder.cpp - From guest bytes to a block ---------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Interp/BlockBuilder.h"
#include "Interp/Interp.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace dbt {

namespace {

constexpr unsigned MaxBlockInsns = 64;
constexpr uint64_t PageSize = 4096;

/// Whether a plain load or register operation, so surely no store. What is not
/// is only treated as if it could store.
bool cannotStore(const Insn &insn) {
  return insn.numOps >= 2 && insn.kind[0] == OpKind::Reg &&
         (insn.kind[1] != OpKind::Mem || insn.numOps == 2) && !insn.has(prefix::Lock) &&
         Decoder::mnemonicName(insn.mnemonic) != "xchg";
}

bool isPlainGpr(const Insn &insn, int i) { return isGpr(insn.reg[i]); }

/// Which specialised handlers know a width of \p bytes: -1, none.
int hotWidth(unsigned bytes) { return bytes == 1 ? 0 : bytes == 4 ? 1 : bytes == 8 ? 2 : -1; }

/// The specialised handler of a hot row, or null.
Handler hotHandler(const InterpEntry &row, const Insn &insn) {
  if (!row.hot || insn.numOps != (row.hotUnary ? 1 : 2) || insn.has(prefix::Lock))
    return nullptr;
  OpKind k0 = insn.kind[0], k1 = insn.kind[1];
  if ((k0 == OpKind::Reg && !isPlainGpr(insn, 0)) || (k1 == OpKind::Reg && !isPlainGpr(insn, 1)))
    return nullptr;
  if (insn.memOperand() >= 0 && (insn.segment != Reg::None || insn.addrSize != 8))
    return nullptr;
  auto at = [&](auto shape, unsigned numWidths, unsigned width) {
    return row.hot[static_cast<unsigned>(shape) * numWidths + width];
  };
  if (row.info.widthFrom == WidthFrom::Op0Op1) {
    if (k0 != OpKind::Reg || insn.size[0] < 4 || insn.size[1] > 4)
      return nullptr;
    return at(k1 == OpKind::Reg ? HotExtendShape::RegReg : HotExtendShape::RegMem, NumHotExtendWidths,
              (insn.size[0] == 8 ? 3 : 0) + static_cast<unsigned>(std::countr_zero(insn.size[1])));
  }
  int width = hotWidth(insn.size[row.info.widthFrom == WidthFrom::Op1]);
  if (width < 0)
    return nullptr;
  auto w = static_cast<unsigned>(width);
  if (row.hotUnary) {
    if (k0 == OpKind::Imm)
      return nullptr;
    return at(k0 == OpKind::Reg ? HotUnaryShape::Reg : HotUnaryShape::Mem, NumHotWidths, w);
  }
  if (k0 == OpKind::Reg)
    return at(k1 == OpKind::Reg   ? HotShape::RegReg
              : k1 == OpKind::Imm ? HotShape::RegImm
                                  : HotShape::RegMem,
              NumHotWidths, w);
  if (k0 == OpKind::Mem && k1 != OpKind::Mem)
    return at(k1 == OpKind::Reg ? HotShape::MemReg : HotShape::MemImm, NumHotWidths, w);
  return nullptr;
}

Handler handlerFor(const Insn &insn) {
  bool isOff = false;
  const InterpEntry *row = interpRows().find(insn, &isOff);
  if (!row)
    return isOff ? &interp::undefined : &interp::unimplemented;
  if (Handler hot = hotHandler(*row, insn))
    return hot;
  Handler handler = row->byWidth[widthIndex(row->info.widthFrom, insn)];
  return handler ? handler : &interp::unimplemented;
}

/// The guest's bytes from \p pc on, read once: another thread may change them meanwhile.
class Snapshot {
public:
  Snapshot(uint64_t pc, uint64_t available) : pc(pc), available(std::min<uint64_t>(available, sizeof bytes)) {}

  /// As many of the bytes at \p offset as there are up to \p end, or as an instruction can have.
  uint64_t read(uint64_t offset, uint64_t end) {
    const uint64_t wanted = std::min({available, offset + MaxInsnBytes, end});
    if (wanted > size) {
      // In large steps, but not over what has not been asked for.
      const uint64_t ahead = std::min({available, wanted + ReadAhead, end});
      std::memcpy(bytes + size, reinterpret_cast<const void *>(pc + size), ahead - size);
      size = ahead;
    }
    return wanted > offset ? wanted - offset : 0;
  }
  const uint8_t *at(uint64_t offset) const { return bytes + offset; }

private:
  static constexpr uint64_t MaxInsnBytes = 15, ReadAhead = 48;

  const uint64_t pc, available;
  uint64_t size = 0;
  uint8_t bytes[MaxBlockInsns * MaxInsnBytes + MaxInsnBytes];
};

} // namespace

std::unique_ptr<Block> buildBlock(Decoder &decoder, uint64_t pc, uint64_t available, PageKind kind,
                                  const std::function<PageKind(uint64_t)> &reaches, int64_t budget) {
  Insn insns[MaxBlockInsns];
  unsigned count = 0;
  bool ended = false, bad = false;
  uint64_t at = 0; // from pc
  const uint64_t pageEnd = (pc | (PageSize - 1)) + 1 - pc;
  Snapshot code(pc, available);
  while (!ended && count < MaxBlockInsns && at < pageEnd) {
    Insn &insn = insns[count];
    uint64_t size = code.read(at, pageEnd);
    bool decoded = size != 0 && decoder.decode(code.at(at), size, pc + at, insn);
    if (!decoded && at + size == pageEnd && available > pageEnd) {
      const PageKind next = std::max(kind, reaches((pc + pageEnd) / PageSize));
      if (next != kind && count)
        break; // a store before it may change it: it gets a block of its own
      kind = next;
      size = code.read(at, ~uint64_t(0));
      decoded = decoder.decode(code.at(at), size, pc + at, insn);
    }
    if (!decoded) {
      // Not an instruction: that is #UD only if control gets there.
      bad = count == 0;
      break;
    }
    ++count;
    at += insn.length;
    ended = insn.flow != Flow::Next || (kind != PageKind::Stable && !cannotStore(insn));
  }

  const auto bytes = static_cast<uint32_t>(bad ? 1 : at);
  std::unique_ptr<Block> block = Block::create(pc, bytes, count, (bad ? 1 : count) + 2, budget);
  block->kind = kind;
  if (bad)
    count = 1;
  std::memcpy(block->copy, code.at(0), block->bytes);
  auto marker = [&](unsigned i, Handler fn) {
    block->ops[i].fn.store(fn, std::memory_order_relaxed);
    block->ops[i].insn = {};
    block->ops[i].insn.pc = pc;
    block->ops[i].insn.disp = reinterpret_cast<int64_t>(block.get());
  };
  marker(0, interp::headFor(*block));
  if (bad)
    marker(1, &interp::undefined);
  else
    for (unsigned i = 0; i < count; ++i) {
      block->ops[i + 1].insn = insns[i];
      block->ops[i + 1].fn.store(handlerFor(insns[i]), std::memory_order_relaxed);
    }
  marker(count + 1, &interp::tail);
  return block;
}

} // namespace dbt
