//===- Copyable.cpp - What a processor may execute itself -----------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Copy/Copyable.h"

#include "Decode/Decoder.h"
#include "Guest/Features.h"
#include "Interp/Interp.h"

namespace dbt {

namespace {

/// Jumps and calls whose encodings mean something else with a size prefix, on some processors.
bool isPlainBranch(const Insn &insn) {
  if (insn.has(prefix::OpSize) || insn.addrSize != 8)
    return false;
  const std::string_view name = Decoder::mnemonicName(insn.mnemonic);
  return name == "jmp" || name == "call" || name == "ret" || (insn.flow == Flow::CondJump);
}

/// Whether the copy can have the same address in another register.
bool hasPlainAddress(const Insn &insn, const RowInfo &row) {
  // The other encoding of the address may be a byte longer, and 15 bytes are all that may be.
  constexpr unsigned MaxLength = 15;
  if (insn.length == MaxLength && (insn.ripRelative || insn.segment != Reg::None))
    return false;
  if (insn.segment == Reg::None)
    return insn.addrSize == 8 || !insn.ripRelative;
  // The base of FS is the host's own, that of GS is CpuState's address.
  if (insn.segment != Reg::Fs || insn.memOperand() < 0 || insn.addrSize != 8 || insn.flow != Flow::Next || row.helper)
    return false;
  // Those without ModRM, and LEA, which ignores the segment.
  for (std::string_view name : {"movs", "lods", "cmps", "xlatb", "lea"})
    if (name == row.name)
      return false;
  constexpr unsigned ShortestMoffs = 10; // 64, opcode, 64 bits
  const bool fixed = insn.base == Reg::None && insn.index == Reg::None;
  return !fixed || insn.kind[insn.numOps - 1] == OpKind::Imm || insn.length < ShortestMoffs;
}

uint16_t gprBit(Reg r) {
  if (isHighByte(r))
    return static_cast<uint16_t>(1u << (number(r) - number(Reg::Ah)));
  return isGpr(r) ? static_cast<uint16_t>(1u << number(r)) : 0;
}

/// A helper's registers: its operands, and those that instructions without an operand
/// for them use (RAX to RBX, RSP to RDI).
Effects helperEffects(const Insn &insn) {
  Effects e;
  e.gprsRead = 0xff | gprBit(insn.base) | gprBit(insn.index);
  for (int i = 0; i < insn.numOps; ++i)
    if (insn.kind[i] == OpKind::Reg)
      e.gprsRead |= gprBit(insn.reg[i]);
  e.gprsWritten = e.gprsRead;
  e.partsRead = e.partsWritten = part::Memory;
  e.flagsRead = flag::Status | flag::DF;
  e.flagsMayWritten = flag::Status;
  return e;
}

} // namespace

bool isCopyable(const Insn &insn, Effects &effects) {
  const InterpEntry *row = interpRows().find(insn);
  if (!row || !hostHas(row->info.isaOf(insn)) || !hostHas(row->info.alsoNeeds) || !hasPlainAddress(insn, row->info))
    return false;
  if (row->info.makers && guestVendor() != hostVendor())
    return false;
  if (const Isa feature = row->info.variesWith; hasFeature(feature) != hostHas(feature))
    return false;
  if (row->info.helper) {
    effects = helperEffects(insn);
    return row->info.plain;
  }
  const std::optional<Effects> e = effectsOf(insn);
  if (!e)
    return false;
  effects = *e;
  constexpr uint8_t Elsewhere = part::X87 | part::OtherFlags;
  const uint8_t segments = insn.segment == Reg::None ? part::Segments : 0;
  if ((e->partsRead | e->partsWritten) & (Elsewhere | segments))
    return false;
  return insn.flow == Flow::Next ? !e->leaves : isPlainBranch(insn);
}

bool isCopyable(const Block &block) {
  if (block.isVolatile() || block.numInsns == 0)
    return false;
  for (unsigned i = 0; i < block.numInsns; ++i) {
    const Insn &insn = block.ops[i + 1].insn;
    Effects effects;
    const bool leaves = insn.flow == Flow::Syscall || insn.flow == Flow::Trap;
    if (!(leaves && i > 0) && !isCopyable(insn, effects))
      return false;
  }
  return true;
}

} // namespace dbt
