//===- Interp.cpp - The block interpreter ---------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Interp/Interp.h"
#include "Interp/BranchTable.h"

#include "Support/Log.h"

#include <cinttypes>
#include <cstdio>
#include <cstring>

namespace dbt {

#define FAMILY(name) extern const FamilyTable<InterpEntry> family##name##Interp;
#include "Semantics/Families.def"
#undef FAMILY

const RowTable<InterpEntry> &interpRows() {
  static const FamilyTable<InterpEntry> *const Families[] = {
#define FAMILY(name) &family##name##Interp,
#include "Semantics/Families.def"
#undef FAMILY
  };
  static const RowTable<InterpEntry> table(Families);
  return table;
}

ExitReason interpret(CpuState &s, const Block &block) {
  const IOp *head = block.head();
  head->fn.load(std::memory_order_relaxed)(&s, head);
  return static_cast<ExitReason>(s.exitReason);
}

ExitReason interpretBody(CpuState &s, const Block &block) {
  const IOp *first = block.head() + 1;
  s.interpretedInsns += block.numInsns;
  first->fn.load(std::memory_order_relaxed)(&s, first);
  return static_cast<ExitReason>(s.exitReason);
}

namespace {
__attribute__((noinline)) void logBlock(const Block &block) {
  char line[64];
  int n = std::snprintf(line, sizeof line, "exec: %" PRIx64 " %u\n", block.pc, block.numInsns);
  processLog().write({line, static_cast<size_t>(n)});
}

void leave(CpuState *s, ExitReason reason, const IOp *op = nullptr) {
  s->exitReason = static_cast<uint32_t>(reason);
  s->exitOp = op;
}
} // namespace

__attribute__((preserve_none)) void interpLookup(CpuState *s, const IOp *tail) {
  leave(s, ExitReason::Lookup, tail);
}

__attribute__((preserve_none)) void interpIndirect(CpuState *s, const IOp *tail) {
  for (std::atomic<uint64_t> &target : blockOf(tail)->targets) {
    const uint64_t known = target.load(std::memory_order_relaxed);
    if (known == s->rip)
      break;
    if (known)
      continue;
    target.store(s->rip, std::memory_order_relaxed);
    break;
  }
  if (Block *to = static_cast<BranchTable *>(s->branchTable)->find(s->rip))
    DBT_GO(s, to->head());
  leave(s, ExitReason::Lookup);
}

__attribute__((preserve_none)) void interpSyscall(CpuState *s, const IOp *) {
  leave(s, ExitReason::Syscall);
}

namespace interp {

__attribute__((preserve_none)) void head(CpuState *s, const IOp *op) {
  Block *block = blockOf(op);
  if (__builtin_expect(__atomic_load_n(&s->pending, __ATOMIC_RELAXED) != 0, 0)) {
    s->rip = block->pc;
    return leave(s, ExitReason::Pending);
  }
  s->interpretedInsns += block->numInsns;
  if (__builtin_expect(--block->budget == 0, 0)) {
    s->interpretedInsns -= block->numInsns;
    s->rip = block->pc;
    return leave(s, ExitReason::Hot);
  }
  DBT_GO(s, op + 1);
}

Handler headFor(const Block &block) {
  if (block.isVolatile())
    return &volatileHead;
  return processLog().wants(log::Exec, block.pc) ? &loggedHead : &head;
}

__attribute__((preserve_none)) void loggedHead(CpuState *s, const IOp *op) {
  logBlock(*blockOf(op));
  [[clang::musttail]] return head(s, op);
}

__attribute__((preserve_none)) void volatileHead(CpuState *s, const IOp *op) {
  Block *block = blockOf(op);
  s->rip = block->pc;
  if (__atomic_load_n(&s->pending, __ATOMIC_RELAXED) != 0)
    return leave(s, ExitReason::Pending);
  // The page may have been unmapped: a fault here is the guest's, at the block's pc.
  s->currentInsn = op + 1;
  if (!block->isUnchanged())
    return leave(s, ExitReason::Dead);
  // Now and then the dispatcher looks whether the page has come to rest.
  if (__builtin_expect(--block->budget == 0, 0))
    return leave(s, ExitReason::Hot);
  s->interpretedInsns += block->numInsns;
  DBT_GO(s, op + 1);
}

__attribute__((preserve_none)) void deadHead(CpuState *s, const IOp *op) {
  s->rip = blockOf(op)->pc;
  leave(s, ExitReason::Dead);
}

__attribute__((preserve_none)) void compiledHead(CpuState *s, const IOp *op) {
  s->rip = blockOf(op)->pc;
  leave(s, ExitReason::Compiled);
}

__attribute__((preserve_none)) void tail(CpuState *s, const IOp *op) {
  Block *block = blockOf(op);
  s->rip = block->end();
  Block *to = block->link[0].to.load(std::memory_order_acquire);
  if (__builtin_expect(to != nullptr, 1))
    DBT_GO(s, to->head());
  leave(s, ExitReason::Lookup, op);
}

__attribute__((preserve_none)) void unimplemented(CpuState *s, const IOp *op) {
  interpRaise(s, op, Trap::Unimplemented);
}

__attribute__((preserve_none)) void undefined(CpuState *s, const IOp *op) {
  interpRaise(s, op, Trap::UD);
}

} // namespace interp
} // namespace dbt
