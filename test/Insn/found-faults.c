// What dbt-fuzz found of instructions that fault: what has happened by then and what has not.
// Flags, MXCSR, the vectors and memory are compared besides what Insn/faults compares.
// REQUIRES: cpu-avx2
// RUN: %cc -O1 -static -no-pie -fno-stack-protector %s -o %t
// RUN: %check-tiers --tiers=interp,copy,one,jit,auto,heat,opt --expect=0 --normalize="^dbt-run: error: unimplemented .*\n" %t
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

// Registers at the start of each case:
//   RAX  0x1122334455667788        RBX  in a page without access       RCX  0x30
//   RDI  0x10 below the end of mapped memory     RSI  0x20 below it
//   YMM0 1.0 each    YMM1 3.0 each    YMM2 signalling NaNs    YMM3 all ones    YMM4 bytes
//   YMM5 0, 1, 2, ... 6, 0x1000       YMM6 zero               YMM7 all ones but the last three lanes
// A case that does not fault ends at UD2.
#define CASES(X)                                                                                                       \
  X(cmov_not_taken, "cmpb $9, (%rsi); cmovne (%rbx), %rax")                                                            \
  X(cmov_taken, "cmpb $9, (%rsi); cmove (%rbx), %eax")                                                                 \
  X(cmov_not_taken_16, "cmpb $9, (%rsi); cmovnew (%rbx), %ax")                                                         \
  X(blend_not_taken, "vblendvps %ymm6, (%rbx), %ymm0, %ymm0")                                                          \
  X(divide_before_load, "divss %xmm1, %xmm0; mov (%rbx), %eax")                                                        \
  X(divide_before_store, "divss %xmm1, %xmm0; mov %eax, (%rbx)")                                                       \
  X(divide_behind_load, "mov (%rbx), %eax; divss %xmm1, %xmm0")                                                        \
  X(divide_behind_store, "mov %eax, (%rbx); divss %xmm1, %xmm0; mov %eax, (%rdi)")                                     \
  X(root_before_load, "sqrtps %xmm1, %xmm0; mov (%rbx), %eax")                                                         \
  X(root_behind_load, "mov (%rbx), %eax; sqrtps %xmm1, %xmm0")                                                         \
  X(compare_before_load, "ucomiss %xmm2, %xmm0; mov (%rbx), %eax")                                                     \
  X(compare_behind_load, "mov (%rbx), %eax; ucomiss %xmm2, %xmm0")                                                     \
  X(convert_before_load, "cvtps2dq %xmm2, %xmm0; mov (%rbx), %eax")                                                    \
  X(convert_behind_load, "mov (%rbx), %eax; cvtps2dq %xmm2, %xmm0; cvtsi2ss %rax, %xmm1")                              \
  X(avx_before_load, "vdivps %ymm1, %ymm0, %ymm0; vmovups (%rbx), %ymm1")                                              \
  X(avx_behind_load, "vmovups (%rbx), %ymm1; vdivps %ymm1, %ymm0, %ymm0")                                              \
  X(repe_cmps_keeps_flags, "cmp %ecx, %eax; stc; repe cmpsb")                                                          \
  X(repne_scas_keeps_flags, "mov $0x77, %al; cmp %al, %al; stc; repne scasb")                                          \
  X(repe_scas_keeps_flags, "mov $9, %al; cmp $127, %al; repe scasb")                                                   \
  X(store_across_end, "movups %xmm4, 8(%rdi)")                                                                         \
  X(store_across_end_odd, "movups %xmm4, 1(%rdi)")                                                                     \
  X(wide_store_across_end, "vmovups %ymm4, -8(%rdi)")                                                                  \
  X(wide_store_across_middle, "vmovups %ymm4, (%rdi)")                                                                 \
  X(wide_store_across_end_odd, "vmovdqu %ymm4, 1(%rsi)")                                                               \
  X(wide_store_before_end, "vmovups %ymm4, (%rsi)")                                                                    \
  X(half_store_across_end, "vextractf128 $1, %ymm4, 4(%rdi)")                                                          \
  X(masked_store_before_end, "vmaskmovps %ymm4, %ymm7, -4(%rdi)")                                                      \
  X(masked_store_across_end, "vmaskmovps %ymm4, %ymm3, -4(%rdi)")                                                      \
  X(masked_load_of_nothing, "vmaskmovps (%rbx), %ymm6, %ymm1")                                                         \
  X(masked_load_before_end, "vpmaskmovd -4(%rdi), %ymm7, %ymm1")                                                       \
  X(shift_count_across_end, "vpsllw 8(%rdi), %ymm4, %ymm1")                                                            \
  X(shift_count_across_end_128, "vpsrad 8(%rdi), %xmm4, %xmm1")                                                        \
  X(shift_count_before_end, "vpsrlq (%rdi), %ymm4, %ymm1")                                                             \
  X(shift_counts_across_end, "vpsllvd (%rdi), %ymm4, %ymm1")                                                           \
  X(widen_before_end, "vpmovzxbw 8(%rdi), %xmm1; vcvtps2pd 8(%rdi), %xmm4; vmovddup 8(%rdi), %xmm5")                   \
  X(broadcast_before_end, "vbroadcastss 12(%rdi), %ymm1; vpbroadcastb 15(%rdi), %ymm4; vpbroadcastw 14(%rdi), %xmm5")  \
  X(scalar_before_end, "addss 12(%rdi), %xmm0; comisd 8(%rdi), %xmm1; pinsrw $1, 14(%rdi), %xmm4")                     \
  X(unaligned_strings, "pcmpistri $0, 1(%rsi), %xmm4; pcmpistrm $0x40, 3(%rsi), %xmm4")                                \
  X(unaligned_integers, "paddb 1(%rsi), %xmm4")                                                                        \
  X(unaligned_unary, "sqrtps 1(%rsi), %xmm4")                                                                          \
  X(unaligned_avx, "vaddps 1(%rsi), %xmm0, %xmm1; vmovaps 1(%rsi), %xmm4")                                             \
  X(unaligned_wide, "vmovaps 16(%rsi), %ymm4")                                                                         \
  X(unaligned_nontemporal, "movntdqa 8(%rsi), %xmm4")                                                                  \
  X(gather_last_faults, "vpgatherdd %ymm3, -7(%rdi,%ymm5), %ymm4")                                                     \
  X(gather_doubles_last_faults, "vextracti128 $1, %ymm5, %xmm0; vgatherdpd %ymm3, -4(%rsi,%xmm0), %ymm4")              \
  X(gather_of_masked, "vpgatherdd %ymm7, -7(%rdi,%ymm5), %ymm4")                                                       \
  X(gather_quads_last_faults, "vextracti128 $1, %ymm5, %xmm0; vpmovsxdq %xmm0, %ymm0; vpgatherqq %ymm3, -4(%rsi,%ymm0), %ymm4")\
  X(divide_by_zero_unmasked, "ldmxcsr noZero(%rip); addss %xmm0, %xmm1; divss %xmm6, %xmm0; addss %xmm0, %xmm1")       \
  X(inexact_unmasked, "ldmxcsr noInexact(%rip); cvtsi2ss %rax, %xmm0; mulss %xmm0, %xmm0")                             \
  X(compare_unmasked, "ldmxcsr noInvalid(%rip); ucomiss %xmm0, %xmm1; comiss %xmm2, %xmm0; mulss %xmm0, %xmm0")        \
  X(root_unmasked, "ldmxcsr noInexact(%rip); sqrtss %xmm1, %xmm0; mulss %xmm0, %xmm0")                                 \
  /* VEX.W where it must be 0. */                                                                                      \
  X(w1_vcvtph2ps, ".byte 0xc4, 0xe2, 0xf9, 0x13, 0xc1")                                                                \
  X(w1_vbroadcastss, ".byte 0xc4, 0xe2, 0xf9, 0x18, 0xc1")                                                             \
  X(w1_vpermilps, ".byte 0xc4, 0xe2, 0xf1, 0x0c, 0xc2")                                                                \
  X(w1_vtestps, ".byte 0xc4, 0xe2, 0xf9, 0x0e, 0xc1")                                                                  \
  X(w1_vmaskmovps, ".byte 0xc4, 0xe2, 0xf1, 0x2c, 0x06")                                                               \
  X(w1_vpermd, ".byte 0xc4, 0xe2, 0xf5, 0x36, 0xc2")                                                                   \
  X(w1_vpsravd, ".byte 0xc4, 0xe2, 0xf1, 0x46, 0xc2")                                                                  \
  X(w1_vpbroadcastd, ".byte 0xc4, 0xe2, 0xf9, 0x58, 0xc1")                                                             \
  X(w1_vbroadcasti128, ".byte 0xc4, 0xe2, 0xfd, 0x5a, 0x06")                                                           \
  X(w1_vpbroadcastb, ".byte 0xc4, 0xe2, 0xf9, 0x78, 0xc1")                                                             \
  X(w1_vpblendd, ".byte 0xc4, 0xe3, 0xf1, 0x02, 0xc2, 0x01")                                                           \
  X(w1_vpermilps_imm, ".byte 0xc4, 0xe3, 0xf9, 0x04, 0xc1, 0x01")                                                      \
  X(w1_vperm2f128, ".byte 0xc4, 0xe3, 0xf5, 0x06, 0xc2, 0x01")                                                         \
  X(w1_vinsertf128, ".byte 0xc4, 0xe3, 0xf5, 0x18, 0xc2, 0x01")                                                        \
  X(w1_vextractf128, ".byte 0xc4, 0xe3, 0xfd, 0x19, 0xc1, 0x01")                                                       \
  X(w1_vcvtps2ph, ".byte 0xc4, 0xe3, 0xf9, 0x1d, 0xc1, 0x00")                                                          \
  X(w1_vextracti128, ".byte 0xc4, 0xe3, 0xfd, 0x39, 0xc1, 0x01")                                                       \
  X(w1_vperm2i128, ".byte 0xc4, 0xe3, 0xf5, 0x46, 0xc2, 0x01")                                                         \
  X(w1_vblendvps, ".byte 0xc4, 0xe3, 0xf1, 0x4a, 0xc2, 0x30")                                                          \
  X(w1_vpblendvb, ".byte 0xc4, 0xe3, 0xf1, 0x4c, 0xc2, 0x30")                                                          \
  X(gather_same_register, ".byte 0xc4, 0xe2, 0x65, 0x90, 0x64, 0x25, 0x00")                                            \
  X(gather_without_index_vector, ".byte 0xc4, 0xe2, 0x65, 0x90, 0x27")

