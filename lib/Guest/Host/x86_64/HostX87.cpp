//===- HostX87.cpp - The x87 unit, on an x86-64 host ----------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The host's own unit computes. There is a stub of four bytes for each encoding
// (the instruction and a return); the two drivers load what it needs, call it and
// store what it left. Between calls the unit is as the ABI wants it: empty, and
// with the default control word; its sticky flags may be anything.
//===----------------------------------------------------------------------===//

#include "Guest/Host/HostX87.h"

#include <cstring>

asm(R"(
        .text
        .p2align 4
dbtX87RegisterStubs:
        .set .Lescape, 0xd8
        .rept 8
        .set .Lmodrm, 0xc0
        .rept 64
        .byte .Lescape, .Lmodrm, 0xc3, 0x90
        .set .Lmodrm, .Lmodrm + 1
        .endr
        .set .Lescape, .Lescape + 1
        .endr
dbtX87MemoryStubs:                      # on (%rdi)
        .set .Lescape, 0xd8
        .rept 8
        .set .Lmodrm, 7
        .rept 8
        .byte .Lescape, .Lmodrm, 0xc3, 0x90
        .set .Lmodrm, .Lmodrm + 8
        .endr
        .set .Lescape, .Lescape + 1
        .endr

# bool(memory, stub, X87Operands *, in, out, wantFlags)
        .p2align 4
dbtX87Compute:
        fnstsw  %ax                     # sticky flags that the guest has too do no harm
        movzwl  34(%rdx), %r10d
        notl    %r10d
        andl    $0x3f, %eax
        testl   %r10d, %eax
        jnz     6f
0:      cmpw    $0x37f, 32(%rdx)
        jne     7f
1:      cmpl    $1, %ecx
        jb      3f
        je      2f
        fldt    16(%rdx)
2:      fldt    (%rdx)
3:      movl    %r9d, %ecx
        callq   *%rsi
        jrcxz   4f                      # leaves the flags alone
        pushfq
        popq    40(%rdx)
4:      fnstsw  %ax
        movw    %ax, 34(%rdx)
        testb   $0x80, %al
        jnz     8f
        cmpl    $1, %r8d
        jb      5f
        fstpt   (%rdx)
        je      5f
        fstpt   16(%rdx)
5:      movl    $1, %eax
        cmpw    $0x37f, 32(%rdx)
        je      9f
        fldcw   dbtX87DefaultControl(%rip)
9:      retq
6:      fnclex
        jmp     0b
7:      fldcw   32(%rdx)
        jmp     1b
8:      fninit
        xorl    %eax, %eax
        retq

# void(memory, stub, image, rflags *)
        .p2align 4
dbtX87Run:
        frstor  (%rdx)
        pushq   (%rcx)
        popfq
        callq   *%rsi
        pushfq
        popq    (%rcx)
        fnsave  (%rdx)
        retq

        .section .rodata
        .p2align 1
dbtX87DefaultControl:
        .short  0x37f
        .text
)");

extern "C" {
extern const uint8_t dbtX87RegisterStubs[], dbtX87MemoryStubs[];
int dbtX87Compute(uint8_t *memory, const void *stub, void *operands, unsigned in, unsigned out, unsigned wantFlags);
void dbtX87Run(uint8_t *memory, const void *stub, void *image, uint64_t *rflags);
}

namespace dbt::host {

namespace {

static_assert(offsetof(X87Operands, control) == 32 && offsetof(X87Operands, status) == 34 &&
              offsetof(X87Operands, rflags) == 40 && sizeof(X87State::Value) == 16);

const void *stub(X87Op op) {
  unsigned escape = op.escape - 0xd8u;
  return op.modrm >= 0xc0 ? dbtX87RegisterStubs + 4 * (64 * escape + op.modrm - 0xc0)
                          : dbtX87MemoryStubs + 4 * (8 * escape + (op.modrm >> 3));
}

/// What FRSTOR loads and FNSAVE stores (SDM Vol. 1, Figure 8-9).
struct __attribute__((packed)) Image {
  uint32_t control, status, tags, pointers[4];
  uint8_t st[8][10]; ///< ST(0) first
};
static_assert(sizeof(Image) == 108);

unsigned top(uint32_t status) { return status >> 11 & 7; }

} // namespace

bool x87Compute(X87Operands &operands, X87Op op, X87Memory &memory, unsigned in, unsigned out,
                bool wantFlags) {
  return dbtX87Compute(memory, stub(op), &operands, in, out, wantFlags) != 0;
}

namespace {

/// Of the pointers nothing.
void toImage(const X87State &state, Image &image) {
  image = {};
  image.control = state.control;
  image.status = state.status;
  // The unit looks at the values itself where a register is not empty.
  for (unsigned i = 0; i < 8; ++i)
    if (!(state.valid >> i & 1))
      image.tags |= 3u << 2 * i;
  for (unsigned i = 0; i < 8; ++i) {
    const X87State::Value &v = state.st[(top(image.status) + i) & 7];
    std::memcpy(image.st[i], &v.significand, 8);
    std::memcpy(image.st[i] + 8, &v.signExponent, 2);
  }
}

void fromImage(const Image &image, X87State &state) {
  state.control = static_cast<uint16_t>(image.control);
  state.status = static_cast<uint16_t>(image.status);
  state.valid = 0;
  for (unsigned i = 0; i < 8; ++i) {
    if ((image.tags >> 2 * i & 3) != 3)
      state.valid |= static_cast<uint8_t>(1u << i);
    X87State::Value &v = state.st[(top(image.status) + i) & 7];
    std::memcpy(&v.significand, image.st[i], 8);
    std::memcpy(&v.signExponent, image.st[i] + 8, 2);
  }
}

} // namespace

void x87Run(X87State &state, X87Op op, X87Memory &memory, uint64_t &rflags) {
  Image image;
  toImage(state, image);
  dbtX87Run(memory, stub(op), &image, &rflags);
  fromImage(image, state);
}

bool x87Enter(CpuState &s) {
  constexpr uint16_t Exceptions = 0x3f, Summary = 0x80;
  if ((~s.x87.control & Exceptions) || (s.x87.status & Summary))
    return false;
  Image image;
  toImage(s.x87, image);
  asm volatile("frstor %0" ::"m"(image));
  s.x87InHost = 1;
  return true;
}

void x87Leave(CpuState &s) {
  Image image;
  asm volatile("fnsave %0" : "=m"(image));
  fromImage(image, s.x87);
  s.x87InHost = 0;
}

} // namespace dbt::host
