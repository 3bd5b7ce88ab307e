//===- Machine.h - The abstract machine, recording effects ------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A value is a constant or unknown; vectors are always unknown. What happens under
// an unknown condition is recorded as something that may happen.
//===----------------------------------------------------------------------===//
#ifndef DBT_EFFECTS_MACHINE_H
#define DBT_EFFECTS_MACHINE_H

#include "Decode/Insn.h"
#include "Effects/Effects.h"
#include "Guest/HostInts.h"
#include "Semantics/Algebra.h"
#include "Semantics/Row.h"

#include <span>

namespace dbt::effects {

using Ints = host::HostInts;

template <unsigned N> struct Val {
  bool known = false;
  host::Val<N> v = {};
  Val() = default;
  Val(host::Val<N> v) : known(true), v(v) {}
};
struct Bool {
  bool known = false;
  host::Bool v = {};
  Bool() = default;
  Bool(host::Bool v) : known(true), v(v) {}
  bool never() const { return known && !v.v; }
  bool always() const { return known && v.v; }
};
template <unsigned N> struct Vec {};

class Machine {
public:
  explicit Machine(const Insn &insn) : insn(insn) {}

  /// After the body.
  Effects result() const {
    Effects result = e;
    if (carryReads)
      result.flagsRead |= flag::CF;
    return result;
  }

  const Insn &instruction() const { return insn; }
  Val<64> nextPc() { return constant(w64, insn.nextPc()); }

  //===--- Integers ---===//

  template <unsigned N> Val<N> constant(Bits<N> w, uint64_t k) { return Ints::constant(w, k); }
  Bool boolean(bool b) { return Ints::boolean(b); }
#define DBT_BINARY(name)                                                                           \
  template <unsigned N> Val<N> name(Val<N> a, Val<N> b) {                                          \
    return a.known && b.known ? Val<N>(Ints::name(a.v, b.v)) : Val<N>();                           \
  }
  DBT_BINARY(add) DBT_BINARY(sub) DBT_BINARY(mul) DBT_BINARY(and_) DBT_BINARY(or_) DBT_BINARY(xor_)
  DBT_BINARY(shl) DBT_BINARY(lshr) DBT_BINARY(ashr) DBT_BINARY(rotl) DBT_BINARY(rotr)
#undef DBT_BINARY
  // Never folded: a body divides behind its trapIf, which does not stop this machine.
  template <unsigned N> Val<N> udiv(Val<N>, Val<N>) { return {}; }
  template <unsigned N> Val<N> urem(Val<N>, Val<N>) { return {}; }
  template <unsigned N> Val<N> sdiv(Val<N>, Val<N>) { return {}; }
  template <unsigned N> Val<N> srem(Val<N>, Val<N>) { return {}; }
#define DBT_UNARY(type, name)                                                                      \
  template <unsigned N> type name(Val<N> a) { return a.known ? type(Ints::name(a.v)) : type(); }
  DBT_UNARY(Val<N>, not_) DBT_UNARY(Val<N>, neg) DBT_UNARY(Val<N>, popcount) DBT_UNARY(Val<N>, clz)
  DBT_UNARY(Val<N>, ctz) DBT_UNARY(Val<N>, bswap) DBT_UNARY(Bool, parity)
#undef DBT_UNARY
#define DBT_RELATION(name)                                                                         \
  template <unsigned N> Bool name(Val<N> a, Val<N> b) {                                            \
    return a.known && b.known ? Bool(Ints::name(a.v, b.v)) : Bool();                               \
  }
  DBT_RELATION(eq) DBT_RELATION(ne) DBT_RELATION(ult) DBT_RELATION(ule) DBT_RELATION(slt) DBT_RELATION(sle)
#undef DBT_RELATION
#define DBT_RESIZE(name)                                                                           \
  template <unsigned M, unsigned N> Val<M> name(Bits<M> to, Val<N> a) {                            \
    return a.known ? Val<M>(Ints::name(to, a.v)) : Val<M>();                                       \
  }
  DBT_RESIZE(zext) DBT_RESIZE(sext) DBT_RESIZE(trunc)
#undef DBT_RESIZE
  Bool and_(Bool a, Bool b) {
    if (a.never() || b.never())
      return boolean(false);
    return a.known && b.known ? boolean(true) : Bool();
  }
  Bool or_(Bool a, Bool b) { return not_(and_(not_(a), not_(b))); }
  Bool xor_(Bool a, Bool b) { return a.known && b.known ? Bool(Ints::xor_(a.v, b.v)) : Bool(); }
  Bool not_(Bool a) { return a.known ? Bool(Ints::not_(a.v)) : Bool(); }
  template <unsigned N> Val<N> fromBool(Bits<N> w, Bool b) { return b.known ? Val<N>(Ints::fromBool(w, b.v)) : Val<N>(); }
  template <class T> T select(Bool c, T a, T b) { return c.always() ? a : c.never() ? b : T(); }
  template <unsigned N> Val<N> depositBits(Val<N>, Val<N>) { return {}; }
  template <unsigned N> Val<N> extractBits(Val<N>, Val<N>) { return {}; }
  template <unsigned N> Val<32> crc32(Val<32>, Val<N>) { return {}; }
  struct Quotient {
    Val<64> quotient, remainder;
  };
  Quotient divideUnsigned(Val<64>, Val<64>, Val<64>) { return divide(); }
  Quotient divideSigned(Val<64>, Val<64>, Val<64>) { return divide(); }

