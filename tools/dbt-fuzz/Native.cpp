//===- Native.cpp - Sequences on the processor itself ---------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A stub loads all registers and jumps to the sequence; landings follow the sequence
// and store all registers by absolute address, so that no register is lost to
// either. Signals run on an alternate stack, for RSP is the sequence's.

#include "Native.h"

#include "Guard.h"
#include "Guest/Host/HostFp.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <sys/mman.h>

namespace dbt::fuzz {

namespace {

/// In the way of copies' memory, which would be below guest code otherwise: instances with wild
/// addresses of 32 bits would hit that.
constexpr uint64_t StubStart = 0x11000000, ReturnStart = StubStart + 0x800;
/// The state that the stub works on; behind it the host's registers and the jump's target.
constexpr uint64_t StubState = StubStart + 0x1000, HostStack = StubState + 0x800, HostFs = HostStack + 8,
                   HostGs = HostStack + 16, Target = HostStack + 24;
static_assert(sizeof(State) <= 0x800);
State &stubState = *reinterpret_cast<State *>(StubState);
uint64_t &wordAt(uint64_t address) { return *reinterpret_cast<uint64_t *>(address); }
constexpr uint64_t field(size_t offset) { return StubState + offset; }

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
  void jump(uint64_t to) {
    bytes({0xe9});
    word(to - (reinterpret_cast<uint64_t>(out) + 4));
  }
  /// VINSERTF128 ymm, ymm, [address], 1 or VEXTRACTF128 [address], ymm, 1
  void upperHalf(bool load, unsigned n, uint64_t address) {
    bytes({0xc4, (n < 8 ? 0xe0u : 0x60u) | 3, (load ? ~n & 15 : 15u) << 3 | 5, load ? 0x18u : 0x19u, (n & 7) << 3 | 4, 0x25});
    word(address);
    bytes({1});
  }
  /// RDFSBASE (0), RDGSBASE (1), WRFSBASE (2) or WRGSBASE (3) with RAX
  void segmentBase(unsigned which) { bytes({0xf3, 0x48, 0x0f, 0xae, 0xc0 | which << 3}); }

