//===- Machines.cpp - One instruction, natively and interpreted -----------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The native stub loads all registers, runs the bytes and stores all registers
// by absolute address, so that no register is lost to it. Signals run on an
// alternate stack, for RSP is the instruction's.

#include "Machines.h"

#include "Guest/Features.h"
#include "Guest/FlagsWord.h"
#include "Guest/Host/HostFp.h"
#include "Interp/BlockBuilder.h"
#include "Interp/Interp.h"

#include <csetjmp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>
#include <sys/ucontext.h>

namespace dbt::test {

namespace {

constexpr uint64_t StubStart = CodeStart + 0x1000;
/// The state that the stub works on, and the host's stack pointer behind it.
constexpr uint64_t StubState = 0x11000000, HostStack = StubState + 0x800;
State &stubState = *reinterpret_cast<State *>(StubState);

/// Placed instances: the bytes and what follows them, then their stub.
constexpr uint64_t Slots = 0x20000000, SlotSize = 0x480, StubInSlot = 0x200;
uint64_t placed = Slots;

sigjmp_buf recovery;
bool native;
Trap raised;

void onSignal(int number, siginfo_t *, void *context) {
  if (native) {
    static const int Order[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                  REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
    const greg_t *regs = static_cast<ucontext_t *>(context)->uc_mcontext.gregs;
    for (int i = 0; i < 16; ++i)
      stubState.gpr[i] = static_cast<uint64_t>(regs[Order[i]]);
    stubState.rflags = static_cast<uint64_t>(regs[REG_EFL]);
    stubState.rip = static_cast<uint64_t>(regs[REG_RIP]);
  }
  siglongjmp(recovery, number);
}

/// Emits the stub around the code area: what precedes the bytes and what follows.
class Emitter {
public:
  explicit Emitter(uint64_t at) : out(reinterpret_cast<uint8_t *>(at)) {}
  void bytes(std::initializer_list<unsigned> list) {
    for (unsigned b : list)
      *out++ = static_cast<uint8_t>(b);
  }
  void word(uint64_t v) {
    auto narrow = static_cast<uint32_t>(v);
    std::memcpy(out, &narrow, 4);
    out += 4;
  }
  /// opcode reg, [address]
  void absolute(bool wide, std::initializer_list<unsigned> opcode, unsigned reg, uint64_t address) {
    if (wide || reg >= 8)
      bytes({0x40u | (wide ? 8u : 0u) | (reg >= 8 ? 4u : 0u)});
    bytes(opcode);
    bytes({(reg & 7) << 3 | 4, 0x25});
    word(address);
  }
  /// VINSERTF128 (18) or VEXTRACTF128 (19) between a YMM register's upper half and
  /// memory.
  void upperHalf(unsigned opcode, unsigned reg, uint64_t address) {
    const unsigned source = opcode == 0x18 ? reg : 0;
    bytes({0xc4, reg < 8 ? 0xe3u : 0x63u, (~source & 15) << 3 | 5, opcode, (reg & 7) << 3 | 4, 0x25});
    word(address);
    bytes({1});
  }
  void jump(uint64_t to) {
    bytes({0xe9});
    word(to - (reinterpret_cast<uint64_t>(out) + 4));
  }
  uint8_t *out;
};

constexpr uint64_t field(size_t offset) { return StubState + offset; }

/// Loads the state and goes on at \p code.
void emitStub(uint64_t at, uint64_t code) {
  Emitter e(at);
  e.bytes({0x53, 0x55, 0x41, 0x54, 0x41, 0x55, 0x41, 0x56, 0x41, 0x57}); // push callee-saved
  e.absolute(true, {0x89}, 4, HostStack);
  e.absolute(false, {0x0f, 0xae}, 1, field(offsetof(State, fx)));  // fxrstor
  if (hasYmm())
    for (unsigned r = 0; r < 16; ++r)
      e.upperHalf(0x18, r, field(offsetof(State, upper) + 16 * r));
  e.absolute(false, {0xdd}, 4, field(offsetof(State, x87)));       // frstor
  e.absolute(false, {0xff}, 6, field(offsetof(State, rflags)));    // push
  e.bytes({0x9d});                                                 // popfq
  for (unsigned r = 0; r < 16; ++r)
    e.absolute(true, {0x8b}, r, field(offsetof(State, gpr) + 8 * r));
  e.jump(code);
}

/// What follows the bytes at \p at.
void emitReturn(uint64_t at) {
  Emitter e(at);
  for (unsigned r = 0; r < 16; ++r)
    e.absolute(true, {0x89}, r, field(offsetof(State, gpr) + 8 * r));
  e.absolute(true, {0x8b}, 4, HostStack);
  e.bytes({0x9c});                                              // pushfq
  e.absolute(false, {0x8f}, 0, field(offsetof(State, rflags))); // pop
  e.absolute(false, {0x0f, 0xae}, 0, field(offsetof(State, fx)));
  if (hasYmm()) {
    for (unsigned r = 0; r < 16; ++r)
      e.upperHalf(0x19, r, field(offsetof(State, upper) + 16 * r));
    e.bytes({0xc5, 0xf8, 0x77}); // vzeroupper
  }
  e.absolute(false, {0xdd}, 6, field(offsetof(State, x87))); // fnsave
  e.bytes({0xfc, 0x41, 0x5f, 0x41, 0x5e, 0x41, 0x5d, 0x41, 0x5c, 0x5d, 0x5b, 0xc3});
}

void mapLow(uint64_t at, size_t size) {
  void *p = mmap(reinterpret_cast<void *>(at), size, PROT_READ | PROT_WRITE | PROT_EXEC,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  if (p == MAP_FAILED) {
    std::perror("mmap");
    std::exit(1);
  }
}

int signalOf(Trap trap) {
  switch (trap) {
  case Trap::DE:
  case Trap::MF:
  case Trap::XM: return SIGFPE;
  case Trap::UD: return SIGILL;
  case Trap::BP:
  case Trap::DB: return SIGTRAP;
  default: return SIGSEGV;
  }
}

X87State::Value readValue(const uint8_t *p) {
  X87State::Value v;
  std::memcpy(&v.significand, p, 8);
  std::memcpy(&v.signExponent, p + 8, 2);
  return v;
}

void toCpu(State &in, CpuState &s) {
  std::memcpy(s.gpr, in.gpr, sizeof in.gpr);
  setRflags(s, in.rflags);
  s.rip = in.rip;
  s.mxcsr = in.mxcsr();
  std::memcpy(s.xmm, in.xmm(0), sizeof s.xmm);
  std::memcpy(s.ymmHigh, in.upper, sizeof s.ymmHigh);
  s.x87.control = static_cast<uint16_t>(in.x87.control);
  s.x87.status = static_cast<uint16_t>(in.x87.status);
  s.x87.ip = in.x87.ip;
  s.x87.dp = in.x87.dp;
  s.x87.opcode = (in.x87.opcode >> 16) & 0x7ff;
  unsigned top = in.x87.status >> 11 & 7;
  for (unsigned i = 0; i < 8; ++i) {
    s.x87.st[(top + i) & 7] = readValue(in.x87.st[i]);
    if ((in.x87.tags >> 2 * i & 3) != 3)
      s.x87.valid |= static_cast<uint8_t>(1u << i);
  }
}

void fromCpu(const CpuState &s, State &out) {
  std::memcpy(out.gpr, s.gpr, sizeof out.gpr);
  out.rflags = rflags(s);
  out.rip = s.rip;
  out.mxcsr() = s.mxcsr;
  std::memcpy(out.xmm(0), s.xmm, sizeof s.xmm);
  std::memcpy(out.upper, s.ymmHigh, sizeof s.ymmHigh);
  out.x87.control = 0xffff0000 | s.x87.control;
  out.x87.status = 0xffff0000 | s.x87.status;
  out.x87.ip = static_cast<uint32_t>(s.x87.ip);
  out.x87.dp = static_cast<uint32_t>(s.x87.dp);
  out.x87.opcode = static_cast<uint32_t>(s.x87.opcode) << 16;
  out.x87.tags = 0xffff0000;
  unsigned top = s.x87.status >> 11 & 7;
  for (unsigned i = 0; i < 8; ++i) {
    const X87State::Value &v = s.x87.st[(top + i) & 7];
    std::memcpy(out.x87.st[i], &v.significand, 8);
    std::memcpy(out.x87.st[i] + 8, &v.signExponent, 2);
    if (!(s.x87.valid >> i & 1))
      out.x87.tags |= 3u << 2 * i; // only empty or not: the other tags follow from the values
  }
}

} // namespace

bool hasYmm() {
  static const bool has = hasFeature(Isa::Avx);
  return has;
}

void initMachines() {
  mapLow(CodeStart, 0x2000);
  mapLow(StubState, 0x1000);
  mapLow(DataStart, DataSize);
  emitStub(StubStart, CodeStart);
  stack_t stack = {};
  stack.ss_size = 1 << 16;
  stack.ss_sp = std::malloc(stack.ss_size);
  sigaltstack(&stack, nullptr);
  struct sigaction action = {};
  action.sa_sigaction = onSignal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  for (int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP})
    sigaction(number, &action, nullptr);
}

namespace {

void runAt(uint64_t stub, uint64_t end, State &state) {
  stubState = state;
  native = true;
  if (int number = sigsetjmp(recovery, 1)) {
    asm volatile("fninit; cld");
    stubState.signal = number;
  } else {
    reinterpret_cast<void (*)()>(stub)();
    stubState.rip = end;
    // Only empty or not, as the interpreter has it.
    uint32_t tags = 0xffff0000;
    for (unsigned i = 0; i < 8; ++i)
      if ((stubState.x87.tags >> 2 * i & 3) == 3)
        tags |= 3u << 2 * i;
    stubState.x87.tags = tags;
  }
  state = stubState;
}

} // namespace

void runNative(const uint8_t *bytes, size_t size, State &state) {
  std::memcpy(reinterpret_cast<void *>(CodeStart), bytes, size);
  emitReturn(CodeStart + size);
  runAt(StubStart, CodeStart + size, state);
}

void placeNative(unsigned slot, const uint8_t *bytes, size_t size) {
  const uint64_t at = Slots + slot * SlotSize;
  while (placed < at + SlotSize) {
    mapLow(placed, 1 << 20);
    placed += 1 << 20;
  }
  std::memcpy(reinterpret_cast<void *>(at), bytes, size);
  emitReturn(at + size);
  emitStub(at + StubInSlot, at);
}

void finishPlacing() { mprotect(reinterpret_cast<void *>(Slots), placed - Slots, PROT_READ | PROT_EXEC); }

void runPlaced(unsigned slot, size_t size, State &state) {
  const uint64_t at = Slots + slot * SlotSize;
  runAt(at + StubInSlot, at + size, state);
  state.rip -= at;
}

bool runInterpreted(const uint8_t *bytes, size_t size, State &state) {
  static Decoder decoder;
  std::memcpy(reinterpret_cast<void *>(CodeStart), bytes, size);
  std::unique_ptr<Block> block =
      buildBlock(decoder, CodeStart, size, CodeSource::PageKind::Stable, [](uint64_t) {}, 1 << 30);
  alignas(64) static CpuState s;
  s = {};
  toCpu(state, s);
  s.rip = CodeStart;
  native = false;
  raised = Trap::None;
  if (int number = sigsetjmp(recovery, 1)) {
    hostfp::setMxcsr(DefaultMxcsr);
    if (raised == Trap::Unimplemented)
      return false;
    // The op under way has stored nothing: the state is the instruction's start.
    fromCpu(s, state);
    state.rip = CodeStart + (raised == Trap::BP || raised == Trap::OF ? size : 0);
    state.signal = number;
    return true;
  }
  // Guest code runs with its MXCSR in the host's register.
  hostfp::setMxcsr(s.mxcsr);
  interpret(s, *block);
  s.mxcsr = hostfp::mxcsr();
  hostfp::setMxcsr(DefaultMxcsr);
  fromCpu(s, state);
  return true;
}

} // namespace dbt::test

/// The dispatcher's in dbt-run.
void dbt::interpRaise(CpuState *, const IOp *, Trap trap) {
  test::raised = trap;
  siglongjmp(test::recovery, test::signalOf(trap));
}
