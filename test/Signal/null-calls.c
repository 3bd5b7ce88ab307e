// Calls, jumps and returns to addresses without code, 0 first of all, where the same instruction has
// gone to code before: by whatever tables a tier finds code, they are in none.
// RUN: %cc -O1 -static %s -o %t
// RUN: %check-tiers --tiers=interp,copy,one,jit,auto,heat,opt --expect=0 %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto --expect=-11 %t die
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <ucontext.h>

static sigjmp_buf back;
static volatile uint64_t rip, address;

static void onFault(int number, siginfo_t *info, void *context) {
  (void)number;
  rip = (uint64_t)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
  address = (uint64_t)info->si_addr;
  siglongjmp(back, 1);
}

static __attribute__((noinline)) long next(long n) { return n + 1; }

#define GO(name, how)                                                                                                  \
  static __attribute__((noinline)) long name(long n, uint64_t target) {                                                \
    long sum;                                                                                                          \
    __asm__ volatile("sub $128, %%rsp\n" how "2: add $128, %%rsp\n"                                                    \
                     : "=a"(sum), "+D"(n), "+c"(target)                                                                \
                     :                                                                                                 \
                     : "rdx", "rsi", "r8", "r9", "r10", "r11", "cc", "memory");                                        \
    return sum;                                                                                                        \
  }
GO(call, "call *%%rcx\n")
GO(callMemory, "mov %%rcx, 64(%%rsp); call *64(%%rsp)\n")
GO(jump, "lea 2f(%%rip), %%rax; push %%rax; jmp *%%rcx\n")
GO(ret, "lea 2f(%%rip), %%rax; push %%rax; push %%rcx; ret\n")

static const struct {
  const char *name;
  long (*go)(long, uint64_t);
} Ways[] = {{"call", call}, {"call through memory", callMemory}, {"jump", jump}, {"ret", ret}};
static const uint64_t Targets[] = {0, 1, 8, 0x800, 0x1000, 0x8000, 0xffff};

int main(int argc, char **argv) {
  (void)argv;
  struct sigaction action = {.sa_sigaction = onFault, .sa_flags = SA_SIGINFO};
  if (argc == 1)
    sigaction(SIGSEGV, &action, 0);
  for (unsigned w = 0; w < sizeof Ways / sizeof *Ways; ++w)
    for (unsigned t = 0; t < sizeof Targets / sizeof *Targets; ++t) {
      volatile long sum = 0;
      if (sigsetjmp(back, 1) == 0) {
        for (int i = 0; i < 300; ++i)
          sum = Ways[w].go(sum, (uint64_t)next);
        Ways[w].go(sum, Targets[t]);
      }
      printf("%s to %lx after %ld: rip %lx address %lx\n", Ways[w].name, Targets[t], sum, rip, address);
    }
  return 0;
}
