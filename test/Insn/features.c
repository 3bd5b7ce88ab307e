// A feature that is switched off takes its instructions with it, and those of features
// that need it, in every tier; the others stay.
//
// RUN: %cc -O1 %s -o %t
// RUN: %python %S/../Inputs/features.py %dbt-run %t
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>

// Functions by feature; RDI points to 4 KB.
__asm__(".macro feature name, insns\n"
        "        .text\n"
        "1:      \\insns\n"
        "        ret\n"
        "        .section .rodata\n"
        "2:      .asciz \"\\name\"\n"
        "        .data\n"
        "        .quad 2b, 1b\n"
        ".endm\n"
        ".data\n"
        ".balign 8\n"
        "features:\n"
        "feature pni, \"haddps %xmm0, %xmm1\"\n"
        "feature ssse3, \"pabsb %xmm0, %xmm1\"\n"
        "feature cx16, \"push %rbx; xor %ecx, %ecx; xor %ebx, %ebx; cmpxchg16b (%rdi); pop %rbx\"\n"
        "feature sse4_1, \"pmulld %xmm0, %xmm1\"\n"
        "feature sse4_2, \"pcmpgtq %xmm0, %xmm1\"\n"
        "feature popcnt, \"popcnt %edi, %eax\"\n"
        "feature lahf_lm, \"lahf\"\n"
        "feature fma, \"vfmadd213ps %xmm0, %xmm1, %xmm2\"\n"
        "feature movbe, \"movbe (%rdi), %eax\"\n"
        "feature osxsave, \"xor %ecx, %ecx; xgetbv\"\n"
        "feature avx, \"vaddps %xmm0, %xmm1, %xmm2\"\n"
        "feature f16c, \"vcvtph2ps %xmm0, %xmm1\"\n"
        "feature bmi1, \"andn %edi, %edi, %eax\"\n"
        "feature avx2, \"vpaddb %ymm0, %ymm1, %ymm2; vzeroupper\"\n"
        "feature bmi2, \"pdep %edi, %edi, %eax\"\n"
        "feature pclmulqdq, \"pclmulqdq $0, %xmm0, %xmm1\"\n"
        "feature aes, \"aesenc %xmm0, %xmm1\"\n"
        "feature rdrand, \"rdrand %eax\"\n"
        "feature fsgsbase, \"rdgsbase %rax\"\n"
        "feature rdseed, \"rdseed %eax\"\n"
        "feature adx, \"adcx %edi, %eax\"\n"
        "feature clflushopt, \"clflushopt (%rdi)\"\n"
        "feature clwb, \"clwb (%rdi)\"\n"
        "feature sha_ni, \"sha1msg1 %xmm0, %xmm1\"\n"
        "feature gfni, \"gf2p8mulb %xmm0, %xmm1\"\n"
        "feature vaes, \"vaesenc %ymm0, %ymm1, %ymm2; vzeroupper\"\n"
        "feature vpclmulqdq, \"vpclmulqdq $0, %ymm0, %ymm1, %ymm2; vzeroupper\"\n"
        "feature rdpid, \"rdpid %rax\"\n"
        "feature xsaveopt, \"xor %eax, %eax; xor %edx, %edx; xsaveopt (%rdi)\"\n"
        "feature xsavec, \"xor %eax, %eax; xor %edx, %edx; xsavec (%rdi)\"\n"
        "feature rdtscp, \"rdtscp\"\n"
        "feature sse4a, \"extrq %xmm0, %xmm1\"\n"
        "        .data\n"
        "        .quad 0\n"
        "        .text\n");
extern struct {
  const char *name;
  void (*run)(void *);
} features[];

static sigjmp_buf jump;
static void onIllegal(int number) { siglongjmp(jump, number); }

int main(void) {
  static _Alignas(64) char area[4096];
  signal(SIGILL, onIllegal);
  for (int i = 0; features[i].name; ++i)
    for (volatile int run = 0; run < 2; ++run) { // the second time in compiled code, too
      if (sigsetjmp(jump, 1) == 0) {
        features[i].run(area);
        if (run)
          printf("%s ", features[i].name);
      }
    }
  printf("\n");
  return 0;
}
