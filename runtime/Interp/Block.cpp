//===- Block.cpp - Decoded blocks: what changes in them -------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Interp/Block.h"

#include "Interp/Interp.h"

namespace dbt {

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
