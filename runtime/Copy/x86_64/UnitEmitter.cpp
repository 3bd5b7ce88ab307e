//===- UnitEmitter.cpp - From blocks to their copy ------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Copy/x86_64/UnitEmitter.h"

#include "Copy/Copyable.h"
#include "Copy/x86_64/Fields.h"
#include "Decode/Decoder.h"

#include <algorithm>

namespace dbt::copy {

namespace {

constexpr unsigned LessOrEqual = 14; // JLE

bool fits32(int64_t v) { return v == static_cast<int32_t>(v); }

/// Whether decrementing a counter before \p insn goes unnoticed: it writes all status
/// flags, reads none, and cannot fault before it has.
bool overwritesFlags(const Insn &insn, const Effects &e) {
  return insn.flow == Flow::Next && (e.flagsWritten & flag::Status) == flag::Status && !(e.flagsRead & flag::Status) &&
         !e.mayTrap && !e.helper && !((e.partsRead | e.partsWritten) & part::Memory);
}

} // namespace

void UnitEmitter::line(uint64_t pc, Reg a, Reg b, Reg c) {
  unit.lines.push_back({static_cast<uint32_t>(out.here() - unit.code), {a, b, c}, pc});
}

std::unique_ptr<CopyUnit> UnitEmitter::emit(std::span<const Block *const> blocks) {
  unit.pc = blocks.front()->pc;
  unit.code = out.here();
  for (size_t i = 0; i < blocks.size(); ++i)
    block(*blocks[i], i + 1 < blocks.size() ? blocks[i + 1]->pc : 0);
  for (const Exit &exit : exits) {
    Assembler::patch(exit.where, cold.here());
    if (exit.restoresRcx)
      cold.loadField(Reg::Rcx, field::scratch(0));
    cold.storeField64(field::Sample, exit.target);
    cold.storeField64(field::Rip, exit.pc);
    cold.jumpTo(stubs.sample);
  }
  for (const Fixup &branch : branches) {
    auto label = labels.find(branch.target);
    if (label != labels.end()) {
      Assembler::patch(branch.where, label->second);
      continue;
    }
    labels[branch.target] = out.here(); // shared by the branches there
    Assembler::patch(branch.where, out.here());
    out.jumpThrough(&slot(branch.target)->code);
  }
  for (const Fixup &literal : literals) {
    Assembler::patch(literal.where, out.here());
    out.quad(literal.target);
  }
  unit.bytes = static_cast<uint32_t>(out.here() - unit.code);
  return std::move(made);
}

void UnitEmitter::block(const Block &b, uint64_t next) {
  current = &b;
  labels[b.pc] = out.here();
  unit.entryList.push_back({b.pc, out.here()});
  unit.blockSpans.push_back({b.pc, b.bytes});
  unit.blockBytes.insert(unit.blockBytes.end(), b.copy, b.copy + b.bytes);
  unit.kind = std::max(unit.kind, b.kind);
  unit.insns += b.numInsns;
  for (unsigned i = 1; i <= b.numInsns; ++i)
    if (Effects effects; isCopyable(b.ops[i].insn, effects) && (effects.partsWritten & part::Mxcsr))
      ++unit.floats;
  const Insn &last = b.ops[b.numInsns].insn;
  const bool polls = last.flow == Flow::Call ||
                     ((last.flow == Flow::Jump || last.flow == Flow::CondJump) && static_cast<uint64_t>(last.imm) < b.end());
  for (unsigned i = 1; i < Unrolled && isTightLoop(b); ++i) {
    body(b, i == 1);
    again(b);
  }
  body(b, polls && !isTightLoop(b));
  if (last.flow != Flow::Next)
    terminator(last, next);
  else if (b.end() != next || b.endsAtStores())
    goOn(b, b.end());
}

/// Whether \p b is a short loop by itself.
bool UnitEmitter::isTightLoop(const Block &b) const {
  const Insn &last = b.ops[b.numInsns].insn;
  unsigned condition;
  return b.numInsns <= MaxUnrolledInsns && static_cast<uint64_t>(last.imm) == b.pc && isJcc(last, condition);
}

/// Behind a copy of a tight loop's body: out, or on to the next copy.
void UnitEmitter::again(const Block &b) {
  const Insn &last = b.ops[b.numInsns].insn;
  unsigned condition;
  isJcc(last, condition);
  line(last.pc);
  branches.push_back({out.jumpIf(condition ^ 1), b.end()});
}

/// All of \p b but a branch at its end.
void UnitEmitter::body(const Block &b, bool polls) {
  if (countInsns)
    count(b);
  const Insn &last = b.ops[b.numInsns].insn;
  bool polled = !polls;
  for (unsigned i = 0; i < b.numInsns; ++i) {
    const Insn &insn = b.ops[i + 1].insn;
    if (insn.flow != Flow::Next) {
      if (!polled)
        pollWithFlags(insn, static_cast<uint64_t>(insn.imm));
      return;
    }
    Effects effects;
    isCopyable(insn, effects);
    if (!polled && overwritesFlags(insn, effects)) {
      pollAt(insn, static_cast<uint64_t>(last.imm));
      polled = true;
    }
    copy(insn, effects);
  }
}

void UnitEmitter::count(const Block &b) {
  line(b.pc, Reg::Rcx);
  out.storeField(field::scratch(0), Reg::Rcx);
  out.loadField(Reg::Rcx, field::Insns);
  out.lea(Reg::Rcx, {.base = Reg::Rcx, .disp = static_cast<int32_t>(b.numInsns)});
  out.storeField(field::Insns, Reg::Rcx);
  out.loadField(Reg::Rcx, field::scratch(0));
}

/// Before \p insn, which does not mind: it overwrites the flags.
void UnitEmitter::pollAt(const Insn &insn, uint64_t target) {
  line(insn.pc);
  out.decrementField32(field::Budget);
  exits.push_back({out.jumpIf(LessOrEqual), insn.pc, target, false});
  if (insn.pc != unit.entryList.back().pc)
    unit.entryList.push_back({insn.pc, out.here()});
}

/// Before the branch \p last, leaving the flags alone.
void UnitEmitter::pollWithFlags(const Insn &last, uint64_t target) {
  line(last.pc, Reg::Rcx);
  out.storeField(field::scratch(0), Reg::Rcx);
  out.fieldOp(0x8b, Reg::Rcx, field::Budget, false);
  out.lea(Reg::Rcx, {.base = Reg::Rcx, .disp = -1});
  out.fieldOp(0x89, Reg::Rcx, field::Budget, false);
  // JRCXZ reaches 127 bytes only; its upper half may be all ones after LEA.
  out.byte(0x67);
  out.byte(0xe3); // JECXZ over the jump that follows
  out.byte(2);
  out.byte(0xeb);
  out.byte(5);
  exits.push_back({out.jump(), last.pc, target, true});
  out.loadField(Reg::Rcx, field::scratch(0));
  if (last.pc != unit.entryList.back().pc)
    unit.entryList.push_back({last.pc, out.here()});
}

void UnitEmitter::leaveAt(uint64_t pc, const uint8_t *stub) {
  out.storeField64(field::Rip, pc);
  out.jumpTo(stub);
}

void UnitEmitter::copy(const Insn &insn, const Effects &effects) {
  const bool address = insn.memOperand() >= 0;
  if (!address || (!insn.ripRelative && insn.segment == Reg::None)) {
    line(insn.pc);
    out.bytes(bytesOf(insn), insn.length);
    return;
  }
  const Encoding encoding(bytesOf(insn), insn.length);
  if (insn.segment != Reg::None)
    copyWithFs(insn, effects, encoding);
  else
    copyInReach(insn, effects, encoding);
}

Reg UnitEmitter::borrow(const Effects &effects, const Encoding &encoding) {
  // RSP is the stack's, and an address in RBP faults as one on the stack does.
  const unsigned used = effects.gprsRead | effects.gprsWritten | 1u << number(Reg::Rsp) | 1u << number(Reg::Rbp);
  for (unsigned i = 0; i < (encoding.isShortVex() ? 8 : 16); ++i)
    if (!(used >> i & 1))
      return static_cast<Reg>(i);
  return Reg::None;
}

/// An operand at a fixed address, given relative to RIP.
void UnitEmitter::copyInReach(const Insn &insn, const Effects &effects, const Encoding &encoding) {
  line(insn.pc);
  if (encoding.isRipRelative()) {
    const int64_t distance = insn.disp - reinterpret_cast<int64_t>(out.here() + insn.length);
    if (fits32(distance)) {
      const auto disp = static_cast<int32_t>(distance);
      uint8_t *at = out.here();
      out.bytes(bytesOf(insn), insn.length);
      std::memcpy(at + encoding.ripDisplacement(), &disp, sizeof disp);
      return;
    }
    if (fits32(insn.disp))
      return encoding.emitAt(out, {.disp = static_cast<int32_t>(insn.disp)});
  }
  // LEA of a whole register is a constant.
  if (encoding.isOneByte() && encoding.opcode() == 0x8d && insn.size[0] == 8)
    return out.moveImm(insn.reg[0], static_cast<uint64_t>(insn.disp));
  const Reg r = borrow(effects, encoding);
  out.storeField(field::scratch(0), r);
  out.moveImm(r, static_cast<uint64_t>(insn.disp));
  line(insn.pc, r);
  encoding.emitAt(out, {.base = r});
  out.loadField(r, field::scratch(0));
}

/// An operand relative to the guest's base of FS.
void UnitEmitter::copyWithFs(const Insn &insn, const Effects &effects, const Encoding &encoding) {
  const Reg r = borrow(effects, encoding);
  line(insn.pc);
  out.storeField(field::scratch(0), r);
  line(insn.pc, r);
  out.loadField(r, field::FsBase);
  if (insn.base != Reg::None)
    out.lea(r, {.base = insn.base, .index = r});
  if (insn.index != Reg::None)
    out.lea(r, {.base = r, .index = insn.index, .scale = insn.scale});
  if (insn.ripRelative || !fits32(insn.disp)) {
    // Never seen in practice: the sum is made in two steps.
    for (int64_t rest = insn.disp; rest != 0;) {
      const auto step = static_cast<int32_t>(fits32(rest) ? rest : rest > 0 ? INT32_MAX : INT32_MIN);
      out.lea(r, {.base = r, .disp = step});
      rest -= step;
    }
    encoding.emitAt(out, {.base = r});
  } else {
    encoding.emitAt(out, {.base = r, .disp = static_cast<int32_t>(insn.disp)});
  }
  out.loadField(r, field::scratch(0));
}

void UnitEmitter::terminator(const Insn &insn, uint64_t next) {
  line(insn.pc);
  switch (insn.flow) {
  case Flow::Jump:
    if (static_cast<uint64_t>(insn.imm) != next)
      goTo(static_cast<uint64_t>(insn.imm));
    break;
  case Flow::CondJump:
    conditional(insn);
    if (insn.nextPc() != next)
      goTo(insn.nextPc());
    break;
  case Flow::Call:
    pushLiteral(insn.nextPc());
    if (static_cast<uint64_t>(insn.imm) != next || current->endsAtStores())
      goOn(*current, static_cast<uint64_t>(insn.imm));
    break;
  case Flow::IndirectJump:
  case Flow::IndirectCall:
  case Flow::Ret:
    indirect(insn);
    break;
  case Flow::Syscall:
  case Flow::Trap:
    leaveAt(insn.pc, stubs.interpret);
    break;
  case Flow::Next:
    break;
  }
}

/// Jcc, and its condition; otherwise it is LOOPcc or JRCXZ.
bool UnitEmitter::isJcc(const Insn &insn, unsigned &condition) const {
  if (insn.flow != Flow::CondJump)
    return false;
  const Encoding encoding(bytesOf(insn), insn.length);
  condition = encoding.opcode() & 15;
  return encoding.isTwoByte() || (encoding.opcode() & 0xf0) == 0x70;
}

void UnitEmitter::conditional(const Insn &insn) {
  const auto target = static_cast<uint64_t>(insn.imm);
  unsigned condition;
  if (isJcc(insn, condition)) {
    branches.push_back({out.jumpIf(condition), target});
    return;
  }
  // By name: on AMD's processors the prefixes of LOOPE and LOOPNE may make the one of the other.
  const std::string_view name = Decoder::mnemonicName(insn.mnemonic);
  const uint8_t opcode = name == "loopne" ? 0xe0 : name == "loope" ? 0xe1 : name == "loop" ? 0xe2 : 0xe3;
  // LOOP and JRCXZ reach 127 bytes only: over a short jump to a long one.
  out.byte(opcode);
  out.byte(2);
  out.byte(0xeb);
  out.byte(5);
  goTo(target);
}

void UnitEmitter::pushLiteral(uint64_t v) {
  out.byte(0xff); // PUSH [rip + disp32]
  out.byte(0x35);
  out.word(0);
  literals.push_back({out.here() - 4, v});
}

/// The target of an indirect branch into RCX, whose guest value is in CpuState.
void UnitEmitter::loadTarget(const Insn &insn) {
  if (insn.flow == Flow::Ret) {
    const auto extra = insn.numOps ? static_cast<uint16_t>(insn.imm) : 0;
    out.load(Reg::Rcx, {.base = Reg::Rsp});
    out.lea(Reg::Rsp, {.base = Reg::Rsp, .disp = 8 + extra});
  } else if (insn.kind[0] == OpKind::Reg) {
    if (insn.reg[0] != Reg::Rcx)
      out.move(Reg::Rcx, insn.reg[0]);
  } else if (insn.base == Reg::None && insn.index == Reg::None && !fits32(insn.disp)) {
    out.moveImm(Reg::Rcx, static_cast<uint64_t>(insn.disp));
    out.load(Reg::Rcx, {.base = Reg::Rcx});
  } else {
    out.load(Reg::Rcx, {insn.base, insn.index, insn.scale, static_cast<int32_t>(insn.disp)});
  }
}

void UnitEmitter::indirect(const Insn &insn) {
  out.storeField(field::scratch(0), Reg::Rcx);
  line(insn.pc, Reg::Rcx);
  loadTarget(insn);
  if (insn.flow == Flow::IndirectCall)
    pushLiteral(insn.nextPc());
  // The last jump is predicted by where it stands (a bytecode interpreter: 2.1 times native
  // instead of 2.9). Returns are too many for that.
  if (insn.flow == Flow::Ret)
    out.jumpTo(stubs.branch);
  else
    emitBranch(out, stubs);
}

} // namespace dbt::copy
