//===- Operands.h - Operands as helpers see them ----------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_SEMANTICS_HELPERS_OPERANDS_H
#define DBT_SEMANTICS_HELPERS_OPERANDS_H

#include "Decode/Insn.h"
#include "Guest/CpuState.h"

#include <atomic>
#include <cstring>
#include <initializer_list>

namespace dbt::helpers {

inline uint64_t segmentBase(const CpuState &s, Reg segment) {
  return segment == Reg::Fs ? s.fsBase : segment == Reg::Gs ? s.gsBase : 0;
}

/// The linear address of the memory operand.
inline uint64_t address(const CpuState &s, const Insn &i) {
  uint64_t at = s.reg(i.base) + (s.reg(i.index) << i.scale) + static_cast<uint64_t>(i.disp);
  if (i.addrSize == 4)
    at = static_cast<uint32_t>(at);
  return at + segmentBase(s, i.segment);
}

inline void *pointer(uint64_t address) { return reinterpret_cast<void *>(address); }

template <class T> T loadAs(uint64_t address) {
  T v;
  std::memcpy(&v, pointer(address), sizeof v);
  return v;
}
template <class T> void storeAs(uint64_t address, T v) { std::memcpy(pointer(address), &v, sizeof v); }

/// Faults if one of the \p size bytes cannot be written: for what is written in parts,
/// but as a whole or not at all.
inline void probeStore(uint64_t address, unsigned size) {
  for (uint64_t at : {address, address + size - 1}) {
    uint8_t zero = 0; // a compare-exchange writes in any case
    __atomic_compare_exchange_n(static_cast<uint8_t *>(pointer(at)), &zero, 0, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
  }
}
inline void storeWhole(uint64_t address, const void *from, unsigned size) {
  if (size > 8)
    probeStore(address, size);
  std::memcpy(pointer(address), from, size);
}
/// The same for what is read, though not all of it counts.
inline void probeLoad(uint64_t address, unsigned size) {
  for (uint64_t at : {address, address + size - 1})
    static_cast<void>(*static_cast<volatile uint8_t *>(pointer(at)));
}

/// An integer operand of 4 or 8 bytes, zero-extended; an immediate as it is.
inline uint64_t readOperand(const CpuState &s, const Insn &i, int n) {
  if (i.kind[n] == OpKind::Imm)
    return static_cast<uint64_t>(i.imm);
  uint64_t v = i.kind[n] == OpKind::Reg ? s.reg(i.reg[n])
               : i.size[n] == 4         ? loadAs<uint32_t>(address(s, i))
                                        : loadAs<uint64_t>(address(s, i));
  return i.size[n] == 4 ? static_cast<uint32_t>(v) : v;
}

/// What was written before this comes before what is written after it, for a
/// host fault's view of CpuState.
inline void orderForFaults() { std::atomic_signal_fence(std::memory_order_seq_cst); }

} // namespace dbt::helpers

#endif
