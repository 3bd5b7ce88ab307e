//===- IntegerForms.cpp - General-purpose instructions to try -------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Forms.h"

#include "Guest/Flags.h"

namespace dbt::test {

namespace {

constexpr uint32_t Mul = flag::SF | flag::ZF | flag::AF | flag::PF;
constexpr uint32_t Div = flag::Status;
constexpr uint32_t Scan = flag::CF | flag::OF | flag::SF | flag::AF | flag::PF;
constexpr uint32_t Count = flag::OF | flag::SF | flag::AF | flag::PF;
constexpr uint32_t Field = flag::SF | flag::AF | flag::PF;
constexpr uint32_t Shift = flag::AF | flag::OF | flag::CF; // CF: of narrow operands, for counts beyond them
constexpr uint32_t Bit = flag::OF | flag::SF | flag::AF | flag::PF;
// Of 16-bit operands for counts above 16.
constexpr uint32_t Far = flag::Status;
constexpr uint32_t Logic = flag::AF | flag::PF;

constexpr Form Forms[] = {
    {"add8", "00 /r"}, {"add", "osz 01 /r"}, {"adc8", "10 /r"}, {"adc", "osz 13 /r"},
    {"sbb8", "1a /r"}, {"sbb", "osz 19 /r"}, {"cmp", "osz 3b /r"}, {"and", "osz 21 /r", 0, flag::AF},
    {"xor", "osz 33 /r", 0, flag::AF}, {"test", "osz 85 /r", 0, flag::AF}, {"inc", "osz ff /0"}, {"dec8", "fe /1"},
    {"neg", "osz f7 /3"}, {"not", "osz f7 /2"}, {"xadd", "lock osz 0f c1 /r m"}, {"xadd8", "0f c0 /r"},
    {"cmpxchg", "lock osz 0f b1 /r m"}, {"cmpxchg8", "0f b0 /r"},
    {"shl8", "c0 /4 ib", 0, Shift}, {"shl", "osz c1 /4 ib", 0, Shift}, {"shl8 1", "d0 /4", 0, flag::AF}, {"shl 1", "osz d1 /4", 0, flag::AF},
    {"shl8 cl", "d2 /4", 0, Shift}, {"shl cl", "osz d3 /4", 0, Shift},
    {"shr8", "c0 /5 ib", 0, Shift}, {"shr", "osz c1 /5 ib", 0, Shift}, {"shr8 1", "d0 /5", 0, flag::AF}, {"shr 1", "osz d1 /5", 0, flag::AF},
    {"shr8 cl", "d2 /5", 0, Shift}, {"shr cl", "osz d3 /5", 0, Shift},
    {"sar8", "c0 /7 ib", 0, Shift}, {"sar", "osz c1 /7 ib", 0, Shift}, {"sar8 1", "d0 /7", 0, flag::AF}, {"sar 1", "osz d1 /7", 0, flag::AF},
    {"sar8 cl", "d2 /7", 0, Shift}, {"sar cl", "osz d3 /7", 0, Shift},
    {"rol8", "c0 /0 ib", 0, flag::OF}, {"rol", "osz c1 /0 ib", 0, flag::OF}, {"rol8 1", "d0 /0"}, {"rol 1", "osz d1 /0"},
    {"rol8 cl", "d2 /0", 0, flag::OF}, {"rol cl", "osz d3 /0", 0, flag::OF},
    {"ror8", "c0 /1 ib", 0, flag::OF}, {"ror", "osz c1 /1 ib", 0, flag::OF}, {"ror8 1", "d0 /1"}, {"ror 1", "osz d1 /1"},
    {"ror8 cl", "d2 /1", 0, flag::OF}, {"ror cl", "osz d3 /1", 0, flag::OF},
    {"rcl8", "c0 /2 ib", 0, flag::OF}, {"rcl", "osz c1 /2 ib", 0, flag::OF}, {"rcl8 1", "d0 /2"}, {"rcl 1", "osz d1 /2"},
    {"rcl8 cl", "d2 /2", 0, flag::OF}, {"rcl cl", "osz d3 /2", 0, flag::OF},
    {"rcr8", "c0 /3 ib", 0, flag::OF}, {"rcr", "osz c1 /3 ib", 0, flag::OF}, {"rcr8 1", "d0 /3"}, {"rcr 1", "osz d1 /3"},
    {"rcr8 cl", "d2 /3", 0, flag::OF}, {"rcr cl", "osz d3 /3", 0, flag::OF},
    {"shld", "rexw 0f a4 /r ib", 0, Shift}, {"shld cl", "rexw 0f a5 /r", 0, Shift}, {"shrd", "rexw 0f ac /r ib", 0, Shift}, {"shrd cl", "rexw 0f ad /r", 0, Shift},
    {"shld16", "66 0f a4 /r i4", flag::OF, Shift}, {"shrd16", "66 0f ac /r i4", flag::OF, Shift}, {"shld16 cl", "66 0f a5 /r", Far},
    {"shrd16 cl", "66 0f ad /r", Far},
    {"mul8", "f6 /4", Mul}, {"mul", "osz f7 /4", Mul}, {"imul8", "f6 /5", Mul}, {"imul", "osz f7 /5", Mul},
    {"imul 2", "osz 0f af /r", Mul}, {"imul ib", "osz 6b /r ib", Mul}, {"imul iz", "osz 69 /r iz", Mul},
    {"div8", "f6 /6", Div}, {"div", "osz f7 /6", Div}, {"idiv8", "f6 /7", Div}, {"idiv", "osz f7 /7", Div},
    {"bt", "osz 0f a3 /r", 0, Bit}, {"bt ib", "osz 0f ba /4 ib", 0, Bit}, {"bts", "osz 0f ab /r", 0, Bit}, {"bts ib", "osz 0f ba /5 ib", 0, Bit},
    {"btr", "osz 0f b3 /r", 0, Bit}, {"btr ib", "osz 0f ba /6 ib", 0, Bit}, {"btc", "osz 0f bb /r", 0, Bit}, {"btc ib", "osz 0f ba /7 ib", 0, Bit},
    {"lock bts", "lock osz 0f ab /r m", 0, Bit}, {"lock btc", "lock osz 0f ba /7 m ib", 0, Bit},
    {"bsf", "osz 0f bc /r", Scan}, {"bsr", "osz 0f bd /r", Scan}, {"popcnt", "f3 rexw 0f b8 /r"},
    {"tzcnt", "f3 rexw 0f bc /r", Count}, {"lzcnt", "f3 rexw 0f bd /r", Count}, {"popcnt16", "66 f3 0f b8 /r"},
    {"andn", "vex.2.0.x f2 /r", Logic}, {"blsr", "vex.2.0.x f3 /1", Logic}, {"blsmsk", "vex.2.0.x f3 /2", Logic}, {"blsi", "vex.2.0.x f3 /3", Logic},
    {"bextr", "vex.2.0.x f7 /r", Field}, {"bzhi", "vex.2.0.x f5 /r", Logic}, {"mulx", "vex.2.3.x f6 /r"},
    {"pdep", "vex.2.3.x f5 /r"}, {"pext", "vex.2.2.x f5 /r"}, {"sarx", "vex.2.2.x f7 /r"},
    {"shlx", "vex.2.1.x f7 /r"}, {"shrx", "vex.2.3.x f7 /r"}, {"rorx", "vex0.3.3.x f0 /r ib"},
    {"adcx", "66 rexw 0f 38 f6 /r"}, {"adox", "f3 rexw 0f 38 f6 /r"},
    {"movs8", "a4"}, {"movs", "osz a5"}, {"stos8", "aa"}, {"stos", "osz ab"}, {"lods8", "ac"}, {"lods", "osz ad"},
    {"cmps8", "a6"}, {"cmps", "osz a7"}, {"scas8", "ae"}, {"scas", "osz af"},
    {"rep movs8", "f3 a4"}, {"rep movs", "f3 osz a5"}, {"rep stos8", "f3 aa"}, {"rep stos", "f3 osz ab"},
    {"rep lods", "f3 osz ad"}, {"repe cmps8", "f3 a6"}, {"repne cmps", "f2 osz a7"}, {"repne scas8", "f2 ae"},
    {"repe scas", "f3 osz af"}, {"movs32", "67 a4"}, {"rep movs32", "67 f3 osz a5"}, {"rep stos32", "67 f3 aa"},
    {"xlat", "d7"}, {"lahf", "9f"}, {"sahf", "9e"}, {"pushf", "9c"}, {"popf", "9d"}, {"pushf16", "66 9c"},
    {"popf16", "66 9d"}, {"cmpxchg8b", "lock 0f c7 /1 m"}, {"cmpxchg16b", "lock 48 0f c7 /1 m"},
    {"enter", "c8 iw i2"}, {"leave", "c9"}, {"mov seg", "osz 8c /s"}, {"push fs", "0f a0"}, {"push gs", "0f a8"},
    {"cbw", "osz 98"}, {"cwd", "osz 99"}, {"movbe", "osz 0f 38 f0 /r m"}, {"movbe st", "osz 0f 38 f1 /r m"},
    {"bswap", "rexw 0f c9"}, {"xchg", "osz 87 /r"}, {"movzx8", "osz 0f b6 /r"}, {"movsx16", "osz 0f bf /r"},
    {"movsxd", "48 63 /r"}, {"setl", "0f 9c /0"}, {"cmovbe", "osz 0f 46 /r"}, {"cmc", "f5"}, {"clc", "f8"}, {"std", "fd"},
    {"push", "ff /6"}, {"pop", "8f /0"}, {"lea", "osz 8d /r m"}, {"int3", "cc"}, {"int 3", "cd 03"}, {"int 4", "cd 04"},
    {"int 5", "cd 05"}, {"int1", "f1"}, {"cli", "fa"}, {"sti", "fb"}, {"in", "e4 10"}, {"out", "ef"}, {"ins", "6c"},
    {"outs", "6f"}, {"hlt", "f4"}, {"ud1", "0f b9 /r"}, {"clts", "0f 06"}, {"wrmsr", "0f 30"}, {"swapgs", "0f 01 f8"},
    {"mov cr", "0f 20 c0"}, {"mov to cr", "0f 22 c0"}, {"mov dr", "0f 21 c0"}, {"invlpg", "0f 01 /7 m"},
    {"lgdt", "0f 01 /2 m"}, {"prefetch", "0f 18 /1 m"}, {"prefetchw", "0f 0d /1 m"}, {"nop", "osz 0f 1f /0"},
    {"mov es", "8e /0"}, {"mov ss", "8e /2"}, {"mov ds", "8e /3"}, {"bswap16", "66 0f c8+i"}, {"push 16 ib", "66 6a ib"}, {"push 16", "66 68 iw"}, {"retf", "osz cb"}, {"lss", "osz 0f b2 /r m"},
    {"clflush", "0f ae /7 m"}, {"clflushopt", "66 0f ae /7 m"}, {"clwb", "66 0f ae /6 m"},
    {"enter16", "66 c8 iw i2"}, {"leave16", "66 c9"}, {"lar", "osz 0f 02 /r"}, {"lsl", "osz 0f 03 /r"}, {"verr", "0f 00 /4"},
    {"verw", "0f 00 /5"}, {"vmlaunch", "0f 01 c2"}, {"clac", "0f 01 ca"}, {"invlpga", "0f 01 df"}, {"getsec", "0f 37"}, {"rsm", "0f aa"},
    {"xsetbv", "0f 01 d1"}, {"lmsw", "0f 01 /6"}, {"ltr", "0f 00 /3"}, {"lldt", "0f 00 /2"}, {"sysexit", "0f 35"}, {"rdpmc", "0f 33"}, {"mfence", "0f ae f0"}, {"pause", "f3 90"},
};

} // namespace

constexpr FormGroup IntegerForms = {"integer", Forms, sizeof Forms / sizeof *Forms, 0};

} // namespace dbt::test
