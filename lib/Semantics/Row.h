//===- Row.h - One row of the instruction table -----------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// An instruction is a row: its SDM mnemonic, its ISA set, which widths its body
// is instantiated for, and the body. The same row makes an interpreter handler
// (runtime/Interp/Handler.h), a lifting function (lib/Lift) and an effects
// function (lib/Effects/Machine.h): see Family.h for how.
//===----------------------------------------------------------------------===//
#ifndef DBT_SEMANTICS_ROW_H
#define DBT_SEMANTICS_ROW_H

#include "Decode/Insn.h"
#include "Guest/Features.h"
#include "Guest/Trap.h"
#include "Guest/Width.h"

#include <bit>
#include <type_traits>

namespace dbt {

struct CpuState;

/// What needs loops or wide private state: one function on CpuState, called by
/// both tiers. It reads and writes guest memory by plain pointers; it must read
/// and compute before it writes, and return None for the state to count.
using HelperFn = Trap (*)(CpuState &, const Insn &);

/// Which operand's size chooses the width that a body runs at.
enum class WidthFrom : uint8_t {
  Fixed,    ///< the body takes no width
  Op0,      ///< operand 0's size
  Op1,      ///< operand 1's size
  Last,     ///< the last operand's size (CVTSI2SS, VCVTSI2SS)
  Op0Op1,   ///< two widths: operand 0's and operand 1's
  Vector,   ///< 256 with VEX.L, 64 of MMX registers, else 128
};

/// Where an entry's table of widths has the instruction's: log2 of the bytes; with
/// Op0Op1 the second operand's in the upper two bits.
inline unsigned widthIndex(WidthFrom from, const Insn &insn) {
  auto log2 = [&](int i) { return static_cast<unsigned>(std::countr_zero(insn.size[i])) & 15; };
  switch (from) {
  case WidthFrom::Fixed: return 0;
  case WidthFrom::Op0: return log2(0);
  case WidthFrom::Op1: return log2(1);
  case WidthFrom::Last: return log2(insn.numOps - 1);
  case WidthFrom::Op0Op1: return (log2(0) | log2(1) << 2) & 15;
  case WidthFrom::Vector: return insn.has(prefix::VexL) ? 5 : usesMmx(insn) ? 3 : 4;
  }
  __builtin_unreachable();
}

/// A predicate that tells rows of the same mnemonic apart; the first row that
/// accepts an instruction has it.
using FormFn = bool (*)(const Insn &);

/// Specialisations that the interpreter adds to a row for hot operand shapes.
enum class Heat : uint8_t {
  Cold,
  Hot,   ///< reg,reg / reg,imm / reg,mem / mem,reg / mem,imm
  HotUnary, ///< reg / mem
  Flags, ///< by what set the flags (Jcc, SETcc, CMOVcc)
};

/// What Intel's and AMD's processors do differently with a row's instructions. All tiers do
/// as the maker does that the guest's CPUID shows (Guest/Vendor.h); where the host's is the
/// other one such an instruction is not copied. docs/Instructions.md prints it.
struct MakersDiffer {
  const char *intel, *amd;
  const char *sources; ///< the manuals' sections that say so, or that it was measured
};

/// What every machine's table entry says of its row.
struct RowInfo {
  const char *name;
  Isa isa;
  WidthFrom widthFrom;
  FormFn form;     ///< null: any
  HelperFn helper; ///< null: the body is in the algebra
  bool interpreted = false; ///< compiled code leaves it to the interpreter, always
  bool plain = false;       ///< a helper's: touches the registers, flags and memory that the SDM names, nothing else
  Isa mmxIsa = Isa::Count;  ///< of the form with MMX registers; Count: there is none
  Isa wideIsa = Isa::Count; ///< of the form with VEX.L; Count: the same
  Isa alsoNeeds = Isa::Base; ///< another one without which there is no such instruction
  Isa variesWith = Isa::Base; ///< a feature that does not decide whether there is the instruction, but what it does
  const MakersDiffer *makers = nullptr; ///< null: all processors do the same
  const char *why = nullptr; ///< of a helper or an interpreted row: why compiled code has no IR for it

