//===- StateMasks.h - Places in CpuState and DirtyState's bits ---*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_LIFT_STATEMASKS_H
#define DBT_LIFT_STATEMASKS_H

#include "Guest/CpuState.h"
#include "Lift/DirtyState.h"
#include "Lift/RegionAbi.h"

namespace dbt::lift {

inline bool travels(unsigned n) { return RegionAbi::indexOf(static_cast<Reg>(n)) >= 0; }
constexpr uint64_t gprOffset(unsigned n) { return offsetof(CpuState, gpr) + 8 * n; }
constexpr uint64_t xmmOffset(unsigned n) { return offsetof(CpuState, xmm) + 16 * n; }
constexpr uint64_t upperOffset(unsigned n) { return offsetof(CpuState, ymmHigh) + 16 * n; }
inline constexpr uint64_t FlagsOffset = offsetof(CpuState, flags);

/// \name The bits of DirtyState
/// @{
constexpr DirtyState::Mask gprBit(unsigned n) { return DirtyState::Mask(1) << n; }
constexpr DirtyState::Mask xmmBit(unsigned n) { return DirtyState::Mask(1) << (16 + n); }
constexpr DirtyState::Mask upperBit(unsigned n) { return DirtyState::Mask(1) << (33 + n); }
inline constexpr DirtyState::Mask FlagsBit = DirtyState::Mask(1) << 32, AllState = ~DirtyState::Mask(0);
/// @}

/// What regions hand each other in host registers.
inline DirtyState::Mask travellingState() {
  DirtyState::Mask mask = 0;
  for (Reg r : RegionAbi::Travelling)
    mask |= gprBit(number(r));
  for (unsigned i = 0; i < RegionAbi::NumVectors; ++i)
    mask |= xmmBit(i);
  return mask;
}

} // namespace dbt::lift

#endif
