//===- Machine.h - The abstract machine, lifting ----------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Typed handles over IR values, so that the families compile without LLVM's
// headers; Emitter.h declares what they forward to. Start reading there.
//===----------------------------------------------------------------------===//
#ifndef DBT_LIFT_MACHINE_H
#define DBT_LIFT_MACHINE_H

#include "Guest/Host/HostX87.h"
#include "Lift/Emitter.h"
#include "Semantics/Row.h"

#include <span>

namespace dbt::lift {

/// An integer of N bits as IR.
template <unsigned N> struct Val {
  llvm::Value *v;
};
struct Bool {
  llvm::Value *v;
};
/// N bits of lanes: <N/64 x i64>.
template <unsigned N> struct Vec {
  llvm::Value *v;
};

class Machine {
public:
  explicit Machine(Emitter &e) : e(e) {}

  const Insn &instruction() const { return e.instruction(); }
  Val<64> nextPc() { return {e.constant(64, instruction().nextPc())}; }

  //===--- Integers ---===//

  template <unsigned N> Val<N> constant(Bits<N>, uint64_t k) { return {e.constant(N, k)}; }
  Bool boolean(bool b) { return {e.constant(1, b)}; }
#define DBT_BINARY(name, op)                                                                       \
  template <unsigned N> Val<N> name(Val<N> a, Val<N> b) { return {e.binary(IntOp::op, a.v, b.v)}; }
  DBT_BINARY(add, Add) DBT_BINARY(sub, Sub) DBT_BINARY(mul, Mul) DBT_BINARY(and_, And) DBT_BINARY(or_, Or)
  DBT_BINARY(xor_, Xor) DBT_BINARY(shl, Shl) DBT_BINARY(lshr, Lshr) DBT_BINARY(ashr, Ashr) DBT_BINARY(rotl, Rotl)
  DBT_BINARY(rotr, Rotr) DBT_BINARY(udiv, Udiv) DBT_BINARY(urem, Urem) DBT_BINARY(sdiv, Sdiv) DBT_BINARY(srem, Srem)
#undef DBT_BINARY
#define DBT_UNARY(name, op)                                                                        \
  template <unsigned N> Val<N> name(Val<N> a) { return {e.unary(UnaryOp::op, a.v)}; }
  DBT_UNARY(not_, Not) DBT_UNARY(neg, Neg) DBT_UNARY(popcount, Popcount) DBT_UNARY(clz, Clz) DBT_UNARY(ctz, Ctz)
  DBT_UNARY(bswap, Bswap)
#undef DBT_UNARY
#define DBT_RELATION(name, op)                                                                     \
  template <unsigned N> Bool name(Val<N> a, Val<N> b) { return {e.compare(Relation::op, a.v, b.v)}; }
  DBT_RELATION(eq, Eq) DBT_RELATION(ne, Ne) DBT_RELATION(ult, Ult) DBT_RELATION(ule, Ule) DBT_RELATION(slt, Slt)
  DBT_RELATION(sle, Sle)
#undef DBT_RELATION
  template <unsigned M, unsigned N> Val<M> zext(Bits<M>, Val<N> a) { return {e.zext(M, a.v)}; }
  template <unsigned M, unsigned N> Val<M> sext(Bits<M>, Val<N> a) { return {e.sext(M, a.v)}; }
  template <unsigned M, unsigned N> Val<M> trunc(Bits<M>, Val<N> a) { return {e.trunc(M, a.v)}; }
  Bool and_(Bool a, Bool b) { return {e.binary(IntOp::And, a.v, b.v)}; }
  Bool or_(Bool a, Bool b) { return {e.binary(IntOp::Or, a.v, b.v)}; }
  Bool xor_(Bool a, Bool b) { return {e.binary(IntOp::Xor, a.v, b.v)}; }
  Bool not_(Bool a) { return {e.unary(UnaryOp::Not, a.v)}; }
  template <unsigned N> Val<N> fromBool(Bits<N>, Bool b) { return {e.zext(N, b.v)}; }
  template <class T> T select(Bool c, T a, T b) { return {e.select(c.v, a.v, b.v)}; }
  template <unsigned N> Val<N> depositBits(Val<N> a, Val<N> mask) { return {e.depositBits(a.v, mask.v)}; }
  template <unsigned N> Val<N> extractBits(Val<N> a, Val<N> mask) { return {e.extractBits(a.v, mask.v)}; }
  template <unsigned N> Val<32> crc32(Val<32> crc, Val<N> data) { return {e.crc32(crc.v, data.v)}; }
  template <unsigned N> Bool parity(Val<N> a) { return {e.parity(a.v)}; }
  struct Quotient {
    Val<64> quotient, remainder;
  };
  /// high:low by divisor; #DE if the quotient does not fit.
  Quotient divideUnsigned(Val<64> high, Val<64> low, Val<64> divisor) { return divide(false, high, low, divisor); }
  Quotient divideSigned(Val<64> high, Val<64> low, Val<64> divisor) { return divide(true, high, low, divisor); }