__asm__(".data\nnoZero: .long 0x1d80\nnoInexact: .long 0xf80\nnoInvalid: .long 0x1f00\n.text\n");
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
static struct {
  int signal, code;
  uint64_t address, rip, flags, gpr[4];
  uint32_t mxcsr;
  uint64_t vectors[NumVectors][4];
} seen;

static void onSignal(int number, siginfo_t *info, void *opaque) {
  const mcontext_t *context = &((ucontext_t *)opaque)->uc_mcontext;
  const uint8_t *image = (const uint8_t *)context->fpregs;
  static const int Order[] = {REG_RAX, REG_RCX, REG_RSI, REG_RDI};
  seen.signal = number;
  seen.code = info->si_code;
  seen.address = (uint64_t)info->si_addr;
  seen.rip = (uint64_t)context->gregs[REG_RIP];
  seen.flags = (uint64_t)context->gregs[REG_EFL] & 0x8d5;
  for (int i = 0; i < 4; ++i)
    seen.gpr[i] = (uint64_t)context->gregs[Order[i]];
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

static uint64_t start[NumVectors][4];

static void prepare(void) {
  for (int k = 0; k < 4; ++k) {
    start[0][k] = 0x3f8000003f800000;
    start[1][k] = 0x4040000040400000;
    start[2][k] = 0x7f8000017f800002;
    start[3][k] = ~(uint64_t)0;
    start[4][k] = 0x0102030405060708 * (uint64_t)(k + 1);
    start[5][k] = (uint64_t)(2 * k) | (uint64_t)(k == 3 ? 0x1000 : 2 * k + 1) << 32;
    start[6][k] = 0;
    start[7][k] = k < 2 ? ~(uint64_t)0 : k == 2 ? 0xffffffff : 0;
  }
}

/// Jumps to \p code with RDI, RSI and RBX as CASES says and \p vectors; onSignal() comes back.
_Noreturn void run(const char *code, const void *vectors, uint64_t end);
__asm__(".text\n"
        "run:\n"
        "  vmovups (%rsi), %ymm0; vmovups 32(%rsi), %ymm1; vmovups 64(%rsi), %ymm2; vmovups 96(%rsi), %ymm3\n"
        "  vmovups 128(%rsi), %ymm4; vmovups 160(%rsi), %ymm5; vmovups 192(%rsi), %ymm6; vmovups 224(%rsi), %ymm7\n"
        "  movl $0x1f80, -8(%rsp); ldmxcsr -8(%rsp); pushq $0x202; popfq\n"
        "  mov %rdi, %r11\n"
        "  lea 0x40(%rdx), %rbx; lea -0x20(%rdx), %rsi; lea -0x10(%rdx), %rdi\n"
        "  movabs $0x1122334455667788, %rax; mov $0x30, %ecx; mov $1, %edx\n"
        "  jmp *%r11\n");

int main(void) {
  uint8_t *data = mmap(0, 2 * Page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED || mprotect(data + Page, Page, PROT_NONE))
    return 1;
  prepare();
  stack_t stack = {.ss_size = 1 << 16, .ss_sp = malloc(1 << 16)};
  sigaltstack(&stack, 0);
  struct sigaction action = {.sa_sigaction = onSignal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
  for (unsigned i = 0; i < sizeof signals / sizeof *signals; ++i)
    sigaction(signals[i], &action, 0);
  for (unsigned c = 0; c < sizeof Cases / sizeof *Cases; ++c) {
    for (unsigned i = 0; i < Page; ++i)
      data[i] = (uint8_t)(i >= Page - 0x40 ? 9 : i * 7 >> 3);
    if (sigsetjmp(back, 1) == 0)
      run(Cases[c].code, start, (uint64_t)data + Page);
    uint64_t sum = 0;
    for (unsigned i = 0; i < Page; ++i)
      sum = sum * 31 + data[i];
    printf("%s: signal %d code %d rip +%ld flags %03lx mxcsr %04x memory %016lx", Cases[c].name, seen.signal, seen.code,
           (long)(seen.rip - (uint64_t)Cases[c].code), seen.flags, seen.mxcsr, sum);
    if (seen.address && seen.address != seen.rip) // of several elements' it is not told which byte's it is
      printf(" page %ld", (long)(seen.address - (uint64_t)data) >> 12);
    printf(" rax %lx rcx %lx rsi %+ld rdi %+ld\n", seen.gpr[0], seen.gpr[1], (long)(seen.gpr[2] - (uint64_t)data) - Page,
           (long)(seen.gpr[3] - (uint64_t)data) - Page);
    for (int i = 0; i < NumVectors; ++i)
      if (memcmp(seen.vectors[i], start[i], sizeof start[i]) != 0)
        printf("  ymm%d %016lx %016lx %016lx %016lx\n", i, seen.vectors[i][3], seen.vectors[i][2], seen.vectors[i][1], seen.vectors[i][0]);
  }
  return 0;
}
