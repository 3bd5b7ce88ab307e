//===- Stubs.h - The ways into copied code and out of it --------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_COPY_X86_64_STUBS_H
#define DBT_COPY_X86_64_STUBS_H

#include "Copy/x86_64/Assembler.h"

namespace dbt {
struct CpuState;
}

namespace dbt::copy {

/// In the arena, so that copied code reaches them by relative jumps.
struct Stubs {
  /// From C++: CpuState's registers into the host's, and on to \p code. RFLAGS is \p flags.
  /// Without \p wide bits 128 and up of all vector registers are zero, and known to be.
  void (*enter)(const void *code, uint64_t flags, bool wide);
  /// \name From copied code: the host's registers into CpuState's, and back to C++.
  /// RIP and what else the reason needs are in CpuState.
  /// @{
  const uint8_t *lookup;    ///< ExitReason::Lookup
  const uint8_t *interpret; ///< the block at RIP must be interpreted
  const uint8_t *sample;    ///< ExitReason::Sample
  /// To what CpuState::copyTable has for the guest address in RCX; the guest's RCX is in
  /// CpuState::copyScratch.
  const uint8_t *branch;
  /// @}
};

/// Writes them; \p out is behind them then.
Stubs emitStubs(Assembler &out);
/// What Stubs::branch does, in place.
void emitBranch(Assembler &out, const Stubs &stubs);
/// What an empty slot of guest address \p pc points to: leaves with it.
constexpr size_t MaxSlotStubBytes = 32;
void emitSlotStub(Assembler &out, const Stubs &stubs, uint64_t pc);

} // namespace dbt::copy

#endif
