//===- RegisterImage.h - What --check compares of CpuState ------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_DISPATCH_LOCKSTEP_REGISTERIMAGE_H
#define DBT_DISPATCH_LOCKSTEP_REGISTERIMAGE_H

#include "Guest/CpuState.h"

#include <string>

namespace dbt {

/// A copy of the guest's registers, without what belongs to dbt.
struct RegisterImage {
  uint64_t gpr[16];
  uint64_t rip;
  FlagState flags;
  uint64_t fsBase, gsBase;
  uint32_t otherFlags, mxcsr;
  uint8_t df;
  Vec128 xmm[16], ymmHigh[16];
  X87State x87;

  static RegisterImage of(const CpuState &s);
  void restore(CpuState &s) const;
};

/// What differs between two states, a line each, indented; empty if a program
/// cannot tell them apart. Flags count as what they are, not as what set them.
std::string registerDifferences(const RegisterImage &compiled, const RegisterImage &interpreted);

} // namespace dbt

#endif
