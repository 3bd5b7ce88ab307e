//===- Prefixes.cpp - An instruction's prefixes, put in order -------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decode/Prefixes.h"

#include "Decode/OpcodeSet.h"
#include "Guest/Features.h"

namespace dbt {

namespace {

//===--- One-byte opcodes ---===//

constexpr OpcodeSet Strings =
    OpcodeSet().with(0x6c, 0x6f).with(0xa4, 0xa7).with(0xaa, 0xaf);
constexpr OpcodeSet Branches =
    OpcodeSet(0xc2, 0xc3, 0xe8, 0xe9, 0xeb).with(0x70, 0x7f).with(0xe0, 0xe3);
/// LOCK's, besides the groups: with a destination in memory.
constexpr OpcodeSet Locked(0x00, 0x01, 0x08, 0x09, 0x10, 0x11, 0x18, 0x19, 0x20,
                           0x21, 0x28, 0x29, 0x30, 0x31, 0x86, 0x87);

//===--- 0F opcodes ---===//

/// Where 66, F2 and F3 choose the instruction (SDM Vol. 2, Table A-3): another
/// prefix than one of those listed below makes none that is defined.
constexpr OpcodeSet Simd = OpcodeSet(0xc2, 0xc3)
                               .with(0x10, 0x17)
                               .with(0x28, 0x2f)
                               .with(0x50, 0x7f)
                               .with(0xc4, 0xc6)
                               .with(0xd0, 0xfe);
constexpr OpcodeSet SimdF3 = OpcodeSet(0x10, 0x11, 0x12, 0x16, 0x2a, 0x2b, 0x2c, 0x2d,
                                       0x6f, 0x70, 0x7e, 0x7f, 0xc2, 0xd6, 0xe6)
                                 .with(0x51, 0x53)
                                 .with(0x58, 0x5f);
constexpr OpcodeSet SimdF2 =
    OpcodeSet(0x10, 0x11, 0x12, 0x2a, 0x2b, 0x2c, 0x2d, 0x51, 0x70, 0x78, 0x79, 0x7c, 0x7d, 0xc2,
              0xd0, 0xd6, 0xe6, 0xf0)
        .with(0x58, 0x5a)
        .with(0x5c, 0x5f);
/// Others that F3 makes another instruction of: WBNOINVD, ENDBR and the like,
/// POPCNT, TZCNT, LZCNT, RDFSBASE, and system instructions.
constexpr OpcodeSet OtherF3 =
    OpcodeSet(0x00, 0x01, 0x09, 0xae, 0xb8, 0xbc, 0xbd).with(0x18, 0x1f);
constexpr OpcodeSet OtherF2 = OpcodeSet(0x00, 0x01, 0xae).with(0x18, 0x1f);
/// Of those, where 66 still chooses the operand's size.
constexpr OpcodeSet Sized(0xb8, 0xbc, 0xbd);
constexpr OpcodeSet LockedF(0xab, 0xb0, 0xb1, 0xb3, 0xbb, 0xc0, 0xc1);

struct Opcode {
  uint8_t map; ///< 0, 0x0f, 0x38 or 0x3a
  uint8_t op;
  uint8_t modrm;
};

/// With F3; without it is RDSEED.
bool isRdpid(const Opcode &o) { return o.map == 0x0f && o.op == 0xc7 && o.modrm >= 0xf8; }

bool isBranch(const Opcode &o) {
  const unsigned reg = (o.modrm >> 3) & 7;
  if (o.map == 0)
    return Branches.has(o.op) || (o.op == 0xff && (reg == 2 || reg == 4));
  return o.map == 0x0f && (o.op & 0xf0) == 0x80;
}

/// XGETBV and XSETBV, which no prefix may precede.
bool isXcr(const Opcode &o) { return o.map == 0x0f && o.op == 0x01 && (o.modrm & 0xfe) == 0xd0; }

/// With 66 these are none that is defined (SDM Vol. 2, Tables ).
bool isUndefinedWith66(const Opcode &o) {
  const unsigned reg = (o.modrm >> 3) & 7;
  const bool memory = o.modrm < 0xc0;
  switch (o.map) {
  case 0x0f:
    switch (o.op) {
    case 0x01:
      return isXcr(o);
    case 0x12:
    case 0x16: // MOVLPD, MOVHPD
      return !memory;
    case 0x52:
    case 0x53:
    case 0x77:
      return true;
    case 0x78: // EXTRQ is /0
      return !memory && reg != 0;
    case 0xae: // CLWB and CLFLUSHOPT are defined
      return memory && reg < 6;
    case 0xc7:
      return memory && reg >= 3 && reg <= 5;
    default:
      return false;
    }
  case 0x38:
    return o.op >= 0xc8 && o.op <= 0xcd; // SHA
  case 0x3a:
    return o.op == 0xcc;
  default:
    return false;
  }
}

/// D9 /3 is no second FSTP: it stores an empty register, too.
bool isX87Unknown(const Opcode &o) { return o.map == 0 && o.op == 0xd9 && o.modrm >= 0xd8 && o.modrm < 0xe0; }

/// SDM Vol. 2, LOCK; APM Vol. 3, MOV CRn.
bool lockable(const Opcode &o) {
  const bool controlRegister = o.map == 0x0f && (o.op == 0x20 || o.op == 0x22);
  if (o.modrm >= 0xc0 && !controlRegister)
    return false;
  const unsigned reg = (o.modrm >> 3) & 7;
  if (o.map == 0)
    switch (o.op) {
    case 0x80:
    case 0x81:
    case 0x83:
      return reg != 7;
    case 0xf6:
    case 0xf7:
      return reg == 2 || reg == 3;
    case 0xfe:
    case 0xff:
      return reg < 2;
    default:
      return Locked.has(o.op);
    }
  if (o.map != 0x0f)
    return false;
  if (controlRegister && reg == 0) // CR0 with LOCK is CR8
    return hasFeature(Isa::Cr8Legacy);
  return LockedF.has(o.op) || (o.op == 0xba && reg > 4) ||
         (o.op == 0xc7 && reg == 1);
}

/// What F2 or F3 (\p rep) means in front of \p o.
enum class Rep : uint8_t { Nothing, Chooses, Undefined };

Rep meaning(const Opcode &o, uint8_t rep) {
  const bool f3 = rep == 0xf3;
  switch (o.map) {
  case 0:
    return Strings.has(o.op) || (f3 && o.op == 0x90) ? Rep::Chooses
                                                     : Rep::Nothing;
  case 0x0f: {
    const unsigned reg = (o.modrm >> 3) & 7;
    if (o.op == 0xae) // Capstone takes WAITPKG's and CET's for fences and XSAVE
      return f3 && o.modrm >= 0xc0 && reg < 4 ? Rep::Chooses : Rep::Undefined;
    if (isXcr(o))
      return Rep::Undefined;
    if (o.op == 0xc7) // and RDPID for RDSEED
      return f3 && isRdpid(o) ? Rep::Chooses : reg == 1 ? Rep::Nothing : Rep::Undefined;
    if ((f3 ? SimdF3 : SimdF2).has(o.op) || (f3 ? OtherF3 : OtherF2).has(o.op))
      return Rep::Chooses;
    return Simd.has(o.op) ? Rep::Undefined : Rep::Nothing;
  }
  case 0x38:
    return o.op >= (f3 ? 0xf5 : 0xf0) ? Rep::Chooses : Rep::Undefined; // there is no MOVBE with F3
  default:
    return Rep::Undefined;
  }
}

bool isRex(uint8_t b) { return (b & 0xf0) == 0x40; }

} // namespace

Prefixes::Prefixes(const uint8_t *bytes, size_t available) {
  numCanonical = 0;
  lock = false;
  verdict = PrefixVerdict::Good;
  uint8_t segment = 0, rex = 0;
  rep = 0;
  bool bothReps = false;
  size = address = narrowBranch = otherLoop = false;
  size_t at = 0;
  for (; at < available; ++at) {
    const uint8_t b = bytes[at];
    if (isRex(b)) {
      rex = b;
      continue;
    }
    if (b == 0xf0)
      lock = true;
    else if (b == 0xf2 || b == 0xf3) {
      bothReps |= rep && rep != b;
      rep = b;
    } else if (b == 0x66)
      size = true;
    else if (b == 0x67)
      address = true;
    else if (b == 0x64 || b == 0x65)
      segment = b;
    else if ((b & 0xe7) != 0x26) // CS, DS, ES and SS mean nothing
      break;
    rex = 0; // counts only right in front of the opcode
  }
  numOriginal = static_cast<uint8_t>(at);
  auto byte = [&](size_t i) {
    return at + i < available ? bytes[at + i] : uint8_t(0);
  };
  if (at >= available) {
    verdict = PrefixVerdict::Undefined;
    return;
  }
  Opcode o = {0, byte(0), byte(1)};
  if (o.op == 0x0f) {
    const bool three = byte(1) == 0x38 || byte(1) == 0x3a;
    o = three ? Opcode{byte(1), byte(2), byte(3)}
              : Opcode{0x0f, byte(1), byte(2)};
  } else if (o.op == 0xc4 || o.op == 0xc5 || o.op == 0x62) {
    if (lock || rep || size || rex)
      verdict = PrefixVerdict::Undefined; // SDM Vol. 2, 2.3.2
  }
  if ((lock && !lockable(o)) || (size && !rep && isUndefinedWith66(o)))
    verdict = PrefixVerdict::Undefined;

  auto ambiguous = [&](bool is) {
    if (is && verdict == PrefixVerdict::Good)
      verdict = PrefixVerdict::Ambiguous;
  };
  const bool wide = rex & 8;
  const bool chosen =
      o.map == 0x0f ? Simd.has(o.op) || OtherF3.has(o.op) || OtherF2.has(o.op)
                    : o.map != 0;
  if (rep == 0xf3 && o.map == 0 && o.op == 0x90) {
    // With REX.B PAUSE to Intel's processors, XCHG with R8 to AMD's.
    if (guestIsAmd() && (rex & 1))
      rep = 0;
    else
      rex = 0;
  }
  otherLoop = guestIsAmd() && o.map == 0 && ((o.op == 0xe0 && rep == 0xf3) || (o.op == 0xe1 && rep == 0xf2));
  const Rep means = rep ? meaning(o, rep) : Rep::Nothing;
  ambiguous(means == Rep::Undefined || (bothReps && means == Rep::Chooses));
  ambiguous(
      size && o.map == 0x0f &&
      (o.op == 0xc3 || (o.op == 0xae && o.modrm >= 0xc0))); // MOVNTI, TPAUSE
  ambiguous(isX87Unknown(o));
  // AMD truncates RIP, Intel ignores 66. REX.W is before it: calls are so
  // padded.
  const bool sizedBranch = size && isBranch(o) && !wide;
  ambiguous(sizedBranch && guestVendor() == Vendor::Other);
  narrowBranch = sizedBranch && guestIsAmd();
  if (isBranch(o))
    size = false;
  if (means == Rep::Nothing)
    rep = 0;
  if (rep && o.map == 0x0f && Simd.has(o.op))
    size = false; // F2 and F3 are before 66 where each chooses the instruction
  if (wide && (!chosen || (o.map == 0x0f && Sized.has(o.op))))
    size = false; // REX.W is before 66 where both choose the operand's size
  if (o.map == 0 && (o.op == 0x8c || o.op == 0x8e) && rex)
    rex &= ~4; // segment registers are three bits
  if (rep == 0xf3 && o.map == 0x0f && o.op == 0x7e)
    rex &= ~8; // MOVQ is of 64 bits as it is; Capstone moves to an integer register

  // Capstone takes 67 with REX.W for 66. Except for these two, 67 changes
  // nothing but which bits of the address count.
  const bool moffs = o.map == 0 && (o.op & 0xfc) == 0xa0,
             jecxz = o.map == 0 && o.op == 0xe3;
  if (jecxz)
    rex = segment = 0;
  auto put = [&](uint8_t b) {
    if (b)
      canonical[numCanonical++] = b;
  };
  put(address && (moffs || jecxz) ? 0x67 : 0);
  put(segment);
  // Capstone wants 66 first where F2 and F3 choose the instruction, and last
  // where they are REP.
  if (o.map == 0)
    put(rep);
  put(size ? 0x66 : 0);
  if (o.map != 0)
    put(rep);
  put(rex);
}

} // namespace dbt