  //===--- Registers and memory ---===//

  template <unsigned N> Val<N> reg(Bits<N>, Reg r) { return {e.readReg(N, r)}; }
  template <unsigned N> void setReg(Bits<N>, Reg r, Val<N> v) { e.writeReg(N, r, v.v); }
  template <unsigned N> void setRegIf(Bool c, Bits<N>, Reg r, Val<N> v) { e.writeRegIf(c.v, N, r, v.v); }
  Val<64> segmentBase(Reg seg) { return {e.segmentBase(seg)}; }
  void setSegmentBase(Reg seg, Val<64> v) { e.setSegmentBase(seg, v.v); }
  Val<64> offset() { return {e.offset()}; }
  Val<64> address() { return {e.address()}; }
  template <unsigned N> Val<N> load(Bits<N>, Val<64> at) { return {e.load(N, at.v)}; }
  template <unsigned N> void store(Bits<N>, Val<64> at, Val<N> v) { e.store(at.v, v.v); }
  template <unsigned N> Vec<N> loadVec(Bits<N>, Val<64> at) { return {e.loadVec(N, at.v, Alignment::Unaligned)}; }
  template <unsigned N> void storeVec(Bits<N>, Val<64> at, Vec<N> v) { e.storeVec(at.v, v.v, Alignment::Unaligned); }

  template <unsigned N> Val<N> read(Bits<N>, int i) { return {e.readOperand(N, i)}; }
  template <unsigned N> void write(Bits<N>, int i, Val<N> v) { e.writeOperand(N, i, v.v); }
  template <unsigned N> struct Changed {
    Val<N> before, after;
  };
  template <unsigned N> Changed<N> update(Rmw how, Bits<N> w, int i, Val<N> b) {
    if (instruction().kind[i] == OpKind::Mem)
      return updateAt(how, w, address(), b);
    Val<N> a = read(w, i), r = {e.combine(how, a.v, b.v)};
    write(w, i, r);
    return {a, r};
  }
  template <unsigned N> Changed<N> updateAt(Rmw how, Bits<N>, Val<64> at, Val<N> b) {
    Val<N> a = {e.updateMemory(how, at.v, b.v)};
    return {a, {e.combine(how, a.v, b.v)}};
  }
  template <unsigned N> struct Exchanged {
    Val<N> before;
    Bool equal;
  };
  template <unsigned N> Exchanged<N> compareExchange(Bits<N> w, int i, Val<N> expected, Val<N> desired) {
    if (instruction().kind[i] == OpKind::Mem) {
      Val<N> before = {e.compareExchangeMemory(address().v, expected.v, desired.v)};
      return {before, eq(before, expected)};
    }
    Val<N> before = read(w, i);
    Bool equal = eq(before, expected);
    setRegIf(equal, w, instruction().reg[i], desired);
    return {before, equal};
  }
  void probeStore(Val<64> at) { e.probeStore(at.v); }
  void pause() { e.pause(); }
  void fence() { e.fence(); }

  //===--- Vector registers ---===//

