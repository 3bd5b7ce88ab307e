//===- Emitter.h - One region's IR, instruction by instruction --*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// What the lifting machine's operations emit. Widths are in bits. Guest registers
// are allocas while a region is lifted; the first pass of the list makes SSA values
// of them (Passes.cpp), and finds every value that nobody reads. Flags are kept
// as the thunk's three values, too, and where it is known which operation set
// them, a condition is computed from its operands.
//
// Invariant: an instruction's exits write back all that the region has changed.
//===----------------------------------------------------------------------===//
#ifndef DBT_LIFT_EMITTER_H
#define DBT_LIFT_EMITTER_H

#include "Decode/Insn.h"
#include "Guest/Flags.h"
#include "Guest/Trap.h"
#include "Semantics/Algebra.h"

#include <memory>

namespace llvm {
class Value;
struct Align;
}

namespace dbt {
struct X87Spec;
}

namespace dbt::lift {

enum class IntOp : uint8_t { Add, Sub, Mul, And, Or, Xor, Shl, Lshr, Ashr, Rotl, Rotr, Udiv, Urem, Sdiv, Srem };
enum class UnaryOp : uint8_t { Not, Neg, Popcount, Clz, Ctz, Bswap };
enum class Relation : uint8_t { Eq, Ne, Ult, Ule, Slt, Sle };

class RegionBuilder;

class Emitter {
public:
  using V = llvm::Value *;

  explicit Emitter(RegionBuilder &region) : b(region) {}

  const Insn &instruction() const;

  V constant(unsigned bits, uint64_t k);
  V binary(IntOp op, V a, V b);
  V unary(UnaryOp op, V a);
  V compare(Relation relation, V a, V b);
  V zext(unsigned bits, V a);
  V sext(unsigned bits, V a);
  V trunc(unsigned bits, V a);
  V select(V c, V a, V b);
  V parity(V a);
  V divideWide(bool isSigned, V high, V low, V divisor, V &remainder);
  V depositBits(V a, V mask);
  V extractBits(V a, V mask);
  V crc32(V crc, V data);

  V readReg(unsigned bits, Reg r);
  void writeReg(unsigned bits, Reg r, V v);
  void writeRegIf(V c, unsigned bits, Reg r, V v);
  V segmentBase(Reg segment);
  void setSegmentBase(Reg segment, V v);
  V offset();
  V address();
  V load(unsigned bits, V at);
  void store(V at, V v);
  V loadVec(unsigned bits, V at, Alignment align);
  void storeVec(V at, V v, Alignment align);
  llvm::Align checkAlignment(V at, uint64_t bytes, Alignment align);
  V readOperand(unsigned bits, int i);
  void writeOperand(unsigned bits, int i, V v);
  V combine(Rmw how, V a, V b);
  V updateMemory(Rmw how, V at, V b);
  V compareExchangeMemory(V at, V expected, V desired);
  void probeStore(V at);
  void pause();
  void fence();

  void beginMmx();
  void endMmx();
  void emptyX87();
  V readVecReg(unsigned bits, Reg r);
  void writeVecReg(unsigned bits, Reg r, V v);
  void zeroUpper(Reg r);
  V maskLoad(unsigned lane, V at, V mask);
  void maskStore(unsigned lane, V at, V mask, V v);

  void setFlags(FlagKind kind, unsigned bits, V a, V b);
  void setFlagsIf(V c, FlagKind kind, unsigned bits, V a, V b);
  void setFlagsCarry(FlagKind kind, unsigned bits, V a, V b, V carry);
  void setFlagsFloat(bool signalling, unsigned lane, V a, V b);
  void setFlagBits(V c, uint32_t mask, V word);
  V flag(uint32_t which);
  V condition(Cond cond);
  V floatCondition(Cond cond);
  V statusWord();
  V rflagsWord();
  void setRflagsWord(V word);
  V direction();
  void setDirection(bool down);

  void jump();
  void jumpIf(V c);
  void jumpTo(V target);
  /// To \p target, or the instruction's immediate if null.
  void call(V target);
  void retTo(V target);
  void syscall();
  void trap(Trap t);
  void trapIf(V c, Trap t);
  V mxcsr();
  V loadMxcsr();
  void setMxcsr(V v);
  void callHelper();
  /// On a host that runs it.
  void x87(const X87Spec &spec);
  void x87ToMemory();

  V vzero(unsigned bits);
  V vhalf(V v, unsigned i);
  V vjoin(V low, V high);
  V vextract(unsigned lane, V v, unsigned i);
  V vinsert(unsigned lane, V v, unsigned i, V x);
  V vsplat(unsigned bits, V x);
  V vshuffle(unsigned lane, V a, V b, const int *indices, unsigned count);
  V vshuffleBytes(V a, V index);
  V vpermute(V a, V index);
  V vpermuteInLane(unsigned lane, V a, V control);
  V vblend(unsigned lane, V a, V b, V mask);
  V vmask(unsigned lane, V v);
  V vallZero(V v);
  V vbin(VOp op, unsigned lane, V a, V b);
  V vshift(Shift how, unsigned lane, V a, V n);
  V vshiftEach(Shift how, unsigned lane, V a, V counts);
  V vabs(unsigned lane, V a);
  V vwiden(bool isSigned, unsigned to, unsigned from, unsigned bits, V a);
  V vpack(bool toSigned, unsigned lane, V a, V b);
  V vmaddWords(V a, V b);
  V vmaddBytes(V a, V b);
  V vsad(V a, V b);
  V vmpsad(unsigned imm, V a, V b);
  V vminPosition(V v);
  V vstringIndex(StringCompare how, V a, V lengthA, V b, V lengthB, V &flags);
  V vstringMask(StringCompare how, V a, V lengthA, V b, V lengthB, V &flags);
  V fscalar(FOp op, unsigned lane, V a, V b);
  V fbin(FOp op, unsigned lane, V a, V b);
  V faddSub(unsigned lane, V a, V b);
  V funaryScalar(FUnary op, unsigned lane, V a);
  V funary(FUnary op, unsigned lane, V a);
  V fcompareScalar(unsigned predicate, unsigned lane, V a, V b);
  V fcompare(unsigned predicate, unsigned lane, V a, V b);
  V fdot(unsigned imm, unsigned lane, V a, V b);
  V fresize(unsigned to, unsigned from, V a);
  V fromInt(unsigned to, V a);
  V toInt(bool truncate, unsigned to, unsigned from, V a);
  V fround(unsigned mode, unsigned lane, V a);
  V vcrypto(CryptoOp op, uint8_t imm, V a, V b);
  V vsha256Rounds(V a, V b, V xmm0);
  V vround(unsigned mode, unsigned lane, V v);
  V vfromInt(unsigned bits, unsigned to, V v);
  V vtoInt(bool truncate, unsigned bits, unsigned from, V v);
  V vresize(unsigned bits, unsigned to, unsigned from, V v);
  V vfromHalf(unsigned bits, V v);
  V vtoHalf(unsigned mode, V v);
  V fma(FmaOp op, FmaOrder order, unsigned lane, V a, V b, V c);
  V fmaScalar(FmaOp op, FmaOrder order, unsigned lane, V a, V b, V c);

private:
  RegionBuilder &b;
};

} // namespace dbt::lift

#endif
