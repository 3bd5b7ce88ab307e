//===- Handler.h - From a row to threaded handlers --------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The machine header (Semantics/Family.h) of the interpreter: an entry holds a
// row's handlers by width, and those specialised for hot shapes.
//===----------------------------------------------------------------------===//
#ifndef DBT_INTERP_HANDLER_H
#define DBT_INTERP_HANDLER_H

#include "Interp/Machine.h"
#include "Semantics/Row.h"

#include <bit>
#include <utility>

#define DBT_MACHINE_NAME Interp

namespace dbt {

/// Operand shapes with handlers of their own in hot rows: of two operands, of one,
/// and of two with a narrower source (MOVZX).
enum class HotShape : uint8_t { RegReg, RegImm, RegMem, MemReg, MemImm, Count };
enum class HotUnaryShape : uint8_t { Reg, Mem, Count };
enum class HotExtendShape : uint8_t { RegReg, RegMem, Count };
/// Their widths: 8, 32 and 64 bits; 32 and 64 bits from 8, 16 and 32.
inline constexpr unsigned NumHotWidths = 3, NumHotExtendWidths = 6;

/// The flag setters that flag readers have handlers for; the widths are 8, 32, 64.
inline constexpr FlagKind HintKinds[] = {FlagKind::Sub, FlagKind::Res, FlagKind::Add, FlagKind::Dec, FlagKind::Inc};
inline constexpr unsigned NumHintKinds = 5, NumHintWidths = 3;
inline constexpr unsigned HintWidths[NumHintWidths] = {8, 32, 64};

struct InterpEntry {
  RowInfo info;
  /// By log2 of the width in bytes; with Op0Op1 the source's in the upper two
  /// bits. Null: no such width.
  Handler byWidth[16];
  /// [HotShape][width], [HotUnaryShape][width] or [HotExtendShape][width] (with
  /// Op0Op1), or null; null handlers for widths that the row lacks.
  const Handler *hot;
  bool hotUnary;
};

/// Leave the handler chain; CpuState::rip is set.
__attribute__((preserve_none)) void interpLookup(CpuState *s, const IOp *tail);
__attribute__((preserve_none)) void interpIndirect(CpuState *s, const IOp *tail);
__attribute__((preserve_none)) void interpSyscall(CpuState *s, const IOp *tail);

namespace interp {

#define DBT_GO(state, target)                                                                      \
  [[clang::musttail]] return (target)->fn.load(std::memory_order_relaxed)((state), (target))

/// Body may be any row's stateless lambda; Ws its widths.
template <class Body, class Shape, class... Ws>
__attribute__((preserve_none)) void handler(CpuState *s, const IOp *op) {
  if constexpr (Shape::HasFlagHint)
    if (__builtin_expect(s->flags.op != flagOp(Shape::HintKind, Shape::HintBits), 0))
      [[clang::musttail]] return handler<Body, Dynamic, Ws...>(s, op);
  Machine<Shape> m(s, op);
  if constexpr (std::is_same_v<Shape, Dynamic>)
    s->currentInsn = op; // it may raise a floating-point exception
  [[clang::always_inline]] Body{}(m, Ws{}...);
  switch (m.next) {
  case Next::Op:
    DBT_GO(s, op + 1);
  case Next::Link0:
  case Next::Link1: {
    // The op behind a terminator is the block's tail, which knows the block.
    Block *to = blockOf(op + 1)->link[m.next == Next::Link1].to.load(std::memory_order_acquire);
    if (__builtin_expect(to != nullptr, 1))
      DBT_GO(s, to->head());
    [[clang::musttail]] return interpLookup(s, op + 1);
  }
  case Next::Indirect:
    [[clang::musttail]] return interpIndirect(s, op + 1);
  case Next::Syscall:
    [[clang::musttail]] return interpSyscall(s, op + 1);
  }
}

template <unsigned N, unsigned... Ns> constexpr bool contains(Widths<Ns...>) { return ((N == Ns) || ...); }

template <class R, OpKind K0, OpKind K1, class W> constexpr Handler hotHandler() {
  if constexpr (contains<W::value>(typename R::WidthList{}))
    return &handler<typename R::Body, Static<K0, K1>, W>;
  else
    return nullptr;
}

#define DBT_HOT_WIDTHS(k0, k1)                                                                     \
  hotHandler<R, OpKind::k0, OpKind::k1, Bits<8>>(), hotHandler<R, OpKind::k0, OpKind::k1, Bits<32>>(),  \
      hotHandler<R, OpKind::k0, OpKind::k1, Bits<64>>()
template <class R> constexpr Handler HotHandlers[] = {
    DBT_HOT_WIDTHS(Reg, Reg), DBT_HOT_WIDTHS(Reg, Imm), DBT_HOT_WIDTHS(Reg, Mem),
    DBT_HOT_WIDTHS(Mem, Reg), DBT_HOT_WIDTHS(Mem, Imm)};
template <class R> constexpr Handler HotUnaryHandlers[] = {DBT_HOT_WIDTHS(Reg, None), DBT_HOT_WIDTHS(Mem, None)};
#undef DBT_HOT_WIDTHS

#define DBT_HOT_WIDTHS(k0, k1, dst)                                                                \
  &handler<Body, Static<OpKind::k0, OpKind::k1>, Bits<dst>, Bits<8>>,                              \
      &handler<Body, Static<OpKind::k0, OpKind::k1>, Bits<dst>, Bits<16>>,                         \
      &handler<Body, Static<OpKind::k0, OpKind::k1>, Bits<dst>, Bits<32>>
template <class Body> constexpr Handler HotExtendHandlers[] = {
    DBT_HOT_WIDTHS(Reg, Reg, 32), DBT_HOT_WIDTHS(Reg, Reg, 64), DBT_HOT_WIDTHS(Reg, Mem, 32),
    DBT_HOT_WIDTHS(Reg, Mem, 64)};
#undef DBT_HOT_WIDTHS

/// The handlers of a flag reader by what set the flags.
template <class Body, class Seq = std::make_index_sequence<NumHintKinds * NumHintWidths>> struct FlagHandlers;
template <class Body, size_t... I> struct FlagHandlers<Body, std::index_sequence<I...>> {
  static constexpr Handler Table[] = {
      &handler<Body, Flagged<HintKinds[I / NumHintWidths], HintWidths[I % NumHintWidths]>>...};
};

/// A flag reader that has not run yet: what set the flags now will most likely
/// have set them the next time, so the op takes the handler for that, which
/// checks and otherwise falls back (an inline cache of one).
template <class Body> __attribute__((preserve_none)) void quicken(CpuState *s, const IOp *op) {
  for (unsigned i = 0; i < NumHintKinds * NumHintWidths; ++i)
    if (s->flags.op == flagOp(HintKinds[i / NumHintWidths], HintWidths[i % NumHintWidths]))
      const_cast<IOp *>(op)->fn.store(FlagHandlers<Body>::Table[i], std::memory_order_relaxed);
  [[clang::musttail]] return handler<Body, Dynamic>(s, op);
}

constexpr unsigned log2Bytes(unsigned bits) { return static_cast<unsigned>(std::countr_zero(bits / 8)); }

template <class R, unsigned... Ns> constexpr void fillWidths(InterpEntry &e, Widths<Ns...>) {
  using Body = typename R::Body;
  if constexpr (R::From == WidthFrom::Fixed) {
    e.byWidth[0] = &handler<Body, Dynamic>;
  } else if constexpr (R::From == WidthFrom::Op0Op1) {
    auto column = [&]<unsigned Src>(Bits<Src>) {
      ((e.byWidth[log2Bytes(Ns) | log2Bytes(Src) << 2] = &handler<Body, Dynamic, Bits<Ns>, Bits<Src>>), ...);
    };
    (column(Bits<Ns>{}), ...);
  } else {
    ((e.byWidth[log2Bytes(Ns)] = &handler<Body, Dynamic, Bits<Ns>>), ...);
  }
}

} // namespace interp

using MachineEntry = InterpEntry;

template <class R> constexpr InterpEntry makeEntry(const R &row) {
  InterpEntry e = {row.info, {}, nullptr, R::Hotness == Heat::HotUnary};
  interp::fillWidths<R>(e, typename R::WidthList{});
  if constexpr (R::Hotness == Heat::Hot && R::From == WidthFrom::Op0Op1)
    e.hot = interp::HotExtendHandlers<typename R::Body>;
  else if constexpr (R::Hotness == Heat::Hot)
    e.hot = interp::HotHandlers<R>;
  else if constexpr (R::Hotness == Heat::HotUnary)
    e.hot = interp::HotUnaryHandlers<R>;
  if constexpr (R::Hotness == Heat::Flags) {
    static_assert(R::From == WidthFrom::Fixed);
    e.byWidth[0] = &interp::quicken<typename R::Body>;
  }
  return e;
}

} // namespace dbt

#endif
