//===- X87.cpp - The x87 floating-point unit ------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, 8.3. The interpreter's side are helpers (Helpers/X87.h); what loads or
// stores the whole environment is a helper in compiled code, too (docs/X87.md).

#include "Semantics/Family.h"
#include "Semantics/Helpers/X87.h"

using namespace dbt;
using namespace dbt::helpers;

namespace {
using enum X87Shape;
constexpr auto AllCodes = X87Codes::All;

template <HelperFn Fn> constexpr auto environment(const char *name) {
  return helper<Fn>(name, Isa::X87, "moves all of the unit's state, which is in CpuState for it");
}
constexpr MakersDiffer StoreDiffers = {
    "an unmasked exception that keeps the result back leaves memory alone: nothing faults there",
    "memory that cannot be written faults before such an exception is noted",
    "no manual settles it; measured on family 19h"};
constexpr MakersDiffer SelectorDiffers = {"the last instruction's CS is 0: it is no longer kept", "the last instruction's CS is kept",
                                          "SDM Vol. 1, 8.1.8; APM Vol. 1, x87 Instruction Pointer; measured on family 19h"};
} // namespace

/// A helper of its own, and the spec.
#define DBT_X87_BY(name, fn, ...) x87Row<fn, __VA_ARGS__>(name)
#define DBT_X87(name, ...) x87Row<x87Execute<__VA_ARGS__>, __VA_ARGS__>(name)
#define DBT_X87_CONTROL(name, fn, encoding) x87Row<fn, x87Control<encoding>>(name)
#define DBT_X87_ARITH(name, number)                                                                \
  DBT_X87("f" name, x87Arith<number, X87Form::Plain>),                                             \
      DBT_X87("fi" name, x87Arith<number, X87Form::Integer>)
#define DBT_X87_ARITHP(name, number) DBT_X87(name, x87Arith<number, X87Form::Pop>)
#define DBT_X87_FCMOV(name, cond, encoding)                                                        \
  x87Row<fcmov<Cond::cond, x87Sti<encoding, Whole>>, x87Sti<encoding, Whole>>(name)

