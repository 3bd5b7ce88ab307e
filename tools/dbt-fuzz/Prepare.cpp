//===- Prepare.cpp - The state that a seed stands for ---------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Sequence.h"

#include "Guest/Host/HostFp.h"
#include "Guest/Vendor.h"
#include "Random.h"

#include <cstring>
#include <string_view>

namespace dbt::fuzz {

namespace {

constexpr unsigned Rax = 0, Rcx = 1, Rdx = 2, Rbx = 3, Rsp = 4, Rbp = 5, Rsi = 6, Rdi = 7;

void randomX87(Random &r, FxsaveImage &fx) {
  uint32_t control = 0x37f;
  if (r.below(2))
    control = 0x7f | r.below(4) << 8 | r.below(4) << 10;
  if (r.oneIn(6))
    control &= ~r.below(64);
  uint32_t status = r.below(2) ? 0 : static_cast<uint32_t>(r.next()) & 0x7f & (r.below(8) ? control : 0x7f);
  if (status & ~control & 0x3f)
    status |= 0x8080; // ES and B say that one is pending
  fx.control = static_cast<uint16_t>(control);
  fx.status = static_cast<uint16_t>(status | r.below(8) << 11 | (r.next() & 0x4700));
  fx.valid = static_cast<uint8_t>(r.below(2) ? 0xff : r.below(3) ? r.next() | r.next() : 0);
  for (auto &value : fx.st) {
    uint8_t bytes[10];
    r.extended(bytes);
    std::memcpy(&value.significand, bytes, 8);
    std::memcpy(&value.signExponent, bytes + 8, 2);
  }
}

/// Rounding, DAZ, FTZ and sticky flags; all exceptions masked, mostly.
uint32_t randomMxcsr(Random &r) {
  uint32_t mxcsr = 0x1f80 | r.below(4) << 13 | r.below(2) << 6 | r.below(2) << 15 | r.below(64);
  return r.oneIn(8) ? mxcsr & ~(r.below(64) << 7) : mxcsr;
}

void randomRegisters(Random &r, State &s) {
  for (uint64_t &v : s.gpr)
    v = r.integer();
  s.rflags = 0x202 | (r.next() & (flag::Status | flag::DF));
  const bool integers = r.oneIn(3);
  for (Vec128 *v : {s.fx.xmm, s.ymmHigh})
    for (unsigned i = 0; i < 16; ++i)
      v[i] = integers ? Vec128{r.integer(), r.integer()} : Vec128{r.lanes(), r.lanes()};
  randomX87(r, s.fx);
  s.fx.mxcsr = randomMxcsr(r);
  if (hasFsgsbase()) {
    s.fsBase = r.below(2) ? 0 : 8 * r.below(512);
    s.gsBase = r.below(2) ? 0 : 8 * r.below(512);
  }
}

void randomMemory(Random &r) {
  auto *words = reinterpret_cast<uint64_t *>(DataStart);
  for (unsigned i = 0; i < DataSize / 8; ++i)
    words[i] = r.next();
  // Around the operands: values as registers have.
  for (uint64_t at = Middle - 256; at < Middle + 512; at += 8)
    *reinterpret_cast<uint64_t *>(at) = r.below(2) ? r.lanes() : r.integer();
  if (r.below(2))
    for (uint64_t at = Middle - 64; at < Middle + 128; at += 16)
      r.extended(reinterpret_cast<uint8_t *>(at));
}

void simplify(State &s, uint64_t what) {
  auto has = [what](unsigned bit) { return (what >> bit & 1) != 0; };
  for (unsigned i = 0; i < 16; ++i) {
    if (has(simple::Gpr0 + i))
      s.gpr[i] = 0;
    if (has(simple::Xmm0 + i))
      s.fx.xmm[i] = s.ymmHigh[i] = {0, 0};
  }
  if (has(simple::Flags))
    s.rflags = 0x202;
  if (has(simple::X87)) {
    std::memset(s.fx.st, 0, sizeof s.fx.st);
    s.fx.control = 0x37f;
    s.fx.status = 0;
    s.fx.valid = 0;
  }
  if (has(simple::Mxcsr))
    s.fx.mxcsr = DefaultMxcsr;
  if (has(simple::Bases))
    s.fsBase = s.gsBase = 0;
  if (has(simple::Memory))
    std::memset(data(), 0, DataSize);
}

/// Fits a random state to a sequence.
class Fitter {
public:
  Fitter(const Sequence &sequence, Random &r, State &s) : sequence(sequence), r(r), s(s) {}

