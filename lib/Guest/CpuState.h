//===- CpuState.h - A guest thread's registers ------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// One per guest thread. The interpreter works on it directly; compiled code
// keeps registers in SSA values and brings it up to date at exits. Field
// offsets are part of the interface to compiled code.
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_CPUSTATE_H
#define DBT_GUEST_CPUSTATE_H

#include "Guest/Flags.h"
#include "Guest/Reg.h"
#include "Guest/Trap.h"

#include <cstddef>
#include <cstdint>

namespace dbt {

struct ThreadContext; // runtime/: what belongs to the thread but is no register

/// 128 bits: half of a YMM register.
struct alignas(16) Vec128 {
  uint64_t lo, hi;
};

/// The x87 unit (SDM Vol. 1, 8.1). Registers are physical: ST(i) is
/// st[(top + i) & 7].
struct X87State {
  struct alignas(16) Value {
    uint64_t significand;
    uint16_t signExponent;
  };
  Value st[8];
  uint16_t control;
  uint16_t status; ///< with TOP in bits 11 to 13
  uint8_t valid;   ///< bit i: physical register i is not empty (FXSAVE's abridged tag)
  uint16_t opcode;
  uint64_t ip, dp;
};

/// Bits of X87State::status (SDM Vol. 1, 8.1.3).
namespace x87status {
enum : uint16_t {
  Exceptions = 0x3f,
  StackFault = 0x40,
  Summary = 0x80, ///< ES: an unmasked exception is pending
  C1 = 0x200,
  Codes = 0x4700,
  Top = 0x3800,
  Busy = 0x8000, ///< a copy of ES
};
}

/// Why a thread must leave straight-line execution at its next safepoint.
/// Bits of CpuState::pending, set by any thread or signal handler.
namespace pending {
enum : uint32_t {
  Signal = 1,      ///< a guest signal waits for delivery
  Invalidated = 2, ///< code was invalidated: leave compiled code and re-look up
};
}

struct alignas(64) CpuState {
  /// Rax..R15, and a slot that is always zero (Reg::None as base or index).
  uint64_t gpr[17];
  uint64_t rip;
  FlagState flags;
  uint64_t fsBase, gsBase;
  uint8_t df; ///< direction flag, 0 or 1
  /// Whether the host's unit has the x87 state, all but its pointers to the last
  /// instruction, and x87 is out of date: 1 in compiled code only (docs/X87.md).
  uint8_t x87InHost;
  /// RFLAGS bits that instructions can set but that have no further meaning to
  /// user code: TF, NT, AC, ID (SDM Vol. 1, 3.4.3).
  uint32_t otherFlags;
  uint32_t mxcsr;
  /// pending:: bits. Accessed atomically.
  uint32_t pending;
  CpuState *self; ///< where compiled code finds the state's plain address
  ThreadContext *thread;
  /// The Insn whose memory access may be under way, in the interpreter or in a
  /// helper that compiled code has called: how a host fault finds its instruction.
  const void *currentInsn;
  /// The lowest host stack address at which a region may be entered.
  uint64_t hostStackLimit;
  /// hostStackLimit, or all ones while anything is pending (Pending.h): a region that is
  /// entered with the host's stack pointer below this leaves at once. Accessed atomically.
  uint64_t entryLimit;
  /// Why code of any tier returned to the dispatcher (ExitReason.h), and what it was doing.
  /// The dispatcher sets it to Lookup before it enters code.
  uint32_t exitReason;
  Trap trap;
  const void *exitOp;
  /// The thread's table of indirect branch targets (Interp/BranchTable.h).
  void *branchTable;
  /// The thread's table of compiled branch targets.
  struct RegionTable *regionTable;
  uint64_t interpretedInsns; ///< guest instructions that the interpreter ran
  /// Guest instructions that compiled code ran, where regions count them
  /// (RegionRequest::countInsns), and the count at which a lockstep region leaves.
  uint64_t compiledInsns, insnLimit;
  Vec128 xmm[16];
  Vec128 ymmHigh[16]; ///< bits 128 to 255 of YMM
  X87State x87;
  /// What ES, CS, SS, DS, FS and GS hold, Reg::Es first. CS and SS never change.
  uint16_t selectors[6] = {0, 0x33, 0x2b};
  /// The code cache's epoch when the thread last held none of its code, or all ones while it
  /// holds none (Code/Epochs.h). Accessed atomically.
  uint64_t codeEpoch;
  /// \name What copied code needs (Copy/CopyTier.h).
  /// @{
  /// Where it looks up indirect branch targets: the thread's table, or one that has none
  /// while anything is pending. Accessed atomically.
  struct CopyTable *copyTable, *ownCopyTable, *emptyCopyTable;
  /// Polls until it leaves to the dispatcher (ExitReason::Sample). Written by the thread
  /// itself, and by whoever sets something pending, whose store may be lost.
  int32_t copyBudget;
  int32_t copyGranted;     ///< what it was set to last
  uint32_t copyFlags;      ///< RFLAGS when it left
  uint64_t copiedInsns;    ///< guest instructions run in copies, where they are counted (CopyOptions)
  uint8_t leftRegion;      ///< compiled code has run last
  uint64_t copySample;     ///< the branch target that the last poll was for
  uint64_t copyScratch[3]; ///< registers that one guest instruction borrows
  uint64_t copyTarget;     ///< where an indirect branch goes in the host
  uint64_t copyHostStack;  ///< the host's stack pointer, while the register is the guest's
  /// @}

  uint64_t &reg(Reg r) { return gpr[number(r)]; }
  uint64_t reg(Reg r) const { return gpr[number(r)]; }
};

static_assert(offsetof(CpuState, gpr) == 0);

} // namespace dbt

#endif
