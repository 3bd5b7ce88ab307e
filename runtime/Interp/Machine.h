//===- Machine.h - The abstract machine, interpreting -----------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Operands, guest memory, flags and control of one instruction. Values are
// Guest/HostValues.h's; the integer algebra is HostInts, the vector algebra
// VectorOps. A Shape tells at compile time what kind operands are, so that a
// hot handler is a few host instructions; Dynamic looks at the Insn.
//
// Invariant: every access to guest memory is preceded by a store of the op to
// CpuState::currentInsn, and comes before the first write to the state, so that a
// host fault leaves the guest's state as it was before the instruction.
//===----------------------------------------------------------------------===//
#ifndef DBT_INTERP_MACHINE_H
#define DBT_INTERP_MACHINE_H

#include "Guest/CpuState.h"
#include "Guest/FlagsWord.h"
#include "Guest/Fxsave.h"
#include "Guest/Host/HostCpu.h"
#include "Guest/Host/HostVector.h"
#include "Guest/HostInts.h"
#include "Interp/Block.h"
#include "Interp/Shape.h"
#include "Interp/VectorOps.h"
#include "Semantics/Algebra.h"
#include "Semantics/Helpers/Operands.h"
#include "Semantics/Row.h"

#include <cstring>

namespace dbt {

/// Leaves the handler chain for the dispatcher with \p trap raised by \p op.
[[noreturn]] void interpRaise(CpuState *s, const IOp *op, Trap trap);

namespace interp {

using namespace host;

/// Where the handler goes after the body.
enum class Next : uint8_t { Op, Link0, Link1, Indirect, Syscall };

// Without this the machine object would be spilled around every method that the
// inliner thinks too large, in every handler.
#pragma clang attribute push(__attribute__((always_inline)), apply_to = function)

template <class Shape> class Machine : public HostInts, public VectorOps {
public:
  Machine(CpuState *s, const IOp *op) : s(s), op(op), insn(op->insn) {}

  Next next = Next::Op;

  //===--- The instruction ---===//

  const Insn &instruction() const { return insn; }
  Val<64> nextPc() const { return {insn.nextPc()}; }

  //===--- Registers ---===//

  template <unsigned N> Val<N> reg(Bits<N>, Reg r) const {
    if constexpr (N == 8 && !Shape::IntegerRegs)
      if (isHighByte(r))
        return {static_cast<uint8_t>(s->gpr[number(r) - number(Reg::Ah)] >> 8)};
    return {static_cast<typename Val<N>::U>(s->gpr[number(r)])};
  }
  template <unsigned N> void setReg(Bits<N>, Reg r, Val<N> v) {
    if constexpr (N == 8 && Shape::IntegerRegs) {
      std::memcpy(&s->gpr[number(r)], &v.v, 1);
    } else if constexpr (N == 8) {
      bool high = isHighByte(r);
      auto *bytes = reinterpret_cast<uint8_t *>(&s->gpr[high ? number(r) - number(Reg::Ah) : number(r)]);
      bytes[high] = v.v;
    } else if constexpr (N == 16) {
      std::memcpy(&s->gpr[number(r)], &v.v, 2);
    } else {
      s->gpr[number(r)] = v.v; // a 32-bit write clears the upper half
    }
  }
  /// Writes \p r where \p c; unlike a written-back select this leaves the upper
  /// half alone where not.
  template <unsigned N> void setRegIf(Bool c, Bits<N> w, Reg r, Val<N> v) {
    if (c.v)
      setReg(w, r, v);
  }
  Val<64> segmentBase(Reg seg) const { return {seg == Reg::Fs ? s->fsBase : s->gsBase}; }
  void setSegmentBase(Reg seg, Val<64> v) { (seg == Reg::Fs ? s->fsBase : s->gsBase) = v.v; }

  //===--- Memory ---===//

  /// The address of the memory operand, without its segment's base (LEA).
  Val<64> offset() const {
    uint64_t a = s->gpr[number(insn.base)] + (s->gpr[number(insn.index)] << insn.scale) +
                 static_cast<uint64_t>(insn.disp);
    if constexpr (!Shape::PlainAddress)
      if (insn.addrSize == 4)
        a = static_cast<uint32_t>(a);
    return {a};
  }
  /// The linear address of the memory operand.
  Val<64> address() const {
    uint64_t a = offset().v;
    if constexpr (!Shape::PlainAddress)
      if (insn.segment != Reg::None)
        a += segmentBase(insn.segment).v;
    return {a};
  }
  template <unsigned N> Val<N> load(Bits<N>, Val<64> address) {
    s->currentInsn = op;
    return {*reinterpret_cast<const volatile Unaligned<typename Val<N>::U> *>(address.v)};
  }
  template <unsigned N> void store(Bits<N>, Val<64> address, Val<N> v) {
    s->currentInsn = op;
    *reinterpret_cast<volatile Unaligned<typename Val<N>::U> *>(address.v) = v.v;
  }
  template <unsigned N> Vec<N> loadVec(Bits<N>, Val<64> address) {
    s->currentInsn = op;
    // All of it is read, whatever of it counts.
    auto *from = reinterpret_cast<const volatile VectorPart<N> *>(address.v);
    Vec<N> v;
    for (unsigned i = 0; i < N / 8 / sizeof *from; ++i) {
      auto part = from[i].q;
      std::memcpy(reinterpret_cast<char *>(&v) + i * sizeof part, &part, sizeof part);
    }
    return v;
  }
  template <unsigned N> void storeVec(Bits<N>, Val<64> address, Vec<N> v) {
    s->currentInsn = op;
    // A fault stores nothing: the last bytes come first, and the first are tried before.
    if (N == 256 && __builtin_expect((address.v & 0xfff) > 0x1000 - N / 8, 0))
      helpers::probeStore(address.v, 1);
    auto *to = reinterpret_cast<volatile VectorPart<N> *>(address.v);
    for (unsigned i = N / 8 / sizeof *to; i-- > 0;) {
      VectorPart<N> part;
      std::memcpy(&part, reinterpret_cast<const char *>(&v) + i * sizeof part, sizeof part);
      to[i].q = part.q;
    }
  }
  /// The lanes whose mask's top bit is set; the others are zero, and not accessed.
  template <unsigned L, unsigned N> Vec<N> maskLoad(Bits<L>, Val<64> address, Vec<N> mask) {
    s->currentInsn = op;
    const auto *p = reinterpret_cast<const volatile Unaligned<typename Val<L>::U> *>(address.v);
    const auto wanted = lanes<typename Val<L>::S>(mask);
    Lanes<typename Val<L>::U, N> r = {};
    for (unsigned i = 0; i < N / L; ++i)
      if (wanted.lane[i] < 0)
        r.lane[i] = p[i];
    return vector<typename Val<L>::U, N>(r);
  }
  template <unsigned L, unsigned N> void maskStore(Bits<L> l, Val<64> address, Vec<N> mask, Vec<N> v) {
    s->currentInsn = op;
    hostvector::maskStore(l, address.v, mask, v);
  }

  //===--- Operands ---===//

  template <unsigned N> Val<N> read(Bits<N> w, int i) {
    switch (Shape::kind(insn, i)) {
    case OpKind::Reg:
      if constexpr (N >= 32)
        if (!Shape::IntegerRegs && isXmm(insn.reg[i]))
          return {static_cast<typename Val<N>::U>(vecReg(w128, insn.reg[i]).q[0])};
      if constexpr (N >= 32)
        if (!Shape::IntegerRegs && isMmx(insn.reg[i]))
          return {static_cast<typename Val<N>::U>(mmx(insn.reg[i]).significand)};
      return reg(w, insn.reg[i]);
    case OpKind::Imm:
      return {static_cast<typename Val<N>::U>(insn.imm)};
    default:
      return load(w, address());
    }
  }
  /// Writes an integer register or memory.
  template <unsigned N> void write(Bits<N> w, int i, Val<N> v) {
    if (Shape::kind(insn, i) == OpKind::Reg)
      setReg(w, insn.reg[i], v);
    else
      store(w, address(), v);
  }

  template <unsigned N> struct Changed {
    Val<N> before, after;
  };
  /// operand i = operand i `how` b; atomic with LOCK (and always, for Xchg on memory).
  template <unsigned N> Changed<N> update(Rmw how, Bits<N> w, int i, Val<N> b) {
    if (Shape::kind(insn, i) == OpKind::Reg) {
      Val<N> a = reg(w, insn.reg[i]), r = combine(how, a, b);
      setReg(w, insn.reg[i], r);
      return {a, r};
    }
    return updateAt(how, w, address(), b);
  }
  /// The same on memory at \p at (BTS with a bit offset beyond its operand).
  template <unsigned N> Changed<N> updateAt(Rmw how, Bits<N> w, Val<64> at, Val<N> b) {
    if (how != Rmw::Xchg && !insn.has(prefix::Lock)) {
      Val<N> a = load(w, at), r = combine(how, a, b);
      store(w, at, r);
      return {a, r};
    }
    s->currentInsn = op;
    auto *p = reinterpret_cast<Unaligned<typename Val<N>::U> *>(at.v);
    Val<N> a = {atomicUpdate<N>(how, p, b.v)};
    return {a, combine(how, a, b)};
  }
  template <unsigned N> struct Exchanged {
    Val<N> before;
    Bool equal;
  };
  /// If operand i equals \p expected, it becomes \p desired; atomic with LOCK.
  /// A register is written through write() rules only when equal.
  template <unsigned N>
  Exchanged<N> compareExchange(Bits<N> w, int i, Val<N> expected, Val<N> desired) {
    if constexpr (N <= 64)
      if (Shape::kind(insn, i) == OpKind::Reg) {
        Val<N> a = reg(w, insn.reg[i]);
        if (a.v == expected.v)
          setReg(w, insn.reg[i], desired);
        return {a, {a.v == expected.v}};
      }
    s->currentInsn = op;
    auto *p = reinterpret_cast<Unaligned<typename Val<N>::U> *>(address().v);
    auto before = expected.v;
    // Always locked: a plain CMPXCHG may be atomic too, and nobody can tell.
    bool equal;
    if constexpr (N > 64)
      equal = host::compareExchange16(p, before, desired.v);
    else
      equal = __atomic_compare_exchange_n(p, &before, desired.v, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return {{before}, {equal}};
  }
  /// Faults where a byte at \p at could not be written.
  void probeStore(Val<64> at) {
    s->currentInsn = op;
    helpers::probeStore(at.v, 1);
  }
  /// A spin loop's hint.
  void pause() {  }
  void fence() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

  //===--- Vector registers ---===//

  X87State::Value &mmx(Reg r) const { return s->x87.st[number(r) - number(Reg::Mm0)]; }
  /// What precedes and what follows every MMX instruction.
  void beginMmx() {
    if (s->x87.status & x87status::Summary)
      interpRaise(s, op, Trap::MF);
  }
  void endMmx() {
    s->x87.status &= static_cast<uint16_t>(~x87status::Top);
    s->x87.valid = 0xff;
  }
  void emptyX87() { s->x87.valid = 0; }
  Vec128 &xmm(Reg r) const { return s->xmm[number(r) - number(Reg::Xmm0)]; }
  /// Noted as the instruction under way, too: arithmetic may raise SIGFPE.
  template <unsigned N> Vec<N> vecReg(Bits<N>, Reg r) const {
    s->currentInsn = op;
    unsigned n = number(r) - number(Reg::Xmm0);
    if constexpr (N == 64)
      return {{mmx(r).significand}};
    else if constexpr (N == 128)
      return {{s->xmm[n].lo, s->xmm[n].hi}};
    else
      return {{s->xmm[n].lo, s->xmm[n].hi, s->ymmHigh[n].lo, s->ymmHigh[n].hi}};
  }
  /// Bits 128 and up: kept by a legacy SSE instruction, cleared by a VEX one.
  template <unsigned N> void setVecReg(Bits<N>, Reg r, Vec<N> v) {
    if constexpr (N == 64) {
      mmx(r) = {v.q[0], 0xffff};
    } else {
      unsigned n = number(r) - number(Reg::Xmm0);
      s->xmm[n] = {v.q[0], v.q[1]};
      if constexpr (N == 256)
        s->ymmHigh[n] = {v.q[2], v.q[3]};
      else if (insn.has(prefix::Vex))
        s->ymmHigh[n] = {0, 0};
    }
  }
  /// Of an integer register, which is not noted when it is read.
  template <unsigned To, unsigned From> Val<To> fromInt(Bits<To> w, Val<From> a) const {
    s->currentInsn = op;
    asm("" : "+r"(a.v) : : "memory"); // not before that
    return VectorOps::fromInt(w, a);
  }
  /// A vector operand. In memory a legacy SSE operand of 16 bytes must be
  /// aligned (#GP) unless \p align is Unaligned (SDM Vol. 1, 10.4.1.1) or MXCSR.MM is set.
  template <unsigned N> Vec<N> readVec(Bits<N> w, int i, Alignment align = Alignment::Natural) {
    if (Shape::kind(insn, i) == OpKind::Reg)
      return vecReg(w, insn.reg[i]);
    Val<64> at = address();
    checkAligned(w, at, align);
    return loadVec(w, at);
  }
  template <unsigned N> void writeVec(Bits<N> w, int i, Vec<N> v, Alignment align = Alignment::Natural) {
    if (Shape::kind(insn, i) == OpKind::Reg)
      return setVecReg(w, insn.reg[i], v);
    Val<64> at = address();
    checkAligned(w, at, align);
    storeVec(w, at, v);
  }
  /// Clears bits 128 and up.
  void zeroUpper(Reg r) { s->ymmHigh[number(r) - number(Reg::Xmm0)] = {0, 0}; }
  /// Writes the low N bits of vector register operand i, or stores N bits. The others
  /// up to bit 127 stay or, with VEX, are operand 1's, and those above become zero.
  template <unsigned N> void writeLow(Bits<N> w, int i, Val<N> v) {
    if (Shape::kind(insn, i) != OpKind::Reg)
      return store(w, address(), v);
    Vec<128> whole = vecReg(w128, insn.reg[insn.has(prefix::Vex) ? 1 : i]);
    std::memcpy(&whole, &v.v, N / 8);
    setVecReg(w128, insn.reg[i], whole);
  }

  //===--- Flags ---===//

  /// All six status flags from an operation (Flags.h says what a and b are).
  template <unsigned N> void setFlags(FlagKind kind, Bits<N>, Val<N> a, Val<N> b) {
    s->flags = {flagOp(kind, N), a.v, b.v};
  }
  /// The same where \p c, unchanged elsewhere.
  template <unsigned N> void setFlagsIf(Bool c, FlagKind kind, Bits<N> w, Val<N> a, Val<N> b) {
    if (c.v)
      setFlags(kind, w, a, b);
  }
  /// a + b + carry (Adc) or a - b - carry (Sbb).
  template <unsigned N> void setFlagsCarry(FlagKind kind, Bits<N> w, Val<N> a, Val<N> b, Bool carry) {
    FlagKind without = kind == FlagKind::Adc ? FlagKind::Add : FlagKind::Sub;
    setFlags(carry.v ? kind : without, w, a, b);
  }
  /// UCOMISS and, \p signalling, COMISS: ZF, PF and CF for unordered, CF for less, ZF
  /// for equal, none for greater.
  template <unsigned L> void fcompareFlags(bool signalling, Val<L> a, Val<L> b) {
    using F = std::conditional_t<L == 32, float, double>;
    hostfp::Relation r = hostfp::relation(signalling, std::bit_cast<F>(a.v), std::bit_cast<F>(b.v));
    uint64_t word = (r.zero ? flag::ZF : 0) | (r.parity ? flag::PF : 0) | (r.carry ? flag::CF : 0);
    s->flags = {flagOp(FlagKind::Literal, 64), word, 0};
  }
  /// Replaces the status flags in \p mask by those of \p word (RFLAGS positions).
  void setFlagBits(uint32_t mask, Val<64> word) {
    if ((mask & ~(flag::CF | flag::OF | flag::AF)) == 0)
      return replaceCarryFlags(s->flags, mask, word.v);
    uint64_t keep = mask == flag::Status ? 0 : statusFlags(s->flags) & ~mask;
    s->flags = {flagOp(FlagKind::Literal, 64), keep | (word.v & mask), 0};
  }
  /// The same where \p c, unchanged elsewhere.
  void setFlagBitsIf(Bool c, uint32_t mask, Val<64> word) {
    if (c.v)
      setFlagBits(mask, word);
  }
  Bool flag(uint32_t which) const {
    if constexpr (Shape::HasFlagHint)
      return hinted([&](auto &m, auto w, auto a, auto b) { return computeFlag(m, Shape::HintKind, which, w, a, b); });
    else
      return {evaluateFlag(s->flags, which)};
  }
  Bool condition(Cond cond) const {
    if constexpr (Shape::HasFlagHint)
      return hinted([&](auto &m, auto w, auto a, auto b) { return computeCond(m, Shape::HintKind, cond, w, a, b); });
    else
      return {evaluate(s->flags, cond)};
  }
  /// The six status flags at their RFLAGS positions.
  Val<64> statusWord() const { return {statusFlags(s->flags)}; }
  /// RFLAGS as PUSHF stores it.
  Val<64> rflagsWord() const { return {rflags(*s)}; }
  void setRflagsWord(Val<64> word) { setRflags(*s, word.v); }
  /// The direction flag: set where strings are walked downwards.
  Bool direction() const { return {s->df != 0}; }
  void setDirection(bool down) { s->df = down; }

  //===--- Division ---===//

  struct Divided {
    Val<64> quotient, remainder;
  };
  /// 128 bits by 64, raising #DE where the quotient does not fit. A machine takes
  /// care that the usual dividend, of 64 significant bits, is fast. (Narrower
  /// divisions are the algebra's udiv, urem, sdiv and srem at twice the width.)
  Divided divideUnsigned(Val<64> high, Val<64> low, Val<64> divisor) {
    if (__builtin_expect(high.v >= divisor.v, 0))
      interpRaise(s, op, Trap::DE);
    if (__builtin_expect(high.v == 0, 1))
      return {{low.v / divisor.v}, {low.v % divisor.v}};
    auto dividend = static_cast<unsigned __int128>(high.v) << 64 | low.v;
    return {{static_cast<uint64_t>(dividend / divisor.v)}, {static_cast<uint64_t>(dividend % divisor.v)}};
  }
  Divided divideSigned(Val<64> high, Val<64> low, Val<64> divisor) {
    auto dividend = static_cast<__int128>(static_cast<unsigned __int128>(high.v) << 64 | low.v);
    constexpr __int128 Lowest = static_cast<__int128>(1) << 127;
    // The lowest dividend has no quotient that fits, whatever the divisor.
    if (__builtin_expect(divisor.v == 0 || dividend == Lowest, 0))
      interpRaise(s, op, Trap::DE);
    if (__builtin_expect(dividend == low.s() && divisor.s() != -1, 1))
      return {{static_cast<uint64_t>(low.s() / divisor.s())}, {static_cast<uint64_t>(low.s() % divisor.s())}};
    __int128 quotient = dividend / divisor.s();
    if (quotient != static_cast<int64_t>(quotient))
      interpRaise(s, op, Trap::DE);
    return {{static_cast<uint64_t>(quotient)}, {static_cast<uint64_t>(dividend % divisor.s())}};
  }

  //===--- Control ---===//

  void jump() { take(Next::Link1, static_cast<uint64_t>(insn.imm)); }
  void jumpIf(Bool c) {
    if (c.v)
      take(Next::Link1, static_cast<uint64_t>(insn.imm));
    else
      take(Next::Link0, insn.nextPc());
  }
  void jumpTo(Val<64> target) { take(Next::Indirect, target.v); }
  /// A call's jump, after its return address is stored.
  void call() { jump(); }
  void callTo(Val<64> target) { jumpTo(target); }
  void retTo(Val<64> target) { jumpTo(target); }
  void syscall() { take(Next::Syscall, insn.nextPc()); }
  void trap(Trap t) { interpRaise(s, op, t); }
  void trapIf(Bool c, Trap t) {
    if (__builtin_expect(c.v, 0))
      interpRaise(s, op, t);
  }
  /// LDMXCSR's value from now on; #GP for reserved bits.
  void setMxcsr(Val<32> v) {
    if (v.v & ~mxcsrMask())
      interpRaise(s, op, Trap::GP);
    s->mxcsr = v.v;
    hostfp::setMxcsr(v.v);
  }
  Val<32> mxcsr() const { return {hostfp::mxcsr()}; }
  /// An x87 instruction: Fn, or what Spec says to the host's unit.
  template <HelperFn Fn, auto Spec> void x87() { callHelper<Fn>(); }
  template <HelperFn Fn> void callHelper() {
    s->currentInsn = op;
    if (Trap t = Fn(*s, insn); t != Trap::None)
      interpRaise(s, op, t);
  }

private:
  template <class T> using Unaligned __attribute__((aligned(1), may_alias)) = T;
  /// What a host instruction loads or stores of a vector at a time.
  template <unsigned N> struct __attribute__((packed, may_alias)) VectorPart {
    uint64_t q __attribute__((vector_size(N < 128 ? N / 8 : 16)));
  };

  void take(Next n, uint64_t rip) {
    next = n;
    s->rip = rip;
  }
  template <class F> Bool hinted(F f) const {
    constexpr Bits<Shape::HintBits> w;
    HostInts m;
    return f(m, w, constant(w, s->flags.a), constant(w, s->flags.b));
  }
  template <unsigned N> void checkAligned(Bits<N>, Val<64> at, Alignment align) {
    if (N < 128)
      return; // MMX has no such rule
    bool required = align == Alignment::Required || (align == Alignment::Natural && !insn.has(prefix::Vex));
    if (!required || __builtin_expect((at.v & (N / 8 - 1)) == 0, 1))
      return;
    if (align == Alignment::Required || !(hostfp::mxcsr() & MxcsrMisaligned))
      interpRaise(s, op, Trap::GP);
  }
  template <unsigned N> static Val<N> combine(Rmw how, Val<N> a, Val<N> b) {
    switch (how) {
    case Rmw::Add: return add(a, b);
    case Rmw::Sub: return sub(a, b);
    case Rmw::And: return and_(a, b);
    case Rmw::Or: return or_(a, b);
    case Rmw::Xor: return xor_(a, b);
    case Rmw::Neg: return neg(a);
    case Rmw::Xchg: return b;
    }
    __builtin_unreachable();
  }
  template <unsigned N, class P> static typename Val<N>::U atomicUpdate(Rmw how, P *p, typename Val<N>::U b) {
    switch (how) {
    case Rmw::Add: return __atomic_fetch_add(p, b, __ATOMIC_SEQ_CST);
    case Rmw::Sub: return __atomic_fetch_sub(p, b, __ATOMIC_SEQ_CST);
    case Rmw::And: return __atomic_fetch_and(p, b, __ATOMIC_SEQ_CST);
    case Rmw::Or: return __atomic_fetch_or(p, b, __ATOMIC_SEQ_CST);
    case Rmw::Xor: return __atomic_fetch_xor(p, b, __ATOMIC_SEQ_CST);
    case Rmw::Xchg: return __atomic_exchange_n(p, b, __ATOMIC_SEQ_CST);
    case Rmw::Neg: {
      auto old = __atomic_load_n(p, __ATOMIC_RELAXED);
      while (!__atomic_compare_exchange_n(p, &old, static_cast<typename Val<N>::U>(0 - old), false,
                                          __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
      }
      return old;
    }
    }
    __builtin_unreachable();
  }

  CpuState *const s;
  const IOp *const op;
  const Insn &insn;
};

#pragma clang attribute pop

} // namespace interp
} // namespace dbt

#endif
