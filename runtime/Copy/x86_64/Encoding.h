//===- Encoding.h - Where an instruction's bytes have its address -*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// For instructions that the decoder has accepted, so that only what must be found is
// looked for (SDM Vol. 2, 2.1 and 2.3).
//===----------------------------------------------------------------------===//
#ifndef DBT_COPY_X86_64_ENCODING_H
#define DBT_COPY_X86_64_ENCODING_H

#include "Copy/x86_64/Assembler.h"

namespace dbt::copy {

class Encoding {
public:
  Encoding(const uint8_t *bytes, unsigned length);

  /// The opcode's last byte, and whether it stands behind 0F only.
  uint8_t opcode() const { return bytes[modrm - 1]; }
  bool isTwoByte() const { return map == 1; }
  bool isOneByte() const { return map == 0; }
  bool isShortVex() const { return vex == 2; }
  /// Whether the byte behind the opcode, which is taken for ModRM, addresses memory by
  /// RIP and a displacement.
  bool isRipRelative() const { return (bytes[modrm] & 0xc7) == 5; }
  /// Where the displacement of such an instruction is.
  unsigned ripDisplacement() const { return modrm + 1u; }

  /// The same instruction with its operand in memory at \p a, without index, and no
  /// segment override. With a short VEX prefix \p a's base must be below R8.
  void emitAt(Assembler &out, const Address &a) const;

private:
  const uint8_t *bytes;
  uint8_t length;
  uint8_t numLegacy = 0; ///< prefixes before REX, VEX or the opcode
  uint8_t rex = 0;
  uint8_t vex = 0; ///< bytes of the VEX prefix
  uint8_t map = 0; ///< 0: one byte, 1: 0F, 2: 0F 38, 3: 0F 3A
  uint8_t opcodeAt;
  uint8_t modrm;
};

} // namespace dbt::copy

#endif
