//===- ProcessState.cpp - What belongs to the guest's process -------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Linux/ProcessState.h"

namespace dbt {

Process &process() {
  static Process theProcess;
  return theProcess;
}

} // namespace dbt