  //===--- Registers and memory ---===//

  template <unsigned N> Val<N> reg(Bits<N>, Reg r) {
    e.gprsRead |= gprBit(r);
    return {};
  }
  template <unsigned N> void setReg(Bits<N>, Reg r, Val<N>) {
    e.gprsWritten |= gprBit(r);
    if constexpr (N < 32)
      e.gprsRead |= gprBit(r);
  }
  template <unsigned N> void setRegIf(Bool c, Bits<N> w, Reg r, Val<N> v) {
    if (c.never())
      return;
    setReg(w, r, v);
    if (!c.known)
      e.gprsRead |= gprBit(r);
  }
  Val<64> segmentBase(Reg) {
    e.partsRead |= part::Segments;
    return {};
  }
  void setSegmentBase(Reg r, Val<64>) {
    segmentBase(r); // the other one stays
    e.partsWritten |= part::Segments;
  }
  Val<64> offset() {
    e.gprsRead |= gprBit(insn.base) | gprBit(insn.index);
    return {};
  }
  Val<64> address() {
    if (insn.segment != Reg::None)
      segmentBase(insn.segment);
    return offset();
  }
  template <unsigned N> Val<N> load(Bits<N>, Val<64>) {
    e.partsRead |= part::Memory;
    return {};
  }
  template <unsigned N> void store(Bits<N>, Val<64>, Val<N>) { e.partsWritten |= part::Memory; }

  template <unsigned N> Val<N> read(Bits<N> w, int i) {
    if (insn.kind[i] == OpKind::Imm)
      return constant(w, static_cast<uint64_t>(insn.imm));
    if (insn.kind[i] != OpKind::Reg)
      return load(w, address());
    if (isXmm(insn.reg[i]) || isMmx(insn.reg[i]))
      readVectorReg(insn.reg[i]);
    else
      reg(w, insn.reg[i]);
    return {};
  }
  template <unsigned N> void write(Bits<N> w, int i, Val<N> v) {
    if (insn.kind[i] == OpKind::Reg)
      setReg(w, insn.reg[i], v);
    else
      store(w, address(), v);
  }
  template <unsigned N> struct Changed {
    Val<N> before, after;
  };
  template <unsigned N> Changed<N> update(Rmw, Bits<N> w, int i, Val<N>) {
    read(w, i);
    write(w, i, Val<N>());
    return {};
  }
  template <unsigned N> Changed<N> updateAt(Rmw, Bits<N> w, Val<64> at, Val<N> b) {
    load(w, at);
    store(w, at, b);
    return {};
  }
  template <unsigned N> struct Exchanged {
    Val<N> before;
    Bool equal;
  };
  template <unsigned N> Exchanged<N> compareExchange(Bits<N> w, int i, Val<N>, Val<N> desired) {
    read(w, i);
    write(w, i, desired);
    return {};
  }
  void probeStore(Val<64> at) { store(w8, at, Val<8>()); }
  void pause() {}
  /// Accesses must not pass it.
  void fence() {
    e.partsRead |= part::Memory;
    e.partsWritten |= part::Memory;
  }

  //===--- Vector registers ---===//

