// What copied code changes about an instruction must not show (docs/CopyTier.md): faults
// where a register is borrowed, the red zone under polls and signals, tight loops at every
// number of turns, and code far from everything that addresses relative to RIP.
// RUN: %cc -O1 -fno-stack-protector %s -o %t
// RUN: %check-tiers --tiers=interp,copy,auto,jit --expect=0 %t
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <ucontext.h>

static sigjmp_buf back;
static unsigned long registers[16];

static void onFault(int s, siginfo_t *info, void *context) {
  greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;
  static const int order[] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSI, REG_RDI, REG_R8, REG_R9,
                              REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
  for (int i = 0; i < 14; i++)
    registers[i] = r[order[i]];
  registers[14] = r[REG_EFL] & 0x8d5;
  siglongjmp(back, 1);
}

#define FILL "mov $1, %%eax; mov $2, %%ecx; mov $3, %%edx; mov $5, %%esi; mov $6, %%edi; mov $7, %%r8d; mov $8, %%r9d;" \
             "mov $9, %%r10d; mov $10, %%r11d; cmp $2, %%eax;"
#define FAULT(name, insn)                                                                                              \
  do {                                                                                                                 \
    if (!sigsetjmp(back, 1)) {                                                                                         \
      for (int turn = 0; turn < 10; turn++)                                                                            \
        __asm__ volatile(FILL "mov %0, %%rbx; " insn                                                                   \
                         : : "r"(turn < 9 ? 0x300L : 0x3000000000000000L)                                             \
                         : "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory", "cc");        \
    }                                                                                                                  \
    printf("%-12s", name);                                                                                             \
    for (int i = 0; i < 10; i++)                                                                                       \
      printf(" %lx", registers[i]);                                                                                    \
    printf(" flags %lx\n", registers[14]);                                                                             \
  } while (0)

static volatile int ticks;
static void onTick(int s) { ticks++; }

/// Lives in the red zone, and polls without a register to spare.
__attribute__((noinline)) static long redZone(long n) {
  long result;
  __asm__ volatile("mov %1, %%rcx; movq $0, -8(%%rsp); movq $1, -128(%%rsp)\n"
                   "1: mov -8(%%rsp), %%rax; add -128(%%rsp), %%rax; mov %%rax, -8(%%rsp)\n"
                   "dec %%rcx; jnz 1b\n"
                   "mov -8(%%rsp), %0"
                   : "=r"(result) : "r"(n) : "rax", "rcx", "memory", "cc");
  return result;
}

/// A loop that keeps CF over its jump backwards, so that no poll may change it.
__attribute__((noinline)) static unsigned long carries(const unsigned long *a, unsigned long *b, long n) {
  unsigned long carry = 0;
  __asm__ volatile("clc\n1: mov (%1), %%rax; adc %%rax, (%2); lea 8(%1), %1; lea 8(%2), %2; dec %3; jnz 1b; setc %b0"
                   : "+q"(carry), "+r"(a), "+r"(b), "+r"(n) : : "rax", "memory", "cc");
  return carry;
}

__attribute__((noinline)) static long turns(long n) {
  long k = 0;
  __asm__ volatile("1: add $3, %0; sub $1, %1; jg 1b" : "+r"(k), "+r"(n) : : "cc");
  return k;
}

int main(void) {
  struct sigaction action = {.sa_sigaction = onFault, .sa_flags = SA_SIGINFO | SA_NODEFER};
  sigaction(SIGSEGV, &action, 0);
  sigaction(SIGBUS, &action, 0);
  FAULT("fs load", "mov %%fs:(%%rbx), %%r11");
  FAULT("fs add", "addl $1, %%fs:(%%rbx)");
  FAULT("fs sib", "mov %%fs:8(%%rbx,%%rcx,4), %%rax");
  FAULT("fs sse", "movups %%fs:(%%rbx), %%xmm0");
  FAULT("push fs", "pushq %%fs:(%%rbx); pop %%rax");

  signal(SIGALRM, onTick);
  struct itimerval timer = {{0, 1000}, {0, 1000}};
  setitimer(ITIMER_REAL, &timer, 0);
  long sum = 0;
  for (int i = 0; i < 20 || ticks < 5; i++)
    sum |= redZone(100000) ^ 100000;
  timer = (struct itimerval){};
  setitimer(ITIMER_REAL, &timer, 0);
  printf("red zone %ld\n", sum);

  unsigned long a[40], b[40];
  for (int round = 0; round < 200; round++) {
    memset(a, 0xff, sizeof a);
    memset(b, 0, sizeof b);
    b[0] = 1;
    unsigned long carry = carries(a, b, 40), all = 0;
    for (int i = 0; i < 40; i++)
      all |= b[i];
    if (!carry || all)
      printf("carry lost in round %d\n", round);
  }
  for (int n = 1; n < 40; n++)
    for (int i = 0; i < 5; i++)
      if (turns(n) != 3 * n)
        printf("%d turns: %ld\n", n, turns(n));

  // lea, load, add to memory, compare with an immediate, all relative to RIP.
  static const unsigned char code[] = {0x48, 0x8d, 0x05, 0xf9, 0x0f, 0, 0, 0x48, 0x03, 0x05, 0xf2, 0x0f, 0, 0,
                                       0x48, 0x83, 0x05, 0xea, 0x0f, 0, 0, 0x05, 0x48, 0x81, 0x3d, 0xdf, 0x0f, 0, 0,
                                       0x78, 0x56, 0x34, 0x12, 0x48, 0x83, 0xd0, 0, 0xc3};
  for (unsigned long at = 0x110000000000; at < 0x160000000000; at += 0x010000000000) {
    char *p = mmap((void *)at, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (p != (char *)at)
      continue;
    memcpy(p, code, sizeof code);
    mprotect(p, 4096, PROT_READ | PROT_EXEC);
    unsigned long total = 0;
    for (int i = 0; i < 30; i++)
      total += ((unsigned long (*)(void))p)() - at;
    printf("far %lx %lx\n", total, *(unsigned long *)(p + 4096));
  }
}
