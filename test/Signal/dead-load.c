// A load whose value nobody uses still faults: programs test pages so (implicit null
// checks, safepoint polls).
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --expect=0 %t
// RUN: %status 0 %dbt-run --tier=jit -O2 %t
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>

static sigjmp_buf back;
static void onFault(int number) { siglongjmp(back, number); }

int main(void) {
  signal(SIGSEGV, onFault);
  for (int i = 0; i < 3; ++i) {
    int number = sigsetjmp(back, 1);
    if (number == 0) {
      asm volatile("test %%eax, (%0)\n xor %%eax, %%eax\n nop" : : "r"(16l) : "rax", "cc");
      puts("no fault");
      return 1;
    }
    printf("signal %d\n", number);
  }
  return 0;
}