  void beginMmx() {
    e.partsRead |= part::X87;
    e.mayTrap = true;
  }
  void endMmx() { changeX87(); }
  void emptyX87() { changeX87(); }
  template <unsigned N> Vec<N> vecReg(Bits<N>, Reg r) {
    readVectorReg(r);
    return {};
  }
  template <unsigned N> void setVecReg(Bits<N>, Reg r, Vec<N>) {
    if (isXmm(r))
      e.vectorsWritten |= vectorBit(r);
    else
      changeX87();
  }
  template <unsigned N> Vec<N> loadVec(Bits<N>, Val<64>) {
    e.partsRead |= part::Memory;
    return {};
  }
  template <unsigned N> void storeVec(Bits<N>, Val<64>, Vec<N>) { e.partsWritten |= part::Memory; }
  template <unsigned N> Vec<N> readVec(Bits<N> w, int i, Alignment = Alignment::Natural) {
    return insn.kind[i] == OpKind::Reg ? vecReg(w, insn.reg[i]) : loadVec(w, address());
  }
  template <unsigned N> void writeVec(Bits<N> w, int i, Vec<N> v, Alignment = Alignment::Natural) {
    if (insn.kind[i] == OpKind::Reg)
      setVecReg(w, insn.reg[i], v);
    else
      storeVec(w, address(), v);
  }
  void zeroUpper(Reg r) {
    readVectorReg(r); // the lower half stays
    setVecReg(w256, r, Vec<256>());
  }
  template <unsigned L, unsigned N> Vec<N> maskLoad(Bits<L>, Val<64>, Vec<N>) {
    e.partsRead |= part::Memory;
    return {};
  }
  template <unsigned L, unsigned N> void maskStore(Bits<L>, Val<64>, Vec<N>, Vec<N>) { e.partsWritten |= part::Memory; }
  template <unsigned N> void writeLow(Bits<N> w, int i, Val<N> v) {
    if (insn.kind[i] != OpKind::Reg)
      return store(w, address(), v);
    vecReg(w128, insn.reg[insn.has(prefix::Vex) ? 1 : i]); // whose upper part it takes
    setVecReg(w128, insn.reg[i], Vec<128>());
  }

  //===--- Flags ---===//

  template <unsigned N> void setFlags(FlagKind kind, Bits<N> w, Val<N> a, Val<N> b) {
    setFlagsIf(boolean(true), kind, w, a, b);
  }
  template <unsigned N> void setFlagsIf(Bool c, FlagKind kind, Bits<N>, Val<N>, Val<N>) {
    if (c.never())
      return;
    const bool keepsCarry = kind == FlagKind::Inc || kind == FlagKind::Dec;
    if (keepsCarry)
      --carryReads; // the body's read of the carry that these kinds keep
    writeFlags(c, flag::Status & ~(keepsCarry ? uint32_t(flag::CF) : 0));
  }
  template <unsigned N> void setFlagsCarry(FlagKind kind, Bits<N> w, Val<N> a, Val<N> b, Bool) {
    setFlags(kind, w, a, b);
  }
  template <unsigned L> void fcompareFlags(bool, Val<L>, Val<L>) {
    floating();
    writeFlags(boolean(true), flag::Status);
  }
  void setFlagBits(uint32_t mask, Val<64>) { writeFlags(boolean(true), mask); }
  void setFlagBitsIf(Bool c, uint32_t mask, Val<64>) { writeFlags(c, mask); }
  Bool flag(uint32_t which) {
    readFlags(which);
    return {};
  }
  Bool condition(Cond cond) {
    readFlags(flagsOf(cond));
    return {};
  }
  Val<64> statusWord() {
    readFlags(flag::Status);
    return {};
  }
  Val<64> rflagsWord() {
    e.partsRead |= part::OtherFlags;
    readFlags(flag::Status | flag::DF);
    return {};
  }
  void setRflagsWord(Val<64>) {
    e.partsWritten |= part::OtherFlags;
    writeFlags(boolean(true), flag::Status | flag::DF);
  }
  Bool direction() {
    readFlags(flag::DF);
    return {};
  }
  void setDirection(bool) { writeFlags(boolean(true), flag::DF); }

  //===--- Control ---===//

  void jump() {}
  void jumpIf(Bool) {}
  void jumpTo(Val<64>) { e.leaves = true; }
  void call() {}
  void callTo(Val<64>) { e.leaves = true; }
  void retTo(Val<64>) { e.leaves = true; }
  /// The kernel sees and may change everything (a signal handler, sigreturn).
  void syscall() {
    everything();
    e.leaves = true;
  }
  void trap(Trap) { e.mayTrap = e.leaves = true; }
  void trapIf(Bool c, Trap t) {
    if (c.always())
      trap(t);
    else if (!c.never())
      e.mayTrap = true;
  }
  Val<32> mxcsr() {
    e.partsRead |= part::Mxcsr;
    return {};
  }
  void setMxcsr(Val<32>) {
    e.partsWritten |= part::Mxcsr;
    e.mayTrap = true;
  }
  template <HelperFn> void callHelper() {
    everything();
    e.helper = e.mayTrap = true;
  }

