//===- Assembler.h - The few host instructions that copies need -*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Writes code in place. None of what it emits changes a status flag unless its name
// says so: the guest's flags are in the host's all the time.
//===----------------------------------------------------------------------===//
#ifndef DBT_COPY_X86_64_ASSEMBLER_H
#define DBT_COPY_X86_64_ASSEMBLER_H

#include "Guest/Reg.h"

#include <cstdint>
#include <cstring>

namespace dbt::copy {

/// A memory operand: base + index << scale + disp. Reg::None where there is none.
struct Address {
  Reg base = Reg::None, index = Reg::None;
  uint8_t scale = 0;
  int32_t disp = 0;
};

/// Bits 0 to 3 as ModRM's and REX's parts of a register number.
constexpr uint8_t low3(Reg r) { return number(r) & 7; }
constexpr uint8_t bit3(Reg r) { return r == Reg::None ? 0 : number(r) >> 3 & 1; }

class Assembler {
public:
  explicit Assembler(uint8_t *at) : at(at) {}

  uint8_t *here() const { return at; }
  void byte(unsigned b) { *at++ = static_cast<uint8_t>(b); }
  void bytes(const uint8_t *from, size_t n) {
    std::memcpy(at, from, n);
    at += n;
  }
  void word(uint32_t v) { put(v); }
  void quad(uint64_t v) { put(v); }

  /// ModRM, SIB and displacement for \p a; \p field is ModRM.reg.
  void modrm(unsigned field, const Address &a);
  /// An instruction of one opcode byte with REX.W: MOV (8b load, 89 store), LEA (8d).
  void op(uint8_t opcode, Reg r, const Address &a);
  void load(Reg r, const Address &a) { op(0x8b, r, a); }
  void lea(Reg r, const Address &a) { op(0x8d, r, a); }
  void move(Reg to, Reg from);
  void moveImm(Reg r, uint64_t v);

  /// \name CpuState's fields, at the base of GS.
  /// @{
  void fieldOp(uint8_t opcode, Reg r, uint32_t offset, bool wide = true);
  void loadField(Reg r, uint32_t offset) { fieldOp(0x8b, r, offset); }
  void storeField(uint32_t offset, Reg r) { fieldOp(0x89, r, offset); }
  void storeField32(uint32_t offset, uint32_t v);
  /// All 64 bits of a field.
  void storeField64(uint32_t offset, uint64_t v);
  /// Changes the flags.
  void decrementField32(uint32_t offset);
  void jumpField(uint32_t offset);
  /// @}

  /// \name Branches; those to a place that is not known yet return where it is to be patched in.
  /// @{
  uint8_t *jump();
  uint8_t *jumpIf(unsigned condition);
  void jumpThrough(const void *pointer); ///< within 2 GB
  static void patch(uint8_t *where, const uint8_t *target);
  void jumpTo(const uint8_t *target) { patch(jump(), target); }
  /// @}

private:
  template <class T> void put(T v) {
    std::memcpy(at, &v, sizeof v);
    at += sizeof v;
  }
  uint8_t *at;
};

} // namespace dbt::copy

#endif
