//===- WrongCompiler.cpp - A compiler that makes one error ----------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Stands where libdbt-jit.so does, for a test of --check: it "compiles" the one
// instruction `add [rdi], eax` (01 07) to C++ that does it with the error that
// DBT_WRONG names.
//===----------------------------------------------------------------------===//
#include "Guest/CodeSlot.h"
#include "Guest/ExitReason.h"
#include "Guest/Flags.h"
#include "Region/Compiler.h"

#include <cstdlib>
#include <cstring>
#include <string>

using namespace dbt;

namespace {

bool isWrong(const char *how) {
  const char *wrong = std::getenv("DBT_WRONG");
  return wrong && !std::strcmp(wrong, how);
}

constexpr unsigned Length = 2;

void run(CpuState &s, void *) {
  auto *memory = reinterpret_cast<volatile uint32_t *>(s.reg(Reg::Rdi));
  if (isWrong("fault"))
    memory = nullptr;
  const uint32_t before = *memory, added = static_cast<uint32_t>(s.reg(Reg::Rax));
  if (isWrong("trap")) {
    s.trap = Trap::DE;
    s.exitReason = static_cast<uint32_t>(ExitReason::Trap);
    return;
  }
  if (!isWrong("nostore"))
    *memory = before + added + isWrong("store");
  if (isWrong("register"))
    s.reg(Reg::R12) ^= uint64_t(1) << 63;
  if (isWrong("vector"))
    s.xmm[15].hi += 1;
  if (!isWrong("flags"))
    s.flags = {flagOp(FlagKind::Add, 32), before, added};
  s.rip += Length + isWrong("rip");
  s.compiledInsns += 1 + isWrong("count");
}

class WrongCompiler final : public Compiler {
public:
  explicit WrongCompiler(CompilerHost &host) : host(host) {
    enter = run;
    host.startCache(&stub, slots, sizeof slots);
  }
  void queue(uint64_t pc) override { compileNow(pc); }
  bool compileNow(uint64_t pc) override {
    static constexpr uint8_t Known[Length] = {0x01, 0x07};
    bool writable;
    if (host.isCompiled(pc) || host.compilableBytes(pc, writable) < Length ||
        std::memcmp(reinterpret_cast<const void *>(pc), Known, Length) != 0)
      return false;
    auto *region = new Region;
    region->pc = pc;
    region->guestInsns = 1;
    region->entries = {{pc, &code}};
    region->spans = {{pc, Length}};
    region->numOwn = region->numCode = 1;
    region->bytes.assign(Known, Known + Length);
    region->guestWritable = writable;
    region->exact = host.exact();
    region->multiThreaded = host.multiThreaded();
    return host.publish(region);
  }
  void release(Region *region) override { delete region; }
  bool owns(const void *) override { return isWrong("fault"); }
  void pause() override {}
  void resume(bool) override {}
  CompilerStats stats() override { return {}; }

private:
  CompilerHost &host;
  CodeSlot slots[16];
  char stub, code; ///< only their addresses matter
};

} // namespace

extern "C" __attribute__((visibility("default"))) Compiler *dbtCreateCompiler(CompilerHost &host, const CompilerOptions &) {
  return new WrongCompiler(host);
}
