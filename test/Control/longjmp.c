// RUN: %cc -O2 %s -o %t
// RUN: %check-tiers %t
#include <setjmp.h>
#include <stdio.h>

static jmp_buf env;

__attribute__((noinline)) static void deep(int n) {
  if (n == 0)
    longjmp(env, 7);
  deep(n - 1);
  __asm__ volatile("" ::: "memory");
}

int main(void) {
  volatile long total = 0;
  for (volatile int i = 0; i < 3000; i++) {
    int r = setjmp(env);
    if (r == 0)
      deep(i % 50);
    total += r;
  }
  printf("%ld\n", total);
  return 0;
}
