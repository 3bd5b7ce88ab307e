//===- Block.cpp - Decoded blocks: what changes in them -------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Interp/Block.h"

#include "Interp/Interp.h"

#include <new>
#include <type_traits>

namespace dbt {

std::unique_ptr<Block> Block::create(uint64_t pc, uint32_t bytes, uint32_t numInsns, unsigned numOps, int64_t budget) {
  static_assert(std::is_trivially_destructible_v<IOp> && sizeof(Block) % alignof(IOp) == 0);
  auto *memory = static_cast<std::byte *>(::operator new(sizeof(Block) + numOps * sizeof(IOp) + bytes));
  std::unique_ptr<Block> block(new (memory) Block(pc, bytes, numInsns, budget));
  block->ops = new (memory + sizeof(Block)) IOp[numOps];
  block->copy = reinterpret_cast<uint8_t *>(block->ops + numOps);
  return block;
}

void Block::cut(Link &link) {
  if (!link.to.load(std::memory_order_relaxed))
    return;
  link.to.store(nullptr, std::memory_order_relaxed);
  *link.place = link.next;
  if (link.next)
    link.next->place = link.place;
}

void Block::connect(const CodeLock &, unsigned which, Block &to) {
  if (state == State::Dead || to.state == State::Dead)
    return;
  Link &l = link[which];
  cut(l);
  l.next = to.incoming;
  l.place = &to.incoming;
  if (l.next)
    l.next->place = &l.next;
  to.incoming = &l;
  l.to.store(&to, std::memory_order_release);
}

void Block::update(bool found, bool isSuperseded) {
  if (superseded != isSuperseded)
    grantRuns(grant);
  superseded = isSuperseded;
  Handler handler = !found                       ? &interp::deadHead
                    : superseded && !isVolatile() ? &interp::compiledHead
                                                  : interp::headFor(*this);
  ops[0].fn.store(handler, std::memory_order_release);
}

void Block::died() {
  for (Link &l : link)
    cut(l);
  while (incoming)
    cut(*incoming);
}

} // namespace dbt