  void beginMmx() { e.beginMmx(); }
  void endMmx() { e.endMmx(); }
  void emptyX87() { e.emptyX87(); }
  template <unsigned N> Vec<N> vecReg(Bits<N>, Reg r) { return {e.readVecReg(N, r)}; }
  template <unsigned N> void setVecReg(Bits<N>, Reg r, Vec<N> v) { e.writeVecReg(N, r, v.v); }
  template <unsigned N> Vec<N> readVec(Bits<N>, int i, Alignment align = Alignment::Natural) {
    if (instruction().kind[i] == OpKind::Reg)
      return {e.readVecReg(N, instruction().reg[i])};
    return {e.loadVec(N, e.address(), alignment(N, align))};
  }
  template <unsigned N> void writeVec(Bits<N>, int i, Vec<N> v, Alignment align = Alignment::Natural) {
    if (instruction().kind[i] == OpKind::Reg)
      e.writeVecReg(N, instruction().reg[i], v.v);
    else
      e.storeVec(e.address(), v.v, alignment(N, align));
  }
  template <unsigned N> void writeLow(Bits<N> l, int i, Val<N> v) {
    const Insn &insn = instruction();
    if (insn.kind[i] != OpKind::Reg)
      return e.store(e.address(), v.v);
    setVecReg(w128, insn.reg[i], vinsert(l, vecReg(w128, insn.reg[insn.has(prefix::Vex) ? 1 : i]), 0, v));
  }
  void zeroUpper(Reg r) { e.zeroUpper(r); }
  template <unsigned L, unsigned N> Vec<N> maskLoad(Bits<L>, Val<64> at, Vec<N> mask) { return {e.maskLoad(L, at.v, mask.v)}; }
  template <unsigned L, unsigned N> void maskStore(Bits<L>, Val<64> at, Vec<N> mask, Vec<N> v) {
    e.maskStore(L, at.v, mask.v, v.v);
  }

  //===--- Flags ---===//

  template <unsigned N> void setFlags(FlagKind kind, Bits<N>, Val<N> a, Val<N> b) { e.setFlags(kind, N, a.v, b.v); }
  template <unsigned N> void setFlagsIf(Bool c, FlagKind kind, Bits<N>, Val<N> a, Val<N> b) {
    e.setFlagsIf(c.v, kind, N, a.v, b.v);
  }
  template <unsigned N> void setFlagsCarry(FlagKind kind, Bits<N>, Val<N> a, Val<N> b, Bool carry) {
    e.setFlagsCarry(kind, N, a.v, b.v, carry.v);
  }
  template <unsigned L> void fcompareFlags(bool signalling, Val<L> a, Val<L> b) { e.setFlagsFloat(signalling, L, a.v, b.v); }
  void setFlagBits(uint32_t mask, Val<64> word) { e.setFlagBits(nullptr, mask, word.v); }
  void setFlagBitsIf(Bool c, uint32_t mask, Val<64> word) { e.setFlagBits(c.v, mask, word.v); }
  Bool flag(uint32_t which) { return {e.flag(which)}; }
  Bool condition(Cond cond) { return {e.condition(cond)}; }
  Val<64> statusWord() { return {e.statusWord()}; }
  Val<64> rflagsWord() { return {e.rflagsWord()}; }
  void setRflagsWord(Val<64> word) { e.setRflagsWord(word.v); }
  Bool direction() { return {e.direction()}; }
  void setDirection(bool down) { e.setDirection(down); }

  //===--- Control ---===//

  void jump() { e.jump(); }
  void jumpIf(Bool c) { e.jumpIf(c.v); }
  void jumpTo(Val<64> target) { e.jumpTo(target.v); }
  void call() { e.call(nullptr); }
  void callTo(Val<64> target) { e.call(target.v); }
  void retTo(Val<64> target) { e.retTo(target.v); }
  void syscall() { e.syscall(); }
  void trap(Trap t) { e.trap(t); }
  void trapIf(Bool c, Trap t) { e.trapIf(c.v, t); }
  Val<32> mxcsr() { return {e.mxcsr()}; }
  void setMxcsr(Val<32> v) { e.setMxcsr(v.v); }
  template <HelperFn, auto Spec> void x87() {
    if constexpr (host::RunsX87)
      e.x87(Spec(instruction()));
    else
      e.callHelper();
  }
  template <HelperFn> void callHelper() { e.callHelper(); }

  //===--- Vectors ---===//