  /// As what executes it where the host has no such unit.
  template <HelperFn Fn, auto> void x87() { callHelper<Fn>(); }

  //===--- Vectors ---===//

  template <unsigned N> Vec<N> vzero(Bits<N>) { return {}; }
  template <unsigned N> Val<64> vlow64(Vec<N>) { return {}; }
  template <unsigned L, unsigned N> Val<L> vextract(Bits<L>, Vec<N>, unsigned) { return {}; }
  template <unsigned L, unsigned N> Vec<N> vinsert(Bits<L>, Vec<N>, unsigned, Val<L>) { return {}; }
  template <unsigned N, unsigned L> Vec<N> vsplat(Bits<N>, Val<L>) { return {}; }
  template <unsigned L, unsigned N> Vec<N> vshuffle(Bits<L>, Vec<N>, Vec<N>, std::span<const int>) { return {}; }
  template <unsigned N> Vec<N> vshuffleBytes(Vec<N>, Vec<N>) { return {}; }
  template <unsigned L, unsigned N> Vec<N> vblend(Bits<L>, Vec<N>, Vec<N>, Vec<N>) { return {}; }
  template <unsigned L, unsigned N> Val<32> vmask(Bits<L>, Vec<N>) { return {}; }
  template <unsigned N> Bool vallZero(Vec<N>) { return {}; }
  template <unsigned L, unsigned N> Vec<N> vbin(VOp, Bits<L>, Vec<N>, Vec<N>) { return {}; }
  template <unsigned L, unsigned N> Vec<N> vshift(Shift, Bits<L>, Vec<N>, Val<64>) { return {}; }
  template <unsigned L, unsigned N> Vec<N> vabs(Bits<L>, Vec<N>) { return {}; }
  template <unsigned To, unsigned From, unsigned N> Vec<N> vwiden(bool, Bits<To>, Bits<From>, Vec<128>) { return {}; }
  template <unsigned L, unsigned N> Vec<N> vpack(bool, Bits<L>, Vec<N>, Vec<N>) { return {}; }
  template <unsigned N> Vec<N> vmaddWords(Vec<N>, Vec<N>) { return {}; }
  template <unsigned N> Vec<N> vmaddBytes(Vec<N>, Vec<N>) { return {}; }
  template <unsigned N> Vec<N> vsad(Vec<N>, Vec<N>) { return {}; }
  template <unsigned N> Vec<N> vmpsad(unsigned, Vec<N>, Vec<N>) { return {}; }
  Vec<128> vminPosition(Vec<128>) { return {}; }
  struct StringIndex {
    Val<32> index;
    Val<64> flags;
  };
  StringIndex vstringIndex(StringCompare, Vec<128>, Val<32>, Vec<128>, Val<32>) { return {}; }
  struct StringMask {
    Vec<128> mask;
    Val<64> flags;
  };
  StringMask vstringMask(StringCompare, Vec<128>, Val<32>, Vec<128>, Val<32>) { return {}; }
  Vec<128> vhalf(Vec<256>, unsigned) { return {}; }
  Vec<256> vjoin(Vec<128>, Vec<128>) { return {}; }
  Vec<256> vpermute(Bits<32>, Vec<256>, Vec<256>) { return {}; }
  template <unsigned L, unsigned N> Vec<N> vpermuteInLane(Bits<L>, Vec<N>, Vec<N>) { return {}; }
  template <unsigned L, unsigned N> Vec<N> vshiftEach(Shift, Bits<L>, Vec<N>, Vec<N>) { return {}; }
  template <unsigned N> Vec<N> vcrypto(CryptoOp, uint8_t, Vec<N>, Vec<N>) { return {}; }
  Vec<128> vsha256Rounds(Vec<128>, Vec<128>, Vec<128>) { return {}; }

