//===- UnitTest.cpp - What --check compares, piece by piece ---------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Decode/Decoder.h"
#include "Dispatch/Lockstep/RegisterImage.h"
#include "Dispatch/Lockstep/StoreRange.h"
#include "Dispatch/Lockstep/UndoLog.h"

#include <cstdio>
#include <initializer_list>

using namespace dbt;

namespace {

unsigned failures = 0;

void expect(bool ok, const char *what, int line) {
  if (ok)
    return;
  std::printf("UnitTest.cpp:%d: %s\n", line, what);
  ++failures;
}
#define EXPECT(c) expect((c), #c, __LINE__)

bool contains(const std::string &text, const char *part) { return text.find(part) != text.npos; }

RegisterImage someState() {
  CpuState s = {};
  for (unsigned i = 0; i < 16; ++i) {
    s.gpr[i] = 0x1111 * i;
    s.xmm[i] = {i, ~uint64_t(i)};
    s.ymmHigh[i] = {i + 100, i + 200};
  }
  s.rip = 0x401000;
  s.flags = {flagOp(FlagKind::Sub, 32), 5, 5};
  s.mxcsr = 0x1f80;
  return RegisterImage::of(s);
}

/// A change of any register shows, alone and by its name.
void testRegisters() {
  const RegisterImage a = someState();
  EXPECT(registerDifferences(a, a).empty());
  auto differs = [&](const char *name, auto change) {
    RegisterImage b = a;
    change(b);
    const std::string text = registerDifferences(a, b);
    expect(contains(text, (std::string("  ") + name + ": compiled ").c_str()) && text.find('\n') == text.size() - 1, name,
           __LINE__);
  };
  differs("rax", [](auto &b) { b.gpr[0] ^= 1; });
  differs("r15", [](auto &b) { b.gpr[15] ^= uint64_t(1) << 63; });
  differs("rip", [](auto &b) { ++b.rip; });
  differs("flags", [](auto &b) { b.flags.b = 6; });
  differs("direction flag", [](auto &b) { b.df = 1; });
  differs("other flags", [](auto &b) { b.otherFlags = 1 << 18; });
  differs("fs base", [](auto &b) { b.fsBase = 1; });
  differs("gs base", [](auto &b) { b.gsBase = 1; });
  differs("mxcsr", [](auto &b) { b.mxcsr |= 1; });
  differs("xmm0", [](auto &b) { b.xmm[0].lo ^= 1; });
  differs("xmm15", [](auto &b) { b.xmm[15].hi ^= 1; });
  differs("upper half of ymm7", [](auto &b) { b.ymmHigh[7].hi ^= 1; });
  differs("x87 physical register 3", [](auto &b) { b.x87.st[3].signExponent ^= 1; });
  differs("x87 control word", [](auto &b) { b.x87.control ^= 1; });
  differs("x87 status word", [](auto &b) { b.x87.status ^= 1; });
  differs("x87 tag word", [](auto &b) { b.x87.valid ^= 1; });
}

/// Flags are what they are, whatever has set them.
void testFlags() {
  RegisterImage a = someState(), b = a;
  a.flags = {flagOp(FlagKind::Sub, 32), 5, 5};
  b.flags = {flagOp(FlagKind::Sub, 64), 77, 77};
  EXPECT(registerDifferences(a, b).empty());
  b.flags = {flagOp(FlagKind::Sub, 32), 5, 6};
  EXPECT(contains(registerDifferences(a, b), "flags: compiled PF ZF, interpreted CF PF AF SF"));
}

void testRestore() {
  const RegisterImage a = someState();
  CpuState s = {};
  a.restore(s);
  EXPECT(registerDifferences(a, RegisterImage::of(s)).empty());
}

void testUndo() {
  uint8_t memory[16] = {1, 2, 3, 4};
  const auto at = reinterpret_cast<uint64_t>(memory);
  UndoLog log;
  log.save(at, 4);
  memory[1] = 20;
  log.save(at + 1, 2); // a part of it, once more
  memory[1] = 30;
  memory[2] = 40;
  std::vector<uint8_t> compiled, interpreted;
  log.capture(interpreted);
  memory[2] = 41;
  log.capture(compiled);
  EXPECT(log.differences(interpreted, interpreted).empty());
  EXPECT(contains(log.differences(compiled, interpreted), ": compiled 29 04, interpreted 28 04\n"));
  log.undo();
  EXPECT(memory[0] == 1 && memory[1] == 2 && memory[2] == 3 && memory[3] == 4);
}

void testStores() {
  Decoder decoder;
  CpuState s = {};
  s.reg(Reg::Rdi) = 0x10000;
  s.reg(Reg::Rsp) = 0x20000;
  s.reg(Reg::Rcx) = 5;
  s.reg(Reg::Rax) = ~uint64_t(0); // -1
  auto stores = [&](std::initializer_list<uint8_t> bytes, uint64_t start, uint64_t size, int line) {
    Insn insn;
    if (!decoder.decode(bytes.begin(), bytes.size(), 0x1000, insn))
      return expect(false, "decodes", line);
    const StoreRange range = storeRange(s, insn, storeRule(insn));
    expect(range.size == size && (size == 0 || range.start == start), decoder.text(bytes.begin(), bytes.size(), 0x1000).c_str(),
           line);
  };
  stores({0x01, 0x07}, 0x10000, 4, __LINE__);                   // add [rdi], eax
  stores({0x03, 0x07}, 0, 0, __LINE__);                         // add eax, [rdi]
  stores({0x87, 0x07}, 0x10000, 4, __LINE__);                   // xchg [rdi], eax
  stores({0x0f, 0x1f, 0x07}, 0, 0, __LINE__);                   // nop [rdi]
  stores({0x0f, 0x18, 0x0f}, 0, 0, __LINE__);                   // prefetcht0 [rdi]
  stores({0x50}, 0x1fff8, 8, __LINE__);                         // push rax
  stores({0xe8, 0, 0, 0, 0}, 0x1fff8, 8, __LINE__);             // call
  stores({0xff, 0x17}, 0x1fff8, 8, __LINE__);                   // call [rdi]
  stores({0x8f, 0x04, 0x24}, 0x20000, 16, __LINE__);            // pop [rsp]
  stores({0xc8, 0x10, 0x00, 0x02}, 0x20000 - 24, 24, __LINE__); // enter 16, 2
  stores({0xaa}, 0x10000, 1, __LINE__);                         // stosb
  stores({0xf3, 0x48, 0xab}, 0x10000, 40, __LINE__);            // rep stosq
  s.df = 1;
  stores({0xf3, 0x48, 0xab}, 0x10000 - 32, 40, __LINE__);
  s.df = 0;
  stores({0x48, 0x0f, 0xab, 0x07}, 0x10000 - 8, 8, __LINE__); // bts [rdi], rax
  stores({0x0f, 0xba, 0x2f, 0x03}, 0x10000, 4, __LINE__);     // bts [rdi], 3
  stores({0x66, 0x0f, 0xf7, 0xc1}, 0x10000, 16, __LINE__);    // maskmovdqu
  stores({0xc5, 0xf9, 0xf7, 0xc1}, 0x10000, 16, __LINE__);    // vmaskmovdqu
  stores({0x0f, 0xae, 0x07}, 0x10000, 512, __LINE__);         // fxsave [rdi]
  stores({0xdd, 0x37}, 0x10000, 108, __LINE__);               // fnsave [rdi]
  stores({0xd9, 0x37}, 0x10000, 28, __LINE__);                // fnstenv [rdi]
  stores({0xdb, 0x3f}, 0x10000, 10, __LINE__);                // fstp tbyte [rdi]
  stores({0x0f, 0x11, 0x07}, 0x10000, 16, __LINE__);          // movups [rdi], xmm0
  stores({0x48, 0x0f, 0xc7, 0x0f}, 0x10000, 16, __LINE__);    // cmpxchg16b [rdi]
}

} // namespace

int main() {
  testRegisters();
  testFlags();
  testRestore();
  testUndo();
  testStores();
  return failures != 0;
}
