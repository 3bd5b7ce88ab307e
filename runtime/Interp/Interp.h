//===- Interp.h - The block interpreter -------------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_INTERP_INTERP_H
#define DBT_INTERP_INTERP_H

#include "Interp/Block.h"
#include "Guest/ExitReason.h"
#include "Interp/Handler.h"
#include "Semantics/RowTable.h"

namespace dbt {

/// Runs from the head of \p block until something needs the dispatcher, which
/// CpuState::exitReason tells. Traps and host faults leave by the recovery point of
/// the calling thread (ThreadContext) instead.
ExitReason interpret(CpuState &s, const Block &block);

/// The same without looking at the head: the block's region, if it has one, needs
/// the interpreter for its first instruction.
ExitReason interpretBody(CpuState &s, const Block &block);

/// The rows as the interpreter has them. Lookups are not thread-safe: they
/// belong to whoever holds the code lock.
const RowTable<InterpEntry> &interpRows();

/// Handlers of the ops that are no guest instructions.
namespace interp {
/// The head of a live block that has no compiled region.
Handler headFor(const Block &block);
__attribute__((preserve_none)) void head(CpuState *s, const IOp *op);
/// The head of a block that -d exec wants to hear of.
__attribute__((preserve_none)) void loggedHead(CpuState *s, const IOp *op);
__attribute__((preserve_none)) void volatileHead(CpuState *s, const IOp *op);
__attribute__((preserve_none)) void deadHead(CpuState *s, const IOp *op);
/// The head of a block that has a compiled region.
__attribute__((preserve_none)) void compiledHead(CpuState *s, const IOp *op);
/// Behind the last instruction: on to the next block.
__attribute__((preserve_none)) void tail(CpuState *s, const IOp *op);
/// An instruction without a row, or bytes that are none.
__attribute__((preserve_none)) void unimplemented(CpuState *s, const IOp *op);
__attribute__((preserve_none)) void undefined(CpuState *s, const IOp *op);
} // namespace interp

} // namespace dbt

#endif