  Isa isaOf(const Insn &insn) const {
    if (mmxIsa != Isa::Count && usesMmx(insn))
      return mmxIsa;
    return wideIsa != Isa::Count && insn.has(prefix::VexL) ? wideIsa : isa;
  }
};

/// One family's entries for one machine. \p Entry begins with a RowInfo `info`.
template <class Entry> struct FamilyTable {
  const char *name;
  const Entry *rows;
  unsigned size;
};

template <unsigned... Ns> struct Widths {};

/// What every MMX instruction does besides its body (SDM Vol. 1, 9.5): it waits for an
/// x87 exception, and leaves the x87 stack full with its top at 0.
template <class Body> struct WithMmx {
  template <class M, class... Ws> constexpr void operator()(M &m, Ws... ws) const {
    const bool mmx = usesMmx(m.instruction());
    if (mmx)
      m.beginMmx();
    Body{}(m, ws...);
    if (mmx)
      m.endMmx();
  }
};

/// A row as a family file writes it. \p Body is a stateless generic lambda.
template <class BodyT, WidthFrom FromV, Heat HeatV, class WidthsT> struct Row {
  using Body = BodyT;
  using WidthList = WidthsT;
  static constexpr WidthFrom From = FromV;
  static constexpr Heat Hotness = HeatV;
  RowInfo info;

  /// The same row, for instructions that \p form accepts only.
  constexpr Row when(FormFn form) const {
    Row row = *this;
    row.info.form = form;
    return row;
  }
  /// The same row, which has a form with MMX registers, too, of ISA set \p isa. Where
  /// there are widths that is the one of 64 bits.
  constexpr auto mmx(Isa isa = Isa::Mmx) const {
    auto r = widened(WidthsT{});
    r.info.mmxIsa = isa;
    return r;
  }
  /// The same row, which the lifter refuses, and why.
  constexpr Row interpreted(const char *why) const {
    Row row = *this;
    row.info.interpreted = true;
    row.info.why = why;
    return row;
  }
  /// The same row of a helper, which a processor of the guest's kind may as well execute itself.
  constexpr Row plain() const {
    Row row = *this;
    row.info.plain = true;
    return row;
  }
  /// The same row, of an instruction that does something else with and without \p feature.
  constexpr Row variesWith(Isa feature) const {
    Row row = *this;
    row.info.variesWith = feature;
    return row;
  }
  /// The same row, of an instruction with which the two makers' processors differ.
  constexpr Row makers(const MakersDiffer &differ) const {
    Row row = *this;
    row.info.makers = &differ;
    return row;
  }
  /// The same row, with specialised interpreter handlers.
  constexpr auto hot() const { return Row<BodyT, FromV, Heat::Hot, WidthsT>{info}; }
  constexpr auto hotUnary() const { return Row<BodyT, FromV, Heat::HotUnary, WidthsT>{info}; }
  constexpr auto byFlags() const { return Row<BodyT, FromV, Heat::Flags, WidthsT>{info}; }

private:
  template <unsigned... Ns> constexpr auto widened(Widths<Ns...>) const {
    if constexpr (FromV == WidthFrom::Fixed)
      return Row<WithMmx<BodyT>, FromV, HeatV, WidthsT>{info};
    else
      return Row<WithMmx<BodyT>, FromV, HeatV, Widths<64, Ns...>>{info};
  }
};

/// An integer instruction at the widths \p Ns (default 8 to 64), chosen by
/// operand 0: `[](auto &m, auto w)`.
template <unsigned... Ns, class Body> constexpr auto gpr(const char *name, Isa isa, Body) {
  using Ws = std::conditional_t<sizeof...(Ns) == 0, Widths<8, 16, 32, 64>, Widths<Ns...>>;
  return Row<Body, WidthFrom::Op0, Heat::Cold, Ws>{{name, isa, WidthFrom::Op0, nullptr, nullptr}};
}

/// The same with the width of operand 1 (a store's source, PUSH imm, ...).
template <unsigned... Ns, class Body> constexpr auto gprBySource(const char *name, Isa isa, Body) {
  using Ws = std::conditional_t<sizeof...(Ns) == 0, Widths<8, 16, 32, 64>, Widths<Ns...>>;
  return Row<Body, WidthFrom::Op1, Heat::Cold, Ws>{{name, isa, WidthFrom::Op1, nullptr, nullptr}};
}

/// The same with the width of the last operand.
template <unsigned... Ns, class Body> constexpr auto gprByLast(const char *name, Isa isa, Body) {
  return Row<Body, WidthFrom::Last, Heat::Cold, Widths<Ns...>>{{name, isa, WidthFrom::Last, nullptr, nullptr}};
}

/// An integer instruction between two widths: `[](auto &m, auto dst, auto src)`.
template <class Body> constexpr auto gpr2(const char *name, Isa isa, Body) {
  return Row<Body, WidthFrom::Op0Op1, Heat::Cold, Widths<8, 16, 32, 64>>{
      {name, isa, WidthFrom::Op0Op1, nullptr, nullptr}};
}

/// An instruction with a single form: `[](auto &m)`.
template <class Body> constexpr auto fixed(const char *name, Isa isa, Body) {
  return Row<Body, WidthFrom::Fixed, Heat::Cold, Widths<>>{
      {name, isa, WidthFrom::Fixed, nullptr, nullptr}};
}

/// Two rows of one body: \p row's, "vaddps", and the legacy encoding's, "addps",
/// of ISA set \c legacy.
template <class RowT> struct WithLegacy {
  RowT row;
  Isa legacy;

  constexpr RowT legacyRow() const {
    RowT r = row;
    ++r.info.name;
    r.info.isa = legacy;
    r.info.alsoNeeds = Isa::Base;
    return r;
  }
  constexpr WithLegacy variesWith(Isa feature) const { return {row.variesWith(feature), legacy}; }
  constexpr WithLegacy makers(const MakersDiffer &differ) const { return {row.makers(differ), legacy}; }
  constexpr WithLegacy when(FormFn form) const { return {row.when(form), legacy}; }
  constexpr auto mmx(Isa isa = Isa::Mmx) const;
};

/// \p row, whose name is the VEX encoding's and whose ISA set is the legacy
/// encoding's, for both: the VEX one is AVX's, and \p wide's with 256 bits.
template <class RowT> constexpr WithLegacy<RowT> both(RowT row, Isa wide = Isa::Avx) {
  const Isa legacy = row.info.isa;
  row.info.isa = Isa::Avx;
  row.info.wideIsa = wide;
  return {row, legacy};
}

/// The same for an instruction of an ISA set that says nothing of VEX, as AES: the VEX
/// encoding needs AVX, too, and with 256 bits it is \p wide's.
template <class RowT> constexpr WithLegacy<RowT> bothWithAvx(RowT row, Isa wide) {
  row.info.wideIsa = wide;
  row.info.alsoNeeds = Isa::Avx;
  return {row, row.info.isa};
}

template <class RowT> constexpr auto WithLegacy<RowT>::mmx(Isa isa) const {
  auto r = row.mmx(isa);
  return WithLegacy<decltype(r)>{r, legacy};
}

/// An instruction that is one C++ helper in all tiers, and why it is no IR.
template <HelperFn Fn> constexpr auto helper(const char *name, Isa isa, const char *why) {
  auto body = [](auto &m) { m.template callHelper<Fn>(); };
  return Row<decltype(body), WidthFrom::Fixed, Heat::Cold, Widths<>>{
      {.name = name, .isa = isa, .widthFrom = WidthFrom::Fixed, .form = nullptr, .helper = Fn, .why = why}};
}

} // namespace dbt

#endif