  uint8_t *out;
};

constexpr size_t gprField(unsigned r) { return offsetof(State, gpr) + 8 * r; }
constexpr size_t ymmField(unsigned n) { return offsetof(State, ymmHigh) + 16 * n; }

/// Loads the state and goes on at Target.
void emitStub() {
  Emitter e(StubStart);
  e.bytes({0x53, 0x55, 0x41, 0x54, 0x41, 0x55, 0x41, 0x56, 0x41, 0x57}); // push callee-saved
  e.absolute(true, {0x89}, 4, HostStack);
  if (hasFsgsbase()) {
    e.segmentBase(0);
    e.absolute(true, {0x89}, 0, HostFs);
    e.segmentBase(1);
    e.absolute(true, {0x89}, 0, HostGs);
  }
  e.absolute(true, {0x0f, 0xae}, 1, field(offsetof(State, fx))); // fxrstor64
  for (unsigned n = 0; n < 16 && hasYmm(); ++n)
    e.upperHalf(true, n, field(ymmField(n)));
  e.absolute(false, {0xff}, 6, field(offsetof(State, rflags))); // push
  if (hasFsgsbase()) {
    e.absolute(true, {0x8b}, 0, field(offsetof(State, fsBase)));
    e.segmentBase(2);
    e.absolute(true, {0x8b}, 0, field(offsetof(State, gsBase)));
    e.segmentBase(3);
  }
  e.bytes({0x9d}); // popfq
  for (unsigned r = 0; r < 16; ++r)
    e.absolute(true, {0x8b}, r, field(gprField(r)));
  e.absolute(false, {0xff}, 4, Target); // jmp
}

/// Where landings go on.
void emitReturn() {
  Emitter e(ReturnStart);
  for (unsigned r = 0; r < 16; ++r)
    e.absolute(true, {0x89}, r, field(gprField(r)));
  e.absolute(true, {0x8b}, 4, HostStack);
  e.bytes({0x9c});                                              // pushfq
  e.absolute(false, {0x8f}, 0, field(offsetof(State, rflags))); // pop
  e.bytes({0xfc});                                              // cld
  if (hasFsgsbase()) {
    e.segmentBase(0);
    e.absolute(true, {0x89}, 0, field(offsetof(State, fsBase)));
    e.segmentBase(1);
    e.absolute(true, {0x89}, 0, field(offsetof(State, gsBase)));
    e.absolute(true, {0x8b}, 0, HostFs);
    e.segmentBase(2);
    e.absolute(true, {0x8b}, 0, HostGs);
    e.segmentBase(3);
  }
  e.absolute(true, {0x0f, 0xae}, 0, field(offsetof(State, fx))); // fxsave64
  for (unsigned n = 0; n < 16 && hasYmm(); ++n)
    e.upperHalf(false, n, field(ymmField(n)));
  e.bytes({0xdb, 0xe3, 0x41, 0x5f, 0x41, 0x5e, 0x41, 0x5d, 0x41, 0x5c, 0x5d, 0x5b, 0xc3}); // fninit, pop, ret
}

/// Says which one it is, and changes no register.
void emitLanding(uint64_t at, unsigned n) {
  Emitter e(at);
  e.bytes({0xc6, 0x04, 0x25}); // mov byte [landing], n
  e.word(field(offsetof(State, landing)));
  e.bytes({n});
  e.jump(ReturnStart);
}

void mapLow(uint64_t at, size_t size) {
  void *p = mmap(reinterpret_cast<void *>(at), size, PROT_READ | PROT_WRITE | PROT_EXEC,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  if (p == MAP_FAILED) {
    std::perror("dbt-fuzz: error: cannot map guest memory");
    std::exit(2);
  }
}

} // namespace

void initNative() {
  mapLow(StubStart, 0x3000);
  mapLow(CodeStart, NumSlots * SlotSize);
  mapLow(DataStart, DataSize);
  emitStub();
  emitReturn();
  mprotect(reinterpret_cast<void *>(StubStart), 0x1000, PROT_READ | PROT_EXEC);
}

void protectCode() { mprotect(reinterpret_cast<void *>(CodeStart), NumSlots * SlotSize, PROT_READ | PROT_EXEC); }
void unprotectCode() { mprotect(reinterpret_cast<void *>(CodeStart), NumSlots * SlotSize, PROT_READ | PROT_WRITE | PROT_EXEC); }

void placeNative(unsigned slot, const uint8_t *bytes, size_t size) {
  const uint64_t start = codeAt(slot), end = start + size;
  std::memcpy(reinterpret_cast<void *>(start), bytes, size);
  for (unsigned n = 0; n <= NumLandings; ++n)
    emitLanding(landingAt(start, end, n), n);
}

void runNative(unsigned slot, size_t size, State &state) {
  const uint64_t start = codeAt(slot);
  stubState = state;
  wordAt(Target) = start;
  if (int number = sigsetjmp(guard.recovery, 0)) {
    guard.running = Running::Nothing;
    asm volatile("fninit; cld");
    hostfp::setMxcsr(DefaultMxcsr);
    if (hasFsgsbase())
      asm volatile("wrgsbase %0" ::"r"(wordAt(HostGs)));
    state = guard.registers;
    if (!hasFsgsbase())
      state.fsBase = stubState.fsBase, state.gsBase = stubState.gsBase;
    state.signal = number;
    return;
  }
  guard.running = Running::Native;
  reinterpret_cast<void (*)()>(StubStart)();
  guard.running = Running::Nothing;
  hostfp::setMxcsr(DefaultMxcsr);
  state = stubState;
  state.rip = landingAt(start, start + size, state.landing);
  state.signal = 0;
}

} // namespace dbt::fuzz
