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

/// Operand shapes with handlers of their own in hot rows.
enum class HotShape : uint8_t { RegReg, RegImm, RegMem, MemReg, MemImm, Count };
inline constexpr unsigned NumHotShapes = static_cast<unsigned>(HotShape::Count);

/// The flag setters that flag readers have handlers for; the widths are 8, 32, 64.
inline constexpr FlagKind HintKinds[] = {FlagKind::Sub, FlagKind::Res, FlagKind::Add, FlagKind::Dec, FlagKind::Inc};
inline constexpr unsigned NumHintKinds = 5, NumHintWidths = 3;
inline constexpr unsigned HintWidths[NumHintWidths] = {8, 32, 64};

struct InterpEntry {
  RowInfo info;
  /// By log2 of the width in bytes; with Op0Op1 the source's in the upper two
  /// bits. Null: no such width.
  Handler byWidth[16];
  const Handler *hot; ///< [HotShape][32- or 64-bit], or null
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
  [[clang::always_inline]] Body{}(m, Ws{}...);
  switch (m.next) {
  case Next::Op:
    DBT_GO(s, op + 1);
  case Next::Link0:
  case Next::Link1: {
    // The op behind a terminator is the block's tail, which knows the block.
    Block *to = blockOf(op + 1)->link[m.next == Next::Link1].load(std::memory_order_relaxed);
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

template <class Body> constexpr Handler HotHandlers[NumHotShapes * 2] = {
    &handler<Body, Static<OpKind::Reg, OpKind::Reg>, Bits<32>>,
    &handler<Body, Static<OpKind::Reg, OpKind::Reg>, Bits<64>>,
    &handler<Body, Static<OpKind::Reg, OpKind::Imm>, Bits<32>>,
    &handler<Body, Static<OpKind::Reg, OpKind::Imm>, Bits<64>>,
    &handler<Body, Static<OpKind::Reg, OpKind::Mem>, Bits<32>>,
    &handler<Body, Static<OpKind::Reg, OpKind::Mem>, Bits<64>>,
    &handler<Body, Static<OpKind::Mem, OpKind::Reg>, Bits<32>>,
    &handler<Body, Static<OpKind::Mem, OpKind::Reg>, Bits<64>>,
    &handler<Body, Static<OpKind::Mem, OpKind::Imm>, Bits<32>>,
    &handler<Body, Static<OpKind::Mem, OpKind::Imm>, Bits<64>>,
};

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
  InterpEntry e = {row.info, {}, nullptr};
  interp::fillWidths<R>(e, typename R::WidthList{});
  if constexpr (R::Hotness == Heat::Hot)
    e.hot = interp::HotHandlers<typename R::Body>;
  if constexpr (R::Hotness == Heat::Flags) {
    static_assert(R::From == WidthFrom::Fixed);
    e.byWidth[0] = &interp::quicken<typename R::Body>;
  }
  return e;
}

} // namespace dbt

#endif
