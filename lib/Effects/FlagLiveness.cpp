//===- FlagLiveness.cpp - Whether anything reads the flags ----------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Effects/FlagLiveness.h"

#include "Effects/Effects.h"

#include <vector>

namespace dbt {

bool flagsDeadAt(uint64_t pc, const InsnReader &read, unsigned limit) {
  struct Path {
    uint64_t pc;
    uint32_t old; ///< flags that still have the value which they had at the start
  };
  std::vector<Path> paths = {{pc, flag::Status}};
  while (!paths.empty()) {
    Path path = paths.back();
    paths.pop_back();
    // Loops that never write all flags come to an end by the limit.
    while (path.old) {
      Insn insn;
      if (!limit-- || !read(path.pc, insn))
        return false;
      const std::optional<Effects> e = effectsOf(insn);
      if (!e || e->helper || e->leaves || e->mayTrap || (e->flagsRead & path.old))
        return false;
      path.old &= ~e->flagsWritten;
      switch (insn.flow) {
      case Flow::Next:
        path.pc = insn.nextPc();
        break;
      case Flow::CondJump:
        paths.push_back({insn.nextPc(), path.old});
        [[fallthrough]];
      case Flow::Jump:
      case Flow::Call:
        path.pc = static_cast<uint64_t>(insn.imm);
        break;
      case Flow::IndirectJump:
      case Flow::IndirectCall:
      case Flow::Ret:
      case Flow::Trap:
      case Flow::Syscall:
        return false;
      }
    }
  }
  return true;
}

} // namespace dbt