DBT_FAMILY(X87,
  // Moves.
  DBT_X87_BY("fld", fld, fldSpec), DBT_X87_BY("fst", fst, fstSpec).makers(StoreDiffers), DBT_X87_BY("fstp", fstp, fstpSpec).makers(StoreDiffers),
  DBT_X87_BY("fxch", fxch, x87Sti<0xd9c8, Whole>),
  DBT_X87_BY("ffree", ffree, x87Sti<0xddc0, Whole>), DBT_X87_BY("ffreep", ffreep, x87Sti<0xdfc0, Whole>),
  DBT_X87("fild", x87Mem<0xdf00, 0xdb00, 0xdf28, 0, Push>),
  DBT_X87("fist", x87Mem<0xdf10, 0xdb10, 0, 0, Unary>).makers(StoreDiffers),
  DBT_X87("fistp", x87Mem<0xdf18, 0xdb18, 0xdf38, 0, UnaryPop>).makers(StoreDiffers),
  DBT_X87("fisttp", x87Mem<0xdf08, 0xdb08, 0xdd08, 0, UnaryPop>).makers(StoreDiffers),
  DBT_X87("fbld", x87Mem<0, 0, 0, 0xdf20, Push>),
  DBT_X87("fbstp", x87Mem<0, 0, 0, 0xdf30, UnaryPop>).makers(StoreDiffers),
  DBT_X87_FCMOV("fcmovb", B, 0xdac0), DBT_X87_FCMOV("fcmove", E, 0xdac8),
  DBT_X87_FCMOV("fcmovbe", BE, 0xdad0), DBT_X87_FCMOV("fcmovu", P, 0xdad8),
  DBT_X87_FCMOV("fcmovnb", AE, 0xdbc0), DBT_X87_FCMOV("fcmovne", NE, 0xdbc8),
  DBT_X87_FCMOV("fcmovnbe", A, 0xdbd0), DBT_X87_FCMOV("fcmovnu", NP, 0xdbd8),

  // Constants.
  DBT_X87_BY("fld1", fld1, x87<0xd9e8, Push>), DBT_X87("fldl2t", x87<0xd9e9, Push>), DBT_X87("fldl2e", x87<0xd9ea, Push>),
  DBT_X87("fldpi", x87<0xd9eb, Push>), DBT_X87("fldlg2", x87<0xd9ec, Push>), DBT_X87("fldln2", x87<0xd9ed, Push>),
  DBT_X87_BY("fldz", fldz, x87<0xd9ee, Push>),

  // Arithmetic.
  DBT_X87_ARITH("add", 0), DBT_X87_ARITH("mul", 1), DBT_X87_ARITH("sub", 4), DBT_X87_ARITH("subr", 5),
  DBT_X87_ARITH("div", 6), DBT_X87_ARITH("divr", 7),
  DBT_X87_ARITHP("faddp", 0), DBT_X87_ARITHP("fmulp", 1), DBT_X87_ARITHP("fsubp", 4), DBT_X87_ARITHP("fsubrp", 5),
  DBT_X87_ARITHP("fdivp", 6), DBT_X87_ARITHP("fdivrp", 7),
  DBT_X87_BY("fchs", helpers::fchs, x87<0xd9e0, Unary>), DBT_X87_BY("fabs", helpers::fabs, x87<0xd9e1, Unary>), DBT_X87("fsqrt", x87<0xd9fa, Unary>),
  DBT_X87("frndint", x87<0xd9fc, Unary>), DBT_X87("fscale", x87<0xd9fd, Binary>),
  DBT_X87("fprem", x87<0xd9f8, Binary, X87Codes::Remainder>), DBT_X87("fprem1", x87<0xd9f5, Binary, X87Codes::Remainder>),
  DBT_X87("fxtract", x87<0xd9f4, Whole>),

  // Comparison.
  DBT_X87_ARITH("com", 2), DBT_X87_ARITH("comp", 3),
  DBT_X87("fcompp", x87<0xded9, BinaryPop2, AllCodes>), DBT_X87("fucompp", x87<0xdae9, BinaryPop2, AllCodes>),
  DBT_X87("fucom", x87Sti<0xdde0, Binary, AllCodes>), DBT_X87("fucomp", x87Sti<0xdde8, BinaryPop, AllCodes>),
  DBT_X87("fcomi", x87Sti<0xdbf0, Binary, X87Codes::None>), DBT_X87("fucomi", x87Sti<0xdbe8, Binary, X87Codes::None>),
  DBT_X87("fcomip", x87Sti<0xdff0, BinaryPop, X87Codes::None>), DBT_X87("fucomip", x87Sti<0xdfe8, BinaryPop, X87Codes::None>),
  DBT_X87("ftst", x87<0xd9e4, Unary, AllCodes>), DBT_X87("fxam", x87<0xd9e5, Unary, AllCodes>),

  // Transcendentals, which the host computes with its own accuracy.
  DBT_X87("fsin", x87<0xd9fe, Unary, X87Codes::C1C2>), DBT_X87("fcos", x87<0xd9ff, Unary, X87Codes::C1C2>),
  DBT_X87("fsincos", x87<0xd9fb, Whole>), DBT_X87("fptan", x87<0xd9f2, Whole>),
  DBT_X87("fpatan", x87<0xd9f3, BinaryPop>), DBT_X87("f2xm1", x87<0xd9f0, Unary>),
  DBT_X87("fyl2x", x87<0xd9f1, BinaryPop>), DBT_X87("fyl2xp1", x87<0xd9f9, BinaryPop>),

  // Control. To a unit that raises nothing FWAIT is FNOP.
  DBT_X87_CONTROL("fnop", fwait, 0xd9d0), DBT_X87_CONTROL("wait", fwait, 0xd9d0),
  DBT_X87_CONTROL("fwait", fwait, 0xd9d0), DBT_X87_CONTROL("fnclex", fnclex, 0xdbe2),
  DBT_X87_CONTROL("fninit", fninit, 0xdbe3),
  DBT_X87_BY("fincstp", fincstp, x87<0xd9f7, Whole>), DBT_X87_BY("fdecstp", fdecstp, x87<0xd9f6, Whole>),
  DBT_X87_BY("fldcw", fldcw, fldcwSpec), DBT_X87_BY("fnstcw", fnstcw, fnstcwSpec),
  DBT_X87_BY("fnstsw", fnstsw, fnstswSpec),
  environment<fnstenv>("fnstenv").makers(SelectorDiffers), environment<fldenv>("fldenv"),
  environment<fnsave>("fnsave").makers(SelectorDiffers), environment<frstor>("frstor"))
