// Where Intel's and AMD's processors differ: as the processor at hand does, and as each of
// the two does under -cpu MODEL,vendor=..., in every tier. docs/Instructions.md (generated)
// has the manuals' sections.
// REQUIRES: cpu-avx2, cpu-sha_ni, cpu-f16c
// RUN: %cc -O1 -static -no-pie -fno-stack-protector %s -o %t
// RUN: %check-tiers --tiers=interp,copy,one,jit,auto,heat,opt --expect=0 --normalize="^dbt-run: error: unimplemented .*\n" %t
// RUN: %dbt-run --tier=interp -cpu max,vendor=intel %t | FileCheck %s --check-prefixes=CHECK,INTEL
// RUN: %dbt-run --tier=copy --tier-threshold=1 -cpu max,vendor=intel %t | FileCheck %s --check-prefixes=CHECK,INTEL
// RUN: %dbt-run --tier=jit -cpu max,vendor=intel %t | FileCheck %s --check-prefixes=CHECK,INTEL
// RUN: %dbt-run --tier=interp -cpu max,vendor=amd %t | FileCheck %s --check-prefixes=CHECK,AMD
// RUN: %dbt-run --tier=copy --tier-threshold=1 -cpu max,vendor=amd %t | FileCheck %s --check-prefixes=CHECK,AMD
// RUN: %dbt-run --tier=jit -cpu max,vendor=amd %t | FileCheck %s --check-prefixes=CHECK,AMD
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

// Registers at the start of each case: RDI the end of mapped memory, RSI 0x40 below it, which
// holds bytes of 9, RBX a UD2, "behind", RCX 0x30, RAX 0x1122334455667788, R8 8; YMM3
// all ones, YMM5 indices of which the last but one lies in the page behind, YMM7 a mask with
// signs in its lanes 0, 1 and 6. A case that does not fault ends at UD2.
#define CASES(X)                                                                                                       \
  X(sha_misaligned, "sha256msg1 1(%rsi), %xmm4; sha1nexte 3(%rsi), %xmm4; sha256rnds2 5(%rsi), %xmm4")                 \
  X(gather_faults, "vpgatherdd %ymm7, -32(%rdi,%ymm5), %ymm4")                                                         \
  X(gather_of_four_faults, "vextracti128 $1, %ymm5, %xmm5; vpgatherdd %xmm3, -32(%rdi,%xmm5), %xmm4")                  \
  X(repe_cmps_faults, "cmp %ecx, %eax; stc; lea -16(%rdi), %rdi; repe cmpsb")                                           \
  X(repne_scas_faults, "mov $0x77, %al; cmp %al, %al; stc; lea -8(%rdi), %rdi; repne scasb")                           \
  X(repne_scas_faults_at_once, "cmp %al, %al; stc; repne scasb")                                                       \
  X(store_with_exception, "fninit; push $0x37e; fldcw (%rsp); fstps (%rdi); pop %rax")                                 \
  X(half_store_faults, "vcvtps2ph $0, %xmm5, (%rdi)")                                                                  \
  X(movsxd_16, ".byte 0x66, 0x63, 0x47, 0xfe")                                                                         \
  X(prefetch_of_register, ".byte 0x0f, 0x0d, 0xc8")                                                                    \
  X(lock_mov_from_cr0, ".byte 0xf0, 0x0f, 0x20, 0xc0")                                                                 \
  X(lock_mov_from_cr2, ".byte 0xf0, 0x0f, 0x20, 0xd0")                                                                 \
  X(pause_with_rex, ".byte 0xf3, 0x49, 0x90")                                                                          \
  X(repe_loopne, "cmp %eax, %ecx; .byte 0xf3, 0xe0, 2; ud2; nop")                                                      \
  X(repne_loope, "cmp %eax, %ecx; .byte 0xf2, 0xe1, 2; ud2; nop")                                                      \
  X(jcc_short_16, "cmp %eax, %eax; .byte 0x66, 0x74, 2; ud2; nop")                                                     \
  X(jcc_not_taken_16, "cmp %eax, %eax; .byte 0x66, 0x0f, 0x85, 2, 0; .byte 0, 0; ud2")                                 \
  X(jcc_wide_16, "cmp %eax, %eax; .byte 0x66, 0x48, 0x74, 2; ud2; nop")                                                \
  X(jmp_indirect_16, ".byte 0x66, 0xff, 0xe3")                                                                         \
  X(call_indirect_16, ".byte 0x66, 0xff, 0xd3")                                                                        \
  X(call_16, ".byte 0x66, 0xe8, 2, 0; .byte 0, 0; ud2; nop")                                                           \
  X(ret_16, "push %rbx; .byte 0x66, 0xc3")                                                                             \
  X(ret_wide_16, "push %rbx; .byte 0x66, 0x48, 0xc3")                                                                  \
  X(far_jump_64, "mov %rbx, -16(%rsi); movq $0x33, -8(%rsi); .byte 0x48, 0xff, 0x6e, 0xf0")                            \
  X(far_jump_32, "mov %ebx, -16(%rsi); movq $0x33, -12(%rsi); .byte 0x48, 0xff, 0x6e, 0xf0")                           \
  X(far_call_32, "mov %ebx, -16(%rsi); movq $0x33, -12(%rsi); .byte 0x48, 0xff, 0x5e, 0xf0")                           \
  X(lgs_wide, "movq $-2, -16(%rsi); movq $0, -8(%rsi); .byte 0x48, 0x0f, 0xb5, 0x46, 0xf0")                            \
  X(lgs_narrow, "movq $-2, -16(%rsi); movl $0, -12(%rsi); .byte 0x48, 0x0f, 0xb5, 0x46, 0xf0")                         \
  X(far_return_outward, "lea -16(%rdi), %rsp; movq $0, (%rsp); movq $0, 8(%rsp); lretq")                               \
  X(mov_to_cs, ".byte 0x8e, 0x0f")                                                                                     \
  X(fxsave_pointers, "fninit; fld1; fxsave64 image(%rip); fninit; mov image+8(%rip), %rax; neg %rax; sbb %eax, %eax")                            \
  X(fxsave_pending, "fninit; push $0x37b; fldcw (%rsp); pop %rax; fldz; fld1; fdiv %st(1); fxsave64 image(%rip); fninit; "\
                    "mov image+8(%rip), %rax; sub case_fxsave_pending@GOTPCREL(%rip), %rax")                           \
  X(fnstenv_selector, "fninit; fld1; fnstenv image(%rip); fninit; movzwl image+16(%rip), %eax")

