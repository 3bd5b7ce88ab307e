// The x87 registers in a frame: of a fault between two of their instructions, whose
// handler changes one, and of a timer's signals in a loop that has all its values there.
// RUN: %cc -O2 %s -o %t
// RUN: %check-tiers --expect=0 %t
#define _GNU_SOURCE
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <ucontext.h>

static double *page;
static volatile sig_atomic_t ticks, wrong;

static void onFault(int sig, siginfo_t *info, void *opaque) {
  struct _libc_fpstate *fp = ((ucontext_t *)opaque)->uc_mcontext.fpregs;
  uint64_t significand;
  memcpy(&significand, fp->_st[0].significand, 8);
  printf("signal %d, control %x, top %d, tags %x, st0 %x %llx\n", sig, fp->cwd, fp->swd >> 11 & 7, fp->ftw & 0xff,
         fp->_st[0].exponent, (unsigned long long)significand);
  fp->_st[0].exponent += 1; // twice as much
  uint16_t control;
  __asm__ volatile("fnstcw %0" : "=m"(control));
  long double here = 3;
  __asm__ volatile("fsqrt" : "+t"(here));
  printf("here: control %x, %La\n", control, here);
  mprotect((void *)((uintptr_t)info->si_addr & ~4095ul), 4096, PROT_READ | PROT_WRITE);
}

static void onTick(int sig) {
  (void)sig;
  long double v = 2;
  __asm__ volatile("fsqrt\n\tfld1\n\tfadd %%st(1), %%st\n\tfstp %%st(1)" : "+t"(v));
  if (v != sqrtl(2) + 1)
    wrong = 1;
  ++ticks;
}

/// A store that faults, with three values on the stack.
__attribute__((noinline)) static long double storeTo(double *at, long double a, long double b) {
  long double r;
  __asm__ volatile("fldpi\n\tfldt %2\n\tfldt %3\n\tfmul %%st(1), %%st\n\tfstl %1\n\tfaddp\n\tfaddp"
                   : "=t"(r), "=m"(*at)
                   : "m"(a), "m"(b));
  return r;
}

int main(void) {
  struct sigaction action = {.sa_sigaction = onFault, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &action, NULL);
  page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (int i = 0; i < 200; i++) {
    if (i % 50 == 49)
      mprotect(page, 4096, PROT_READ);
    const long double r = storeTo(page + i, i, 1.5L);
    if (i % 50 >= 48)
      printf("%La %a\n", r, page[i]);
  }

  action.sa_handler = onTick;
  action.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &action, NULL);
  const struct itimerval often = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
  long double first = 0;
  setitimer(ITIMER_REAL, &often, NULL);
  for (int round = 0; ticks < 20 || round < 4; round++) {
    long double x = 1, y = 0.5L;
    for (int i = 1; i <= 20000; i++) {
      x = x * 0.999999L + y / i;
      y = y + 1 / (x + i);
    }
    if (round == 0)
      first = x + y;
    else if (x + y != first)
      wrong = 1;
  }
  setitimer(ITIMER_REAL, &never, NULL);
  printf("%La %d\n", first, wrong);
  return 0;
}