  template <unsigned L> Val<L> fop(FOp, Val<L>, Val<L>) { return floating(); }
  template <unsigned L, unsigned N> Vec<N> fbin(FOp, Bits<L>, Vec<N>, Vec<N>) { return floating(); }
  template <unsigned L, unsigned N> Vec<N> fbinKeepingNan(Bits<L>, Vec<N>, Vec<N>, Vec<N>) { return floating(); }
  template <unsigned L> Val<L> funary(FUnary, Val<L>) { return floating(); }
  template <unsigned L, unsigned N> Vec<N> funary(FUnary, Bits<L>, Vec<N>) { return floating(); }
  template <unsigned L> Val<L> fcompare(unsigned, Val<L>, Val<L>) { return floating(); }
  template <unsigned L, unsigned N> Vec<N> fcompare(unsigned, Bits<L>, Vec<N>, Vec<N>) { return floating(); }
  template <unsigned L, unsigned N> Vec<N> fdot(unsigned, Bits<L>, Vec<N>, Vec<N>) { return floating(); }
  template <unsigned To, unsigned From> Val<To> fresize(Bits<To>, Val<From>) { return floating(); }
  template <unsigned To, unsigned From> Val<To> fromInt(Bits<To>, Val<From>) { return floating(); }
  template <unsigned To, unsigned From> Val<To> toInt(bool, Bits<To>, Val<From>) { return floating(); }
  template <unsigned L> Val<L> fround(unsigned, Val<L>) { return floating(); }

  template <unsigned L, unsigned N> Vec<N> faddSub(Bits<L>, Vec<N>, Vec<N>) { return floating(); }
  template <unsigned L, unsigned N> Vec<N> vround(unsigned, Bits<L>, Vec<N>) { return floating(); }
  template <unsigned N, unsigned To, unsigned M> Vec<N> vfromInt(Bits<N>, Bits<To>, Vec<M>) { return floating(); }
  template <unsigned N, unsigned From, unsigned M> Vec<N> vtoInt(bool, Bits<N>, Bits<From>, Vec<M>) { return floating(); }
  template <unsigned N, unsigned To, unsigned From, unsigned M> Vec<N> vresize(Bits<N>, Bits<To>, Bits<From>, Vec<M>) { return floating(); }
  template <unsigned N> Vec<N> vfromHalf(Bits<N>, Vec<128>) { return floating(); }
  template <unsigned N> Vec<128> vtoHalf(unsigned, Vec<N>) { return floating(); }
  template <unsigned L, unsigned N> Vec<N> fma(FmaOp, FmaOrder, Bits<L>, Vec<N>, Vec<N>, Vec<N>) { return floating(); }
  template <unsigned L> Val<L> fma(FmaOp, FmaOrder, Val<L>, Val<L>, Val<L>) { return floating(); }

private:
  struct Unknown {
    template <unsigned N> operator Val<N>() const { return {}; }
    template <unsigned N> operator Vec<N>() const { return {}; }
  };
  /// Rounds as MXCSR says and leaves exceptions there.
  Unknown floating() {
    e.partsRead |= part::Mxcsr;
    e.partsWritten |= part::Mxcsr;
    return {};
  }
  Quotient divide() {
    e.mayTrap = true;
    return {};
  }
  static uint16_t gprBit(Reg r) {
    if (isHighByte(r))
      return static_cast<uint16_t>(1u << (number(r) - number(Reg::Ah)));
    return isGpr(r) ? static_cast<uint16_t>(1u << number(r)) : 0;
  }
  static uint16_t vectorBit(Reg r) { return static_cast<uint16_t>(1u << (number(r) - number(Reg::Xmm0))); }
  void readVectorReg(Reg r) {
    if (isXmm(r))
      e.vectorsRead |= vectorBit(r);
    else
      e.partsRead |= part::X87;
  }
  void changeX87() {
    e.partsRead |= part::X87;
    e.partsWritten |= part::X87;
  }
  static uint32_t flagsOf(Cond cond) {
    switch (static_cast<Cond>(static_cast<unsigned>(cond) & ~1u)) {
    case Cond::O: return flag::OF;
    case Cond::B: return flag::CF;
    case Cond::E: return flag::ZF;
    case Cond::BE: return flag::CF | flag::ZF;
    case Cond::S: return flag::SF;
    case Cond::P: return flag::PF;
    case Cond::L: return flag::SF | flag::OF;
    default: return flag::ZF | flag::SF | flag::OF;
    }
  }
  void readFlags(uint32_t mask) {
    if (mask & flag::CF)
      ++carryReads;
    e.flagsRead |= mask & ~uint32_t(flag::CF);
  }
  void writeFlags(Bool c, uint32_t mask) {
    if (c.always())
      e.flagsWritten |= mask;
    else if (!c.never())
      e.flagsMayWritten |= mask;
  }
  void everything() {
    e.gprsRead = e.gprsWritten = e.vectorsRead = e.vectorsWritten = 0xffff;
    e.partsRead = e.partsWritten = part::All;
    readFlags(flag::Status | flag::DF);
    e.flagsMayWritten = flag::Status | flag::DF;
  }

  const Insn &insn;
  Effects e;
  int carryReads = 0;
};

} // namespace dbt::effects

#endif