// INTEL: {{^}}sha_misaligned: signal 11 rip +0 rsp +0 flags 0 mxcsr 1f80{{$}}
// AMD: {{^}}sha_misaligned: signal 4 rip +15 rsp +0 flags 0 mxcsr 1f80{{$}}
// AMD-NEXT: ymm4 0000000000000000 0000000000000000 9a9a9a99cacacaca 1f2727269c9c9c9c
// INTEL: {{^}}gather_faults: signal 11 rip +0 beyond rsp +0 flags 0 mxcsr 1f80{{$}}
// INTEL-NEXT: ymm4 0000000000000000 0000000000000000 0000000000000000 0909090909090909
// INTEL-NEXT: ymm7 00000000ffffffff 0000000000000000 0000000000000000 0000000000000000
// AMD: {{^}}gather_faults: signal 11 rip +0 beyond rsp +0 flags 0 mxcsr 1f80{{$}}
// AMD-NEXT: ymm4 0000000000000000 0000000000000000 0000000000000000 0909090909090909
// AMD-NEXT: ymm7 0000000a80000001 0000000000000000 0000000000000000 0000000000000000
// INTEL: {{^}}gather_of_four_faults: signal 11 rip +6 beyond rsp +0 flags 0 mxcsr 1f80{{$}}
// INTEL-NEXT: ymm3 0000000000000000 0000000000000000 ffffffffffffffff 0000000000000000
// INTEL-NEXT: ymm4 0000000000000000 0000000000000000 0000000000000000 0909090909090909
// INTEL-NEXT: ymm5 0000000000000000 0000000000000000 0000001800000020 0000001400000010
// AMD: {{^}}gather_of_four_faults: signal 11 rip +6 beyond rsp +0 flags 0 mxcsr 1f80{{$}}
// AMD-NEXT: ymm3 ffffffffffffffff ffffffffffffffff ffffffffffffffff 0000000000000000
// AMD-NEXT: ymm4 0000000000000000 0000000000000000 0000000000000000 0909090909090909
// AMD-NEXT: ymm5 0000000000000000 0000000000000000 0000001800000020 0000001400000010
// INTEL: {{^}}repe_cmps_faults: signal 11 rip +7 beyond rsp +0 flags 1 mxcsr 1f80{{$}}
// AMD: {{^}}repe_cmps_faults: signal 11 rip +7 beyond rsp +0 flags 44 mxcsr 1f80{{$}}
// INTEL: {{^}}repne_scas_faults: signal 11 rip +9 beyond rax 1122334455667777 rsp +0 flags 45 mxcsr 1f80{{$}}
// AMD: {{^}}repne_scas_faults: signal 11 rip +9 beyond rax 1122334455667777 rsp +0 flags 10 mxcsr 1f80{{$}}
// CHECK: {{^}}repne_scas_faults_at_once: signal 11 rip +3 beyond rsp +0 flags 45 mxcsr 1f80{{$}}
// INTEL: {{^}}store_with_exception: signal 4 rip +13 rax 37e rsp +0 flags 0 mxcsr 1f80{{$}}
// AMD: {{^}}store_with_exception: signal 11 rip +10 beyond rsp -8 flags 0 mxcsr 1f80{{$}}
// INTEL: {{^}}half_store_faults: signal 11 rip +0 beyond rsp +0 flags 0 mxcsr 1fb2{{$}}
// AMD: {{^}}half_store_faults: signal 11 rip +0 beyond rsp +0 flags 0 mxcsr 1f80{{$}}
// INTEL: {{^}}movsxd_16: signal 4 rip +4 rax 1122334455660909 rsp +0 flags 0 mxcsr 1f80{{$}}
// AMD: {{^}}movsxd_16: signal 11 rip +0 beyond rsp +0 flags 0 mxcsr 1f80{{$}}
// INTEL: {{^}}prefetch_of_register: signal 4 rip +3 rsp +0 flags 0 mxcsr 1f80{{$}}
// AMD: {{^}}prefetch_of_register: signal 4 rip +0 rsp +0 flags 0 mxcsr 1f80{{$}}
// INTEL: {{^}}lock_mov_from_cr0: signal 4 rip +0 rsp +0 flags 0 mxcsr 1f80{{$}}
// AMD: {{^}}lock_mov_from_cr0: signal 11 rip +0 rsp +0 flags 0 mxcsr 1f80{{$}}
// CHECK: {{^}}lock_mov_from_cr2: signal 4 rip +0 rsp +0 flags 0 mxcsr 1f80{{$}}
// INTEL: {{^}}pause_with_rex: signal 4 rip +3 rsp +0 flags 0 mxcsr 1f80{{$}}
// AMD: {{^}}pause_with_rex: signal 4 rip +3 rax 8 rsp +0 flags 0 mxcsr 1f80{{$}}
// INTEL: {{^}}repe_loopne: signal 4 rip +8 rsp +0 flags 91 mxcsr 1f80{{$}}
// AMD: {{^}}repe_loopne: signal 4 rip +5 rsp +0 flags 91 mxcsr 1f80{{$}}
// INTEL: {{^}}repne_loope: signal 4 rip +5 rsp +0 flags 91 mxcsr 1f80{{$}}
// AMD: {{^}}repne_loope: signal 4 rip +8 rsp +0 flags 91 mxcsr 1f80{{$}}
// INTEL: {{^}}jcc_short_16: signal 4 rip +8 rsp +0 flags 44 mxcsr 1f80{{$}}
// AMD: {{^}}jcc_short_16: signal 11 rip low rsp +0 flags 44 mxcsr 1f80{{$}}
// INTEL: {{^}}jcc_not_taken_16: signal 4 rip +9 rsp +0 flags 44 mxcsr 1f80{{$}}
// AMD: {{^}}jcc_not_taken_16: signal 11 rip +7 rsp +0 flags 44 mxcsr 1f80{{$}}
// CHECK: {{^}}jcc_wide_16: signal 4 rip +9 rsp +0 flags 44 mxcsr 1f80{{$}}
// INTEL: {{^}}jmp_indirect_16: signal 4 rip behind rsp +0 flags 0 mxcsr 1f80{{$}}
// AMD: {{^}}jmp_indirect_16: signal 11 rip low rsp +0 flags 0 mxcsr 1f80{{$}}
// INTEL: {{^}}call_indirect_16: signal 4 rip behind rsp -8 flags 0 mxcsr 1f80{{$}}
// AMD: {{^}}call_indirect_16: signal 11 rip low rsp -2 flags 0 mxcsr 1f80{{$}}
// INTEL: {{^}}call_16: signal 4 rip +9 rsp -8 flags 0 mxcsr 1f80{{$}}
// AMD: {{^}}call_16: signal 11 rip low rsp -2 flags 0 mxcsr 1f80{{$}}
// INTEL: {{^}}ret_16: signal 4 rip behind rsp +0 flags 0 mxcsr 1f80{{$}}
// AMD: {{^}}ret_16: signal 11 rip low rsp -6 flags 0 mxcsr 1f80{{$}}
// CHECK: {{^}}ret_wide_16: signal 4 rip behind rsp +0 flags 0 mxcsr 1f80{{$}}
// INTEL: {{^}}far_jump_64: signal 4 rip behind rsp +0 flags 0 mxcsr 1f80{{$}}
// AMD: {{^}}far_jump_64: signal 11 rip +12 rsp +0 flags 0 mxcsr 1f80{{$}}
// INTEL: {{^}}far_jump_32: signal 11 rip +11 rsp +0 flags 0 mxcsr 1f80{{$}}
// AMD: {{^}}far_jump_32: signal 4 rip behind rsp +0 flags 0 mxcsr 1f80{{$}}
// INTEL: {{^}}far_call_32: signal 11 rip +11 rsp +0 flags 0 mxcsr 1f80{{$}}
// AMD: {{^}}far_call_32: signal 4 rip behind rsp -16 flags 0 mxcsr 1f80{{$}}
// INTEL: {{^}}lgs_wide: signal 4 rip +21 rax fffffffffffffffe rsp +0 flags 0 mxcsr 1f80{{$}}
// AMD: {{^}}lgs_wide: signal 11 rip +16 rsp +0 flags 0 mxcsr 1f80{{$}}
// INTEL: {{^}}lgs_narrow: signal 11 rip +15 rsp +0 flags 0 mxcsr 1f80{{$}}
// AMD: {{^}}lgs_narrow: signal 4 rip +20 rax fffffffe rsp +0 flags 0 mxcsr 1f80{{$}}
// INTEL: {{^}}far_return_outward: signal 11 rip +21 flags 0 mxcsr 1f80{{$}}
// AMD: {{^}}far_return_outward: signal 11 rip +21 beyond flags 0 mxcsr 1f80{{$}}
// CHECK: {{^}}mov_to_cs: signal 4 rip +0 rsp +0 flags 0 mxcsr 1f80{{$}}
// INTEL: {{^}}fxsave_pointers: signal 4 rip +26 rax ffffffff rsp +0 flags 95 mxcsr 1f80{{$}}
// AMD: {{^}}fxsave_pointers: signal 4 rip +26 rax 0 rsp +0 flags 44 mxcsr 1f80{{$}}
// CHECK: {{^}}fxsave_pending: signal 4 rip +41 rax f rsp +0 flags 14 mxcsr 1f80{{$}}
// INTEL: {{^}}fnstenv_selector: signal 4 rip +19 rax 0 rsp +0 flags 0 mxcsr 1f80{{$}}
// AMD: {{^}}fnstenv_selector: signal 4 rip +19 rax 33 rsp +0 flags 0 mxcsr 1f80{{$}}

