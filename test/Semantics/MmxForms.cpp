//===- MmxForms.cpp - MMX instructions to try -----------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Forms.h"

namespace dbt::test {

namespace {

// clang-format off
constexpr Form Forms[] = {
    // Moves.
    {"movd", "rexw 0f 6e /r"}, {"movd st", "rexw 0f 7e /r"}, {"movq", "0f 6f /r"}, {"movq st", "0f 7f /r"},
    {"movntq", "0f e7 /r m"}, {"movdq2q", "f2 0f d6 /r g"}, {"movq2dq", "f3 0f d6 /r g"}, {"pmovmskb", "0f d7 /r g"},
    {"maskmovq", "0f f7 /r g"}, {"emms", "0f 77"},
    {"cvtpi2ps", "0f 2a /r"}, {"cvtpi2pd", "66 0f 2a /r"}, {"cvttps2pi", "0f 2c /r"}, {"cvttpd2pi", "66 0f 2c /r"},
    {"cvtps2pi", "0f 2d /r"}, {"cvtpd2pi", "66 0f 2d /r"},
    // Shuffles.
    {"punpcklbw", "0f 60 /r"}, {"punpcklwd", "0f 61 /r"}, {"punpckldq", "0f 62 /r"}, {"packsswb", "0f 63 /r"},
    {"packuswb", "0f 67 /r"}, {"punpckhbw", "0f 68 /r"}, {"punpckhwd", "0f 69 /r"}, {"punpckhdq", "0f 6a /r"},
    {"packssdw", "0f 6b /r"}, {"pshufw", "0f 70 /r ib"}, {"pinsrw", "0f c4 /r ib"}, {"pextrw", "0f c5 /r g ib"},
    {"pshufb", "0f 38 00 /r"}, {"palignr", "0f 3a 0f /r ib"},
    // Integers.
    {"pcmpgtb", "0f 64 /r"}, {"pcmpgtw", "0f 65 /r"}, {"pcmpgtd", "0f 66 /r"},
    {"pcmpeqb", "0f 74 /r"}, {"pcmpeqw", "0f 75 /r"}, {"pcmpeqd", "0f 76 /r"},
    {"psrlw ib", "0f 71 /2 g ib"}, {"psraw ib", "0f 71 /4 g ib"}, {"psllw ib", "0f 71 /6 g ib"},
    {"psrld ib", "0f 72 /2 g ib"}, {"psrad ib", "0f 72 /4 g ib"}, {"pslld ib", "0f 72 /6 g ib"},
    {"psrlq ib", "0f 73 /2 g ib"}, {"psllq ib", "0f 73 /6 g ib"},
    {"psrlw", "0f d1 /r"}, {"psrld", "0f d2 /r"}, {"psrlq", "0f d3 /r"}, {"psraw", "0f e1 /r"}, {"psrad", "0f e2 /r"},
    {"psllw", "0f f1 /r"}, {"pslld", "0f f2 /r"}, {"psllq", "0f f3 /r"},
    {"paddb", "0f fc /r"}, {"paddw", "0f fd /r"}, {"paddd", "0f fe /r"}, {"paddq", "0f d4 /r"},
    {"psubb", "0f f8 /r"}, {"psubw", "0f f9 /r"}, {"psubd", "0f fa /r"}, {"psubq", "0f fb /r"},
    {"paddusb", "0f dc /r"}, {"paddusw", "0f dd /r"}, {"paddsb", "0f ec /r"}, {"paddsw", "0f ed /r"},
    {"psubusb", "0f d8 /r"}, {"psubusw", "0f d9 /r"}, {"psubsb", "0f e8 /r"}, {"psubsw", "0f e9 /r"},
    {"pmullw", "0f d5 /r"}, {"pmulhw", "0f e5 /r"}, {"pmulhuw", "0f e4 /r"}, {"pmuludq", "0f f4 /r"},
    {"pmaddwd", "0f f5 /r"}, {"psadbw", "0f f6 /r"}, {"pavgb", "0f e0 /r"}, {"pavgw", "0f e3 /r"},
    {"pminub", "0f da /r"}, {"pmaxub", "0f de /r"}, {"pminsw", "0f ea /r"}, {"pmaxsw", "0f ee /r"},
    {"pand", "0f db /r"}, {"pandn", "0f df /r"}, {"por", "0f eb /r"}, {"pxor", "0f ef /r"},
    {"phaddw", "0f 38 01 /r"}, {"phaddd", "0f 38 02 /r"}, {"phaddsw", "0f 38 03 /r"}, {"pmaddubsw", "0f 38 04 /r"},
    {"phsubw", "0f 38 05 /r"}, {"phsubd", "0f 38 06 /r"}, {"phsubsw", "0f 38 07 /r"},
    {"psignb", "0f 38 08 /r"}, {"psignw", "0f 38 09 /r"}, {"psignd", "0f 38 0a /r"}, {"pmulhrsw", "0f 38 0b /r"},
    {"pabsb", "0f 38 1c /r"}, {"pabsw", "0f 38 1d /r"}, {"pabsd", "0f 38 1e /r"},
};
// clang-format on

} // namespace

constexpr FormGroup MmxForms = {"mmx", Forms, sizeof Forms / sizeof *Forms, 0, true};

} // namespace dbt::test