  template <unsigned N> Vec<N> vzero(Bits<N>) { return {e.vzero(N)}; }
  Vec<128> vhalf(Vec<256> v, unsigned i) { return {e.vhalf(v.v, i)}; }
  Vec<256> vjoin(Vec<128> low, Vec<128> high) { return {e.vjoin(low.v, high.v)}; }
  template <unsigned N> Val<64> vlow64(Vec<N> v) { return {e.vextract(64, v.v, 0)}; }
  template <unsigned L, unsigned N> Val<L> vextract(Bits<L>, Vec<N> v, unsigned i) { return {e.vextract(L, v.v, i)}; }
  template <unsigned L, unsigned N> Vec<N> vinsert(Bits<L>, Vec<N> v, unsigned i, Val<L> x) {
    return {e.vinsert(L, v.v, i, x.v)};
  }
  template <unsigned N, unsigned L> Vec<N> vsplat(Bits<N>, Val<L> x) { return {e.vsplat(N, x.v)}; }
  template <unsigned L, unsigned N> Vec<N> vshuffle(Bits<L>, Vec<N> a, Vec<N> b, std::span<const int> indices) {
    return {e.vshuffle(L, a.v, b.v, indices.data(), N / L)};
  }
  template <unsigned N> Vec<N> vshuffleBytes(Vec<N> a, Vec<N> index) { return {e.vshuffleBytes(a.v, index.v)}; }
  Vec<256> vpermute(Bits<32>, Vec<256> a, Vec<256> index) { return {e.vpermute(a.v, index.v)}; }
  template <unsigned L, unsigned N> Vec<N> vpermuteInLane(Bits<L>, Vec<N> a, Vec<N> control) {
    return {e.vpermuteInLane(L, a.v, control.v)};
  }
  template <unsigned L, unsigned N> Vec<N> vblend(Bits<L>, Vec<N> a, Vec<N> b, Vec<N> mask) {
    return {e.vblend(L, a.v, b.v, mask.v)};
  }
  template <unsigned L, unsigned N> Val<32> vmask(Bits<L>, Vec<N> v) { return {e.vmask(L, v.v)}; }
  template <unsigned N> Bool vallZero(Vec<N> v) { return {e.vallZero(v.v)}; }
  template <unsigned L, unsigned N> Vec<N> vbin(VOp op, Bits<L>, Vec<N> a, Vec<N> b) { return {e.vbin(op, L, a.v, b.v)}; }
  template <unsigned L, unsigned N> Vec<N> vshift(Shift how, Bits<L>, Vec<N> a, Val<64> n) {
    return {e.vshift(how, L, a.v, n.v)};
  }
  template <unsigned L, unsigned N> Vec<N> vshiftEach(Shift how, Bits<L>, Vec<N> a, Vec<N> counts) {
    return {e.vshiftEach(how, L, a.v, counts.v)};
  }
  template <unsigned L, unsigned N> Vec<N> vabs(Bits<L>, Vec<N> a) { return {e.vabs(L, a.v)}; }
  template <unsigned To, unsigned From, unsigned N> Vec<N> vwiden(bool isSigned, Bits<To>, Bits<From>, Vec<128> a) {
    return {e.vwiden(isSigned, To, From, N, a.v)};
  }
  template <unsigned L, unsigned N> Vec<N> vpack(bool toSigned, Bits<L>, Vec<N> a, Vec<N> b) {
    return {e.vpack(toSigned, L, a.v, b.v)};
  }
  template <unsigned N> Vec<N> vmaddWords(Vec<N> a, Vec<N> b) { return {e.vmaddWords(a.v, b.v)}; }
  template <unsigned N> Vec<N> vmaddBytes(Vec<N> a, Vec<N> b) { return {e.vmaddBytes(a.v, b.v)}; }
  template <unsigned N> Vec<N> vsad(Vec<N> a, Vec<N> b) { return {e.vsad(a.v, b.v)}; }
  template <unsigned N> Vec<N> vmpsad(unsigned imm, Vec<N> a, Vec<N> b) { return {e.vmpsad(imm, a.v, b.v)}; }
  Vec<128> vminPosition(Vec<128> v) { return {e.vminPosition(v.v)}; }
  struct StringIndex {
    Val<32> index;
    Val<64> flags;
  };
  StringIndex vstringIndex(StringCompare how, Vec<128> a, Val<32> la, Vec<128> b, Val<32> lb) {
    llvm::Value *flags, *index = e.vstringIndex(how, a.v, la.v, b.v, lb.v, flags);
    return {{index}, {flags}};
  }
  struct StringMask {
    Vec<128> mask;
    Val<64> flags;
  };
  StringMask vstringMask(StringCompare how, Vec<128> a, Val<32> la, Vec<128> b, Val<32> lb) {
    llvm::Value *flags, *mask = e.vstringMask(how, a.v, la.v, b.v, lb.v, flags);
    return {{mask}, {flags}};
  }
  template <unsigned L> Val<L> fop(FOp op, Val<L> a, Val<L> b) { return {e.fscalar(op, L, a.v, b.v)}; }
  template <unsigned L, unsigned N> Vec<N> fbin(FOp op, Bits<L>, Vec<N> a, Vec<N> b) { return {e.fbin(op, L, a.v, b.v)}; }
  template <unsigned L, unsigned N> Vec<N> faddSub(Bits<L>, Vec<N> a, Vec<N> b) { return {e.faddSub(L, a.v, b.v)}; }
  template <unsigned L> Val<L> funary(FUnary op, Val<L> a) { return {e.funaryScalar(op, L, a.v)}; }
  template <unsigned L, unsigned N> Vec<N> funary(FUnary op, Bits<L>, Vec<N> a) { return {e.funary(op, L, a.v)}; }
  template <unsigned L> Val<L> fcompare(unsigned predicate, Val<L> a, Val<L> b) {
    return {e.fcompareScalar(predicate, L, a.v, b.v)};
  }
  template <unsigned L, unsigned N> Vec<N> fcompare(unsigned predicate, Bits<L>, Vec<N> a, Vec<N> b) {
    return {e.fcompare(predicate, L, a.v, b.v)};
  }
  template <unsigned L, unsigned N> Vec<N> fdot(unsigned imm, Bits<L>, Vec<N> a, Vec<N> b) {
    return {e.fdot(imm, L, a.v, b.v)};
  }
  template <unsigned To, unsigned From> Val<To> fresize(Bits<To>, Val<From> a) { return {e.fresize(To, From, a.v)}; }
  template <unsigned To, unsigned From> Val<To> fromInt(Bits<To>, Val<From> a) { return {e.fromInt(To, a.v)}; }
  template <unsigned To, unsigned From> Val<To> toInt(bool truncate, Bits<To>, Val<From> a) {
    return {e.toInt(truncate, To, From, a.v)};
  }
  template <unsigned L> Val<L> fround(unsigned mode, Val<L> a) { return {e.fround(mode, L, a.v)}; }
  template <unsigned N> Vec<N> vcrypto(CryptoOp op, uint8_t imm, Vec<N> a, Vec<N> b) { return {e.vcrypto(op, imm, a.v, b.v)}; }
  Vec<128> vsha256Rounds(Vec<128> a, Vec<128> b, Vec<128> xmm0) { return {e.vsha256Rounds(a.v, b.v, xmm0.v)}; }
  template <unsigned L, unsigned N> Vec<N> vround(unsigned mode, Bits<L>, Vec<N> v) { return {e.vround(mode, L, v.v)}; }
  template <unsigned N, unsigned To, unsigned M> Vec<N> vfromInt(Bits<N>, Bits<To>, Vec<M> v) { return {e.vfromInt(N, To, v.v)}; }
  template <unsigned N, unsigned From, unsigned M> Vec<N> vtoInt(bool truncate, Bits<N>, Bits<From>, Vec<M> v) {
    return {e.vtoInt(truncate, N, From, v.v)};
  }
  template <unsigned N, unsigned To, unsigned From, unsigned M> Vec<N> vresize(Bits<N>, Bits<To>, Bits<From>, Vec<M> v) {
    return {e.vresize(N, To, From, v.v)};
  }
  template <unsigned N> Vec<N> vfromHalf(Bits<N>, Vec<128> v) { return {e.vfromHalf(N, v.v)}; }
  template <unsigned N> Vec<128> vtoHalf(unsigned mode, Vec<N> v) { return {e.vtoHalf(mode, v.v)}; }
  template <unsigned L, unsigned N> Vec<N> fma(FmaOp op, FmaOrder order, Bits<L>, Vec<N> a, Vec<N> b, Vec<N> c) {
    return {e.fma(op, order, L, a.v, b.v, c.v)};
  }
  template <unsigned L> Val<L> fma(FmaOp op, FmaOrder order, Val<L> a, Val<L> b, Val<L> c) {
    return {e.fmaScalar(op, order, L, a.v, b.v, c.v)};
  }

private:
  /// Of an operand of \p bits; Natural is left for legacy SSE's only.
  Alignment alignment(unsigned bits, Alignment align) const {
    return bits < 128 || (align == Alignment::Natural && instruction().has(prefix::Vex)) ? Alignment::Unaligned : align;
  }
  Quotient divide(bool isSigned, Val<64> high, Val<64> low, Val<64> divisor) {
    llvm::Value *remainder;
    llvm::Value *quotient = e.divideWide(isSigned, high.v, low.v, divisor.v, remainder);
    return {{quotient}, {remainder}};
  }

  Emitter &e;
};

} // namespace dbt::lift

#endif
