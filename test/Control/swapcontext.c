// RUN: %cc -O2 %s -o %t
// RUN: %check-tiers %t
#include <stdio.h>
#include <ucontext.h>

static ucontext_t mainContext, contexts[3];
static char stacks[3][64 * 1024];
static long counts[3];

static void worker(int self) {
  for (int i = 0; i < 3000; i++) {
    counts[self] += self + i % 3;
    swapcontext(&contexts[self], &contexts[(self + 1) % 3]);
  }
}

int main(void) {
  for (int i = 0; i < 3; i++) {
    getcontext(&contexts[i]);
    contexts[i].uc_stack.ss_sp = stacks[i];
    contexts[i].uc_stack.ss_size = sizeof stacks[i];
    contexts[i].uc_link = &mainContext;
    makecontext(&contexts[i], (void (*)(void))worker, 1, i);
  }
  swapcontext(&mainContext, &contexts[0]);
  printf("%ld %ld %ld\n", counts[0], counts[1], counts[2]);
  return 0;
}
