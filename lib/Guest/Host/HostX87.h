//===- HostX87.h - The x87 unit as the host does it -------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// x87 instructions by their encoding, on a state in memory; implemented once per
// host, in the folder named after it. Precision and rounding control, sticky and
// unmasked exceptions, NaN payloads, C0 to C3 and stack faults are the
// implementation's to get right, bit for bit.
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_HOST_HOSTX87_H
#define DBT_GUEST_HOST_HOSTX87_H

#include "Guest/CpuState.h"

namespace dbt::host {

/// Whether compiled code can run x87 instructions as the host's own, on state that
/// x87Enter() has put into the unit.
#if defined(__x86_64__)
inline constexpr bool RunsX87 = true;
#else
inline constexpr bool RunsX87 = false;
#endif

/// An instruction: the escape opcode D8 to DF, and a ModRM byte from C0 up for a
/// register form or from 0 to 38 (only the reg field set) for one on memory.
struct X87Op {
  uint8_t escape, modrm;
};

/// Room for the largest memory operand.
using X87Memory = uint8_t[16];

/// The operands of an instruction that finds what it needs in ST(0) and ST(1).
struct X87Operands {
  X87State::Value st[2];
  uint16_t control;
  /// In: the sticky exception flags. Out: C0 to C3, and these flags with those that
  /// it raised (or a subset: what was set before need not be there).
  uint16_t status;
  uint64_t rflags; ///< out, if wanted: FCOMI's flags
};

/// Runs \p op with \p in registers of the operands on an otherwise empty stack,
/// of which it leaves \p out. False if it raised an unmasked exception; the
/// operands are undefined then.
bool x87Compute(X87Operands &operands, X87Op op, X87Memory &memory, unsigned in, unsigned out,
                bool wantFlags);

/// Runs \p op on the whole unit, in which no unmasked exception is pending.
/// \p rflags are the status flags before and after. Instruction and data pointers
/// are not touched.
void x87Run(X87State &state, X87Op op, X87Memory &memory, uint64_t &rflags);

/// Puts the guest's state into the host's unit. Compiled code calls it. False, and
/// nothing is changed, if an exception is unmasked: those are for memory's state.
[[clang::preserve_most]] bool x87Enter(CpuState &s);

/// Takes it back, and leaves the unit as the ABI wants it: empty, and with the default
/// control word. Compiled code calls it, too.
[[clang::preserve_most]] void x87Leave(CpuState &s);

} // namespace dbt::host

#endif
