//===- X87Forms.cpp - x87 instructions to try -----------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Forms.h"

namespace dbt::test {

namespace {

constexpr Form Forms[] = {
    {"d8 mem", "d8 /r m"}, {"d8 reg", "d8 /i"}, {"da mem", "da /r m"}, {"dc mem", "dc /r m"}, {"dc reg", "dc /i"},
    {"de mem", "de /r m"}, {"de reg", "de c0+i"}, {"fmulp", "de c8+i"}, {"fsubrp", "de e0+i"}, {"fsubp", "de e8+i"},
    {"fdivrp", "de f0+i"}, {"fdivp", "de f8+i"}, {"fcompp", "de d9"}, {"fxch4", "dd c8+i"},
    {"fcomp5", "de d0+i"}, {"fxch7", "df c8+i"}, {"fstp8", "df d0+i"}, {"fstp9", "df d8+i"}, {"feni", "db e0"}, {"fdisi", "db e1"}, {"fsetpm", "db e4"}, {"fucompp", "da e9"},
    {"fld m32", "d9 /0 m"}, {"fst m32", "d9 /2 m"}, {"fstp m32", "d9 /3 m"}, {"fld m64", "dd /0 m"},
    {"fst m64", "dd /2 m"}, {"fstp m64", "dd /3 m"}, {"fld m80", "db /5 m"}, {"fstp m80", "db /7 m"},
    {"fild m16", "df /0 m"}, {"fild m32", "db /0 m"}, {"fild m64", "df /5 m"}, {"fist m16", "df /2 m"},
    {"fist m32", "db /2 m"}, {"fistp m16", "df /3 m"}, {"fistp m32", "db /3 m"}, {"fistp m64", "df /7 m"},
    {"fisttp m16", "df /1 m"}, {"fisttp m32", "db /1 m"}, {"fisttp m64", "dd /1 m"}, {"fbld", "df /4 m"},
    {"fbstp", "df /6 m"}, {"fld st", "d9 c0+i"}, {"fxch", "d9 c8+i"}, {"fst st", "dd d0+i"}, {"fstp st", "dd d8+i"},
    {"ffree", "dd c0+i"}, {"fnop", "d9 d0"}, {"fchs", "d9 e0"}, {"fabs", "d9 e1"}, {"ftst", "d9 e4"}, {"fxam", "d9 e5"},
    {"fld1", "d9 e8"}, {"fldl2t", "d9 e9"}, {"fldl2e", "d9 ea"}, {"fldpi", "d9 eb"}, {"fldlg2", "d9 ec"},
    {"fldln2", "d9 ed"}, {"fldz", "d9 ee"}, {"f2xm1", "d9 f0"}, {"fyl2x", "d9 f1"}, {"fptan", "d9 f2"},
    {"fpatan", "d9 f3"}, {"fxtract", "d9 f4"}, {"fprem1", "d9 f5"}, {"fdecstp", "d9 f6"}, {"fincstp", "d9 f7"},
    {"fprem", "d9 f8"}, {"fyl2xp1", "d9 f9"}, {"fsqrt", "d9 fa"}, {"fsincos", "d9 fb"}, {"frndint", "d9 fc"},
    {"fscale", "d9 fd"}, {"fsin", "d9 fe"}, {"fcos", "d9 ff"}, {"fcmovb", "da c0+i"}, {"fcmove", "da c8+i"},
    {"fcmovbe", "da d0+i"}, {"fcmovu", "da d8+i"}, {"fcmovnb", "db c0+i"}, {"fcmovne", "db c8+i"},
    {"fcmovnbe", "db d0+i"}, {"fcmovnu", "db d8+i"}, {"fucomi", "db e8+i"}, {"fcomi", "db f0+i"},
    {"fucomip", "df e8+i"}, {"fcomip", "df f0+i"}, {"fucom", "dd e0+i"}, {"fucomp", "dd e8+i"},
    {"fldcw", "d9 /5 m"}, {"fnstcw", "d9 /7 m"}, {"fnstsw", "dd /7 m"}, {"fnstsw ax", "df e0"}, {"fnclex", "db e2"},
    {"fninit", "db e3"}, {"fnstenv", "d9 /6 m"}, {"fldenv", "d9 /4 m"}, {"fnsave", "dd /6 m"}, {"frstor", "dd /4 m"},
    {"fnstenv16", "66 d9 /6 m"}, {"fldenv16", "66 d9 /4 m"}, {"fnsave16", "66 dd /6 m"}, {"frstor16", "66 dd /4 m"},
    {"fwait", "9b"},
};

} // namespace

constexpr FormGroup X87Forms = {"x87", Forms, sizeof Forms / sizeof *Forms, 0x4700};

} // namespace dbt::test
