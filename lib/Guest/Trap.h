//===- Trap.h - What an instruction can raise -------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_TRAP_H
#define DBT_GUEST_TRAP_H

#include <cstdint>

namespace dbt {

/// An exception of the processor (SDM Vol. 3, Table 6-1) by its mnemonic, as
/// far as user code can raise it by itself; page faults come from the host.
enum class Trap : uint8_t {
  None,
  DE, ///< divide error
  DB, ///< INT1, single step
  BP, ///< INT3: reported with rip behind the instruction
  OF, ///< INTO's
  UD, ///< invalid opcode, as the processor itself would raise it
  NP, ///< segment not present
  SS, ///< stack segment (non-canonical stack address)
  GP, ///< general protection
  MF, ///< x87 floating-point error
  AC, ///< alignment check
  XM, ///< SIMD floating-point exception
  Unimplemented, ///< dbt lacks the instruction: #UD for the guest, and one line on stderr
};

} // namespace dbt

#endif