__asm__(".bss\n.balign 16\nimage: .skip 512\n.text\nbehind: ud2\n");
extern const char behind[];
#define ASM(name, text) __asm__(".text\n.globl case_" #name "\ncase_" #name ":\n" text "\nud2\n");
CASES(ASM)
#define DECLARE(name, text) extern const char case_##name[];
CASES(DECLARE)
#define ENTRY(name, text) {#name, case_##name},
static const struct {
  const char *name, *code;
} Cases[] = {CASES(ENTRY)};

enum { Page = 0x1000, NumVectors = 8 };
static sigjmp_buf back;
/// What RAX and RSP start with.
static const uint64_t Rax = 0x1122334455667788;
static uint8_t stack[Page];
static uint64_t start[NumVectors][4];
static struct {
  int signal;
  uint64_t address, rip, flags, rax, rsp;
  uint32_t mxcsr;
  uint64_t vectors[NumVectors][4];
} seen;

static void onSignal(int number, siginfo_t *info, void *opaque) {
  const mcontext_t *context = &((ucontext_t *)opaque)->uc_mcontext;
  const uint8_t *image = (const uint8_t *)context->fpregs;
  seen.signal = number;
  seen.address = number == SIGSEGV ? (uint64_t)info->si_addr : 0;
  seen.rip = (uint64_t)context->gregs[REG_RIP];
  seen.flags = (uint64_t)context->gregs[REG_EFL] & 0x8d5;
  seen.rax = (uint64_t)context->gregs[REG_RAX];
  seen.rsp = (uint64_t)context->gregs[REG_RSP];
  seen.mxcsr = context->fpregs->mxcsr;
  // The XSAVE area's standard form (asm/sigcontext.h): AVX's component is number 2, at 576.
  uint64_t components;
  memcpy(&components, image + 512, sizeof components);
  for (int i = 0; i < NumVectors; ++i) {
    memcpy(seen.vectors[i], &context->fpregs->_xmm[i], 16);
    memset(seen.vectors[i] + 2, 0, 16);
    if (components & 4)
      memcpy(seen.vectors[i] + 2, image + 576 + 16 * i, 16);
  }
  siglongjmp(back, 1);
}

