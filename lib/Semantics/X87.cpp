//===- X87.cpp - The x87 floating-point unit ------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// SDM Vol. 1, 8.3. All are helpers (Helpers/X87.h): 80-bit arithmetic, a register
// stack and sticky exceptions are nothing that a compiler could improve on.

#include "Semantics/Family.h"
#include "Semantics/Helpers/X87.h"

using namespace dbt;
using namespace dbt::helpers;

namespace {
using enum X87Shape;
constexpr auto AllCodes = X87Codes::All;
} // namespace

#define DBT_X87(name, ...) helper<__VA_ARGS__>(name, Isa::X87)
#define DBT_X87_ARITH(name, number)                                                                \
  DBT_X87("f" name, x87Arith<number, X87Form::Plain>),                                             \
      DBT_X87("fi" name, x87Arith<number, X87Form::Integer>)
#define DBT_X87_ARITHP(name, number) DBT_X87(name, x87Arith<number, X87Form::Pop>)

DBT_FAMILY(X87,
  // Moves.
  DBT_X87("fld", fld), DBT_X87("fst", fst), DBT_X87("fstp", fstp), DBT_X87("fxch", fxch),
  DBT_X87("ffree", ffree), DBT_X87("ffreep", ffreep),
  DBT_X87("fild", x87Mem<0xdf00, 0xdb00, 0xdf28, 0, Push>),
  DBT_X87("fist", x87Mem<0xdf10, 0xdb10, 0, 0, Unary>),
  DBT_X87("fistp", x87Mem<0xdf18, 0xdb18, 0xdf38, 0, UnaryPop>),
  DBT_X87("fisttp", x87Mem<0xdf08, 0xdb08, 0xdd08, 0, UnaryPop>),
  DBT_X87("fbld", x87Mem<0, 0, 0, 0xdf20, Push>),
  DBT_X87("fbstp", x87Mem<0, 0, 0, 0xdf30, UnaryPop>),
  DBT_X87("fcmovb", fcmov<Cond::B, 0xdac0>), DBT_X87("fcmove", fcmov<Cond::E, 0xdac8>),
  DBT_X87("fcmovbe", fcmov<Cond::BE, 0xdad0>), DBT_X87("fcmovu", fcmov<Cond::P, 0xdad8>),
  DBT_X87("fcmovnb", fcmov<Cond::AE, 0xdbc0>), DBT_X87("fcmovne", fcmov<Cond::NE, 0xdbc8>),
  DBT_X87("fcmovnbe", fcmov<Cond::A, 0xdbd0>), DBT_X87("fcmovnu", fcmov<Cond::NP, 0xdbd8>),

  // Constants.
  DBT_X87("fld1", fld1), DBT_X87("fldl2t", x87<0xd9e9, Push>), DBT_X87("fldl2e", x87<0xd9ea, Push>),
  DBT_X87("fldpi", x87<0xd9eb, Push>), DBT_X87("fldlg2", x87<0xd9ec, Push>), DBT_X87("fldln2", x87<0xd9ed, Push>),
  DBT_X87("fldz", fldz),

  // Arithmetic.
  DBT_X87_ARITH("add", 0), DBT_X87_ARITH("mul", 1), DBT_X87_ARITH("sub", 4), DBT_X87_ARITH("subr", 5),
  DBT_X87_ARITH("div", 6), DBT_X87_ARITH("divr", 7),
  DBT_X87_ARITHP("faddp", 0), DBT_X87_ARITHP("fmulp", 1), DBT_X87_ARITHP("fsubp", 4), DBT_X87_ARITHP("fsubrp", 5),
  DBT_X87_ARITHP("fdivp", 6), DBT_X87_ARITHP("fdivrp", 7),
  DBT_X87("fchs", helpers::fchs), DBT_X87("fabs", helpers::fabs), DBT_X87("fsqrt", x87<0xd9fa, Unary>),
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

  // Control.
  DBT_X87("fnop", fwait), DBT_X87("wait", fwait), DBT_X87("fwait", fwait),
  DBT_X87("fincstp", fincstp), DBT_X87("fdecstp", fdecstp), DBT_X87("fldcw", fldcw), DBT_X87("fnstcw", fnstcw),
  DBT_X87("fnstsw", fnstsw), DBT_X87("fnclex", fnclex), DBT_X87("fninit", fninit), DBT_X87("fnstenv", fnstenv),
  DBT_X87("fldenv", fldenv), DBT_X87("fnsave", fnsave), DBT_X87("frstor", frstor))
