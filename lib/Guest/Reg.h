//===- Reg.h - Names of the guest's registers -------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_GUEST_REG_H
#define DBT_GUEST_REG_H

#include <cstdint>

namespace dbt {

/// An operand's register. General-purpose registers have one number for all
/// their widths (the operand's size tells eax from rax); the four high-byte
/// registers have numbers of their own. Encoding order is the SDM's (Vol. 2,
/// Table 3-1), so that Rax..R15 index CpuState::gpr.
enum class Reg : uint8_t {
  Rax = 0, Rcx, Rdx, Rbx, Rsp, Rbp, Rsi, Rdi,
  R8, R9, R10, R11, R12, R13, R14, R15,
  /// No register: as a base or index it reads CpuState's always-zero slot.
  None = 16,
  Rip = 17,
  Ah = 20, Ch, Dh, Bh,
  Es = 24, Cs, Ss, Ds, Fs, Gs,
  Xmm0 = 32, ///< Xmm0..Xmm15; the operand's size tells xmm from ymm
  Mm0 = 48,  ///< Mm0..Mm7
  St0 = 56,  ///< St0..St7, relative to the x87 stack's top
  Cr0 = 64,  ///< Cr0..Cr15
  Dr0 = 80,  ///< Dr0..Dr15
};

constexpr unsigned number(Reg r) { return static_cast<unsigned>(r); }
constexpr bool isGpr(Reg r) { return number(r) < 16; }
constexpr bool isHighByte(Reg r) { return r >= Reg::Ah && r <= Reg::Bh; }
constexpr bool isSegment(Reg r) { return r >= Reg::Es && r <= Reg::Gs; }
constexpr bool isXmm(Reg r) { return r >= Reg::Xmm0 && number(r) < 48; }
constexpr bool isMmx(Reg r) { return r >= Reg::Mm0 && number(r) < 56; }
constexpr bool isX87(Reg r) { return r >= Reg::St0 && number(r) < 64; }

} // namespace dbt

#endif