static void prepare(void) {
  static const uint32_t Indices[8] = {0, 4, 8, 12, 16, 20, 32, 24}, Mask[8] = {0x80000005, 0xfffffff9, 6, 7, 8, 9, 0x80000001, 10};
  memset(start[3], 0xff, sizeof start[3]);
  memcpy(start[5], Indices, sizeof Indices);
  memcpy(start[7], Mask, sizeof Mask);
}

/// Jumps to \p code with registers as CASES says and \p vectors; onSignal() comes back.
_Noreturn void run(const char *code, const void *vectors, uint64_t end, void *stack);
__asm__(".text\n"
        "run:\n"
        "  vmovups (%rsi), %ymm0; vmovups 32(%rsi), %ymm1; vmovups 64(%rsi), %ymm2; vmovups 96(%rsi), %ymm3\n"
        "  vmovups 128(%rsi), %ymm4; vmovups 160(%rsi), %ymm5; vmovups 192(%rsi), %ymm6; vmovups 224(%rsi), %ymm7\n"
        "  movl $0x1f80, -8(%rsp); ldmxcsr -8(%rsp); pushq $0x202; popfq\n"
        "  mov %rdi, %r11; mov %rdx, %rdi; mov %rcx, %rsp\n"
        "  lea behind(%rip), %rbx; lea -0x40(%rdi), %rsi; movabs $0x1122334455667788, %rax; mov $0x30, %ecx; mov $8, %r8d\n"
        "  jmp *%r11\n");

