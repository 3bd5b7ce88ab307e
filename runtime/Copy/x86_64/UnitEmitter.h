//===- UnitEmitter.h - From blocks to their copy ----------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Every register of the guest's, its flags and MXCSR are in the host's registers of the
// same names, RSP included; CpuState is at the base of GS. So most instructions are
// copied as they are. What must differ:
// - Addresses relative to RIP, where the copy is out of their reach, and those relative
//   to FS: computed in a borrowed register.
// - Calls push the guest's return address and jump; returns and other indirect branches
//   look their target up in CpuState::copyTable.
// - Direct branches out of the unit go through slots, so that a unit can be unlinked by
//   one store; where the guest can write its code, so do those behind a store: it may have
//   changed what follows.
// - Blocks that end in a jump backwards or a call poll: they count down copyBudget.
//   Every loop has one of these or an indirect branch.
// Nothing is ever written below RSP: that is the guest's red zone.
//===----------------------------------------------------------------------===//
#ifndef DBT_COPY_X86_64_UNITEMITTER_H
#define DBT_COPY_X86_64_UNITEMITTER_H

#include "Copy/Unit.h"
#include "Copy/x86_64/Encoding.h"
#include "Copy/x86_64/Stubs.h"
#include "Effects/Effects.h"
#include "Interp/Block.h"

#include <memory>
#include <span>
#include <unordered_map>

namespace dbt::copy {

class UnitEmitter {
public:
  /// Code at \p at, what is rarely run at \p coldAt.
  UnitEmitter(uint8_t *at, uint8_t *coldAt, const Stubs &stubs, CopySlots slot, bool countInsns)
      : out(at), cold(coldAt), stubs(stubs), slot(std::move(slot)), countInsns(countInsns) {}

  /// A block that jumps to itself is copied so many times, and polls in the first only:
  /// a poll takes longer than a short loop's other instructions.
  static constexpr unsigned Unrolled = 4;
  static constexpr unsigned MaxUnrolledInsns = 16;
  /// Host bytes that \p insns guest instructions in \p blocks blocks take at most.
  static size_t maxBytes(size_t insns, size_t blocks) { return Unrolled * (insns * 64 + blocks * 128) + blocks * 192; }
  static size_t maxColdBytes(size_t blocks) { return blocks * 96; }

  /// Copies \p blocks, each of which isCopyable(), one after the other.
  std::unique_ptr<CopyUnit> emit(std::span<const Block *const> blocks);
  uint8_t *end() const { return out.here(); }
  uint8_t *coldEnd() const { return cold.here(); }

private:
  void block(const Block &b, uint64_t next);
  void body(const Block &b, bool polls);
  void again(const Block &b);
  bool isTightLoop(const Block &b) const;
  void pollAt(const Insn &insn, uint64_t target);
  void pollWithFlags(const Insn &last, uint64_t target);
  void sampleExit(uint8_t *from, uint64_t pc, uint64_t target);
  void count(const Block &b);
  void copy(const Insn &insn, const Effects &effects);
  void copyInReach(const Insn &insn, const Effects &effects, const Encoding &encoding);
  void copyWithFs(const Insn &insn, const Effects &effects, const Encoding &encoding);
  void terminator(const Insn &insn, uint64_t next);
  void conditional(const Insn &insn);
  bool isJcc(const Insn &insn, unsigned &condition) const;
  void indirect(const Insn &insn);
  void loadTarget(const Insn &insn);
  void pushLiteral(uint64_t v);
  void goTo(uint64_t pc) { branches.push_back({out.jump(), pc}); }
  /// By way of the slot, even to a block of the unit.
  void goThroughSlot(uint64_t pc) { out.jumpThrough(&slot(pc)->code); }
  /// Behind what may have stored.
  void goOn(const Block &b, uint64_t pc) { b.endsAtStores() ? goThroughSlot(pc) : goTo(pc); }
  const uint8_t *bytesOf(const Insn &insn) const { return current->bytesOf(insn); }
  void leaveAt(uint64_t pc, const uint8_t *stub);
  void line(uint64_t pc, Reg a = Reg::None, Reg b = Reg::None, Reg c = Reg::None);
  static Reg borrow(const Effects &effects, const Encoding &encoding);

  struct Fixup {
    uint8_t *where;
    uint64_t target;
  };
  struct Exit {
    uint8_t *where;
    uint64_t pc, target;
    bool restoresRcx;
  };

  Assembler out, cold;
  const Stubs &stubs;
  const CopySlots slot;
  const bool countInsns;
  std::unique_ptr<CopyUnit> made = std::make_unique<CopyUnit>();
  CopyUnit &unit = *made;
  const Block *current = nullptr; ///< the block that is being copied
  std::unordered_map<uint64_t, const uint8_t *> labels; ///< of blocks
  std::vector<Fixup> branches, literals;
  std::vector<Exit> exits;
};

} // namespace dbt::copy

#endif
