// Faults as signals: number, code, address, trap number; repaired and returned to,
// skipped by changing rip, or left by siglongjmp.
// RUN: %cc -O1 -fno-stack-protector %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

static char *page;
static int repairs;
static unsigned skip;
static sigjmp_buf env;

extern char faulting[];

static void handler(int sig, siginfo_t *info, void *opaque) {
  greg_t *regs = ((ucontext_t *)opaque)->uc_mcontext.gregs;
  if (page && info->si_addr >= (void *)page && info->si_addr < (void *)(page + 4096) && sig == SIGSEGV) {
    repairs++;
    mprotect(page, 4096, PROT_READ | PROT_WRITE);
    return;
  }
  int atRip = info->si_addr == (void *)regs[REG_RIP];
  printf("SIG%s code %d trap %llu addr %s", sigabbrev_np(sig), info->si_code, regs[REG_TRAPNO], atRip ? "rip" : "");
  if (!atRip)
    printf("%lx", (unsigned long)info->si_addr & 0xffff);
  if (regs[REG_TRAPNO] == 14)
    printf(" err %llx cr2 %d", regs[REG_ERR], regs[REG_CR2] == (greg_t)info->si_addr);
  printf("\n");
  if (skip)
    regs[REG_RIP] += skip;
  else
    siglongjmp(env, 1);
}

#define TRY(length, ...)                                                                                               \
  do {                                                                                                                 \
    skip = length;                                                                                                     \
    if (sigsetjmp(env, 1) == 0) {                                                                                      \
      __VA_ARGS__;                                                                                                     \
    }                                                                                                                  \
  } while (0)

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
  int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
  for (int i = 0; i < 5; i++)
    sigaction(signals[i], &action, NULL);

  char *memory = mmap(NULL, 65536 + 8192, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memory = (char *)(((uintptr_t)memory + 65535) & ~(uintptr_t)65535);
  page = memory;
  long sum = 0;
  for (int i = 0; i < 300; i++) {
    mprotect(page, 4096, i & 1 ? PROT_NONE : PROT_READ);
    page[i] += 3; // read, then written
    sum += page[i];
  }
  printf("repairs %d sum %ld\n", repairs, sum);
  page = NULL;

  puts("no page");
  TRY(0, *(volatile int *)0x1238 = 1);
  TRY(0, sum = *(volatile int *)0x1238);
  puts("no write");
  mprotect(memory, 4096, PROT_READ);
  TRY(0, memory[5] = 1);
  puts("no execute");
  TRY(0, ((void (*)(void))(memory + 16))());
  TRY(0, ((void (*)(void))(uintptr_t)0x4440)());
  puts("not canonical");
  TRY(0, *(volatile char *)0x8000000000000000 = 1);
  puts("behind the end of a file");
  int fd = memfd_create("short", 0);
  char *file = mmap(memory, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
  TRY(0, file[7] = 1);
  puts("divide");
  volatile int zero = 0, lowest = -2147483647 - 1, minusOne = -1;
  TRY(0, zero = 5 / zero);
  TRY(0, zero = lowest / minusOne);
  puts("traps");
  TRY(2, __asm__ volatile("ud2"));
  TRY(0, __asm__ volatile("int3"));
  puts("privileged");
  TRY(1, __asm__ volatile("hlt"));
  puts("misaligned vector");
  TRY(0, __asm__ volatile("movaps %%xmm0, (%0)" ::"r"(memory + 4097)));
  puts("unmasked SSE exception");
  TRY(0, __asm__ volatile("push $0x1d80\n\tldmxcsr (%%rsp)\n\tpop %%rax\n\tpxor %%xmm1, %%xmm1\n\tmovsd %0, %%xmm0\n\tdivsd %%xmm1, %%xmm0" ::"m"((double){1}) : "rax", "xmm0", "xmm1"));
  __asm__ volatile("push $0x1f80\n\tldmxcsr (%%rsp)\n\tpop %%rax" ::: "rax");

  // Registers as before the instruction, one of which is a string move's.
  puts("in the middle of a copy");
  mmap(memory, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  mmap(memory + 4096, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  page = memory + 4096;
  repairs = 0;
  memset(memory, 7, 4096);
  char *from = memory, *to = memory + 4000;
  long count = 200;
  __asm__ volatile("rep movsb" : "+S"(from), "+D"(to), "+c"(count)::"memory");
  printf("repairs %d rest %ld, last %d %d\n", repairs, count, memory[4199], memory[4200]);
  return 0;
}