static void show(const char *name, const char *code, const uint8_t *data) {
  printf("%s: signal %d rip ", name, seen.signal);
  if (seen.rip < 0x10000)
    printf("low");
  else if (seen.rip == (uint64_t)behind)
    printf("behind");
  else
    printf("+%ld", (long)(seen.rip - (uint64_t)code));
  if (seen.address && seen.address - (uint64_t)data - Page < Page)
    printf(" beyond");
  if (seen.rax != Rax)
    printf(" rax %lx", seen.rax);
  if (seen.rsp >= (uint64_t)stack && seen.rsp < (uint64_t)stack + Page)
    printf(" rsp %+ld", (long)(seen.rsp - (uint64_t)stack) - Page / 2);
  printf(" flags %lx mxcsr %x\n", seen.flags, seen.mxcsr);
  for (int i = 0; i < NumVectors; ++i)
    if (memcmp(seen.vectors[i], start[i], sizeof start[i]) != 0)
      printf("  ymm%d %016lx %016lx %016lx %016lx\n", i, seen.vectors[i][3], seen.vectors[i][2], seen.vectors[i][1], seen.vectors[i][0]);
}

int main(void) {
  uint8_t *data = mmap(0, 2 * Page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED || mprotect(data + Page, Page, PROT_NONE))
    return 1;
  prepare();
  stack_t alternate = {.ss_size = 1 << 16, .ss_sp = malloc(1 << 16)};
  sigaltstack(&alternate, 0);
  struct sigaction action = {.sa_sigaction = onSignal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
  for (unsigned i = 0; i < sizeof signals / sizeof *signals; ++i)
    sigaction(signals[i], &action, 0);
  for (unsigned c = 0; c < sizeof Cases / sizeof *Cases; ++c) {
    memset(data, 9, Page);
    if (sigsetjmp(back, 1) == 0)
      run(Cases[c].code, start, (uint64_t)data + Page, stack + Page / 2);
    show(Cases[c].name, Cases[c].code, data);
  }
  return 0;
}