  void fit() {
    s.gpr[Rsp] = Middle + 0x400 + (r.below(4) ? 0 : r.below(64));
    s.gpr[Rbp] = Middle + 0x800;
    if (r.below(8)) {
      s.gpr[Rsi] = Middle + r.below(512) - 256;
      s.gpr[Rdi] = r.below(2) ? s.gpr[Rsi] + r.below(64) - 32 : Middle + r.below(512) - 256;
    }
    const bool alone = sequence.items.size() == 1;
    for (const Sequence::Item &item : sequence.items)
      fitIndex(item);
    for (const Sequence::Item &item : sequence.items)
      fitBase(item, alone);
    for (const Sequence::Item &item : sequence.items)
      fitImplicit(item);
    if (alone)
      fitAlone(sequence.items[0]);
  }

private:
  uint64_t segmentBase(const Insn &i) const { return i.segment == Reg::Fs ? s.fsBase : i.segment == Reg::Gs ? s.gsBase : 0; }
  bool hasGprIndex(const Insn &i) const { return isGpr(i.index); }

  uint64_t offsetWithoutBase(const Insn &i) const {
    return (hasGprIndex(i) ? s.gpr[number(i.index)] << i.scale : 0) + static_cast<uint64_t>(i.disp);
  }
  uint64_t address(const Insn &i) const {
    uint64_t at = (isGpr(i.base) ? s.gpr[number(i.base)] : 0) + offsetWithoutBase(i);
    if (i.addrSize == 4)
      at = static_cast<uint32_t>(at);
    return at + segmentBase(i);
  }
  static bool inData(uint64_t at, unsigned size) { return at >= DataStart && at < DataEnd && size <= DataEnd - at; }

  void fitIndex(const Sequence::Item &item) {
    const Insn &i = item.insn;
    if (i.memOperand() < 0)
      return;
    if (hasGprIndex(i) && r.below(16)) {
      s.gpr[number(i.index)] = r.below(24);
    } else if (isXmm(i.index)) {
      // Of a gather: most elements are near.
      const unsigned n = number(i.index) - number(Reg::Xmm0);
      const bool wide = std::string_view(item.row).find("gatherq") != std::string_view::npos;
      for (uint64_t *lane : {&s.fx.xmm[n].lo, &s.fx.xmm[n].hi, &s.ymmHigh[n].lo, &s.ymmHigh[n].hi}) {
        const auto low = static_cast<int64_t>(r.below(256)) - 128, high = static_cast<int64_t>(r.below(256)) - 128;
        if (r.below(32))
          *lane = wide ? static_cast<uint64_t>(low) : static_cast<uint32_t>(low) | static_cast<uint64_t>(high) << 32;
      }
    }
  }

  /// Where a memory operand shall be.
  uint64_t target(const Sequence::Item &item) {
    const Insn &i = item.insn;
    const unsigned size = i.size[static_cast<unsigned>(i.memOperand())];
    // Of ten bytes a fault leaves some, and which the processor chooses.
    const std::string_view row = item.row;
    switch (row == "fbstp" || (row == "fstp" && size == 10) ? ~0u : r.below(24)) {
    case 0: return DataEnd - r.below(size + 2); // over the end, in part
    case 1: return DataStart - r.below(size + 2);
    case 2: return DataStart + 0x1000 - r.below(size + 2); // over a page's end
    case 3: return r.oneIn(4) ? r.integer() : Middle;      // anywhere
    default: break;
    }
    return r.below(3) ? Middle + 64 * r.below(3) - 64 : Middle + r.below(160) - 80;
  }

  void fitBase(const Sequence::Item &item, bool alone) {
    const Insn &i = item.insn;
    if (i.memOperand() < 0 || !isGpr(i.base))
      return;
    uint64_t &base = s.gpr[number(i.base)];
    if (!alone) {
      if (base - DataStart >= DataSize) // of several instructions' the first's
        base = r.below(3) ? Middle + 64 * r.below(3) - 64 : Middle + r.below(160) - 80;
      return;
    }
    if (i.base == i.index)
      base = 0; // both of them
    else
      base = target(item) - offsetWithoutBase(i) - segmentBase(i);
  }

