//===- Epochs.cpp - When dead code can be freed ---------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Code/Epochs.h"

#include <algorithm>

namespace dbt {

Epochs::~Epochs() {
  while (CodeObject *object = oldest) {
    oldest = object->nextRetired;
    delete object;
  }
}

void Epochs::retire(const CodeLock &, CodeObject *object) {
  object->retired = epoch.fetch_add(1, std::memory_order_seq_cst) + 1;
  (newest ? newest->nextRetired : oldest) = object;
  newest = object;
  ++waiting;
}

void Epochs::collect(const CodeLock &, const std::vector<CpuState *> &threads) {
  constexpr unsigned AtOnce = 64; // the guest waits for this
  if (!oldest)
    return;
  uint64_t noted = Idle;
  for (const CpuState *s : threads)
    noted = std::min(noted, __atomic_load_n(&s->codeEpoch, __ATOMIC_SEQ_CST));
  for (unsigned left = AtOnce; left && oldest && oldest->retired <= noted; --left) {
    CodeObject *object = oldest;
    oldest = object->nextRetired;
    if (!oldest)
      newest = nullptr;
    --waiting;
    delete object;
  }
}

} // namespace dbt
