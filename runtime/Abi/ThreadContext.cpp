//===- ThreadContext.cpp - What belongs to a guest thread besides its registers ===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Abi/ThreadContext.h"

namespace dbt {

ThreadContext *&currentThread() {
  static thread_local ThreadContext *current;
  return current;
}

} // namespace dbt