  /// Registers that an instruction uses without naming them.
  void fitImplicit(const Sequence::Item &item) {
    const Insn &i = item.insn;
    const std::string_view row = item.row;
    if (i.has(prefix::Rep | prefix::Repne) && r.below(8))
      s.gpr[Rcx] = r.below(40);
    if (row == "xlatb" || row == "xlat")
      s.gpr[Rbx] = Middle;
    if (row.find("maskmov") != row.npos)
      s.gpr[Rdi] = Middle + 16 * r.below(4) + (r.below(3) ? 0 : r.below(16));
    // Offsets of bits reach as far as their register says.
    if (row.starts_with("bt") && i.memOperand() == 0 && i.kind[1] == OpKind::Reg && i.reg[1] != i.base && i.reg[1] != i.index &&
        r.below(8))
      s.gpr[number(i.reg[1])] = static_cast<uint64_t>(static_cast<int64_t>(r.below(2000)) - 1000);
  }

  void fitAlone(const Sequence::Item &item) {
    const Insn &i = item.insn;
    const std::string_view row = item.row;
    const int mem = i.memOperand();
    uint64_t at = mem >= 0 ? address(i) : 0;
    const unsigned size = mem >= 0 ? i.size[static_cast<unsigned>(mem)] : 0;
    if (i.addrSize == 4 && i.has(prefix::Rep | prefix::Repne) && hostVendor() != Vendor::Amd) // isOpen() says why
      for (unsigned n : {Rcx, Rsi, Rdi})
        s.gpr[n] &= 0xffffffff;
    if ((row == "shld" || row == "shrd") && i.size[0] == 2)
      s.gpr[Rcx] = (s.gpr[Rcx] & ~uint64_t(31)) | r.below(17);
    if ((row == "div" || row == "idiv") && r.below(4)) // the quotient fits then, mostly
      s.gpr[Rdx] = row == "div" ? r.below(3) : s.gpr[Rax] >> 63 ? ~uint64_t(0) : 0;
    if (row.starts_with("cmpxchg") && inData(at, size) && r.below(2)) {
      std::memcpy(&s.gpr[Rax], reinterpret_cast<const void *>(at), size < 8 ? size : row == "cmpxchg8b" ? 4 : 8);
      if (row == "cmpxchg8b" || row == "cmpxchg16b")
        std::memcpy(&s.gpr[Rdx], reinterpret_cast<const void *>(at + size / 2), size / 2);
      at = address(i); // the base may be one of them
    }
    if ((row == "ldmxcsr" || row == "vldmxcsr") && inData(at, 4) && r.below(8))
      *reinterpret_cast<uint32_t *>(at) &= mxcsrMask();
    if (row.starts_with("fxrstor") && inData(at, 512) && r.below(8)) {
      const uint32_t mxcsr = randomMxcsr(r);
      std::memcpy(reinterpret_cast<void *>(at + offsetof(FxsaveImage, mxcsr)), &mxcsr, sizeof mxcsr);
    }
    fitTarget(i, at);
    // AC would make the host's own code fault; TF is not done.
    if (row == "popf" || row == "popfq")
      *reinterpret_cast<uint64_t *>(s.gpr[Rsp]) &= ~uint64_t(0x40100);
  }

  /// An indirect branch goes to a landing.
  void fitTarget(const Insn &i, uint64_t at) {
    const uint64_t landing = landingAt(sequence.start(), sequence.end(), r.below(NumLandings + 1));
    if (i.flow == Flow::Ret) {
      *reinterpret_cast<uint64_t *>(s.gpr[Rsp]) = landing;
    } else if (i.flow == Flow::IndirectJump || i.flow == Flow::IndirectCall) {
      if (i.kind[0] == OpKind::Reg)
        s.gpr[number(i.reg[0])] = landing;
      else if (inData(at, 8))
        std::memcpy(reinterpret_cast<void *>(at), &landing, 8);
    }
  }

  const Sequence &sequence;
  Random &r;
  State &s;
};

} // namespace

void prepare(const Sequence &sequence, uint64_t seed, uint64_t simplified, State &state) {
  Random r(seed);
  std::memset(&state, 0, sizeof state);
  randomRegisters(r, state);
  randomMemory(r);
  simplify(state, simplified);
  Fitter(sequence, r, state).fit();
  state.rip = sequence.start();
}

} // namespace dbt::fuzz
