//===- CodePlace.h - The code that a guest address has ----------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_CODE_CODEPLACE_H
#define DBT_CODE_CODEPLACE_H

#include "Code/CodeObject.h"
#include "Guest/CodeSlot.h"

#include <atomic>

namespace dbt {

/// One for each guest address at which code is, was or is looked for; lives as long as the
/// process, as the interpreter's branch tables name it.
struct CodePlace {
  /// What a tier has here. The object may be suspended. Written with the code lock held; the
  /// interpreter reads its tier's code without, and finds out at a block's head whether that is live.
  struct {
    CodeObject *object = nullptr;
    std::atomic<const void *> code{nullptr};
  } at[NumTiers];
  CodeSlot *slots = nullptr; ///< of all tiers

  /// One of a tier's slots here, or null.
  CodeSlot *slot(TierId tier) const {
    CodeSlot *slot = slots;
    while (slot && slot->tier != number(tier))
      slot = slot->next;
    return slot;
  }
  const CodeObject *live(TierId tier) const {
    const CodeObject *object = at[number(tier)].object;
    return object && object->state == CodeObject::State::Live ? object : nullptr;
  }
};

} // namespace dbt

#endif
