// A vfork that the kernel refuses leaves the parent as it was: the child that never ran is
// freed without the parent's tables of branch targets.
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static unsigned long triple(unsigned long x) { return 3 * x; }
static unsigned long next(unsigned long x) { return x + 1; }
static unsigned long (*volatile steps[])(unsigned long) = {triple, next};

// Indirect calls, for which each thread has a table.
static unsigned long work(void) {
  unsigned long x = 1;
  for (unsigned long i = 0; i < 200000; i++)
    x = steps[i % 2](x) % 1000003;
  return x;
}

int main(void) {
  printf("before: %lu\n", work());
  for (int i = 0; i < 3; i++) {
    // A new user namespace cannot share its root directory with another one.
    long pid = syscall(SYS_clone, CLONE_VM | CLONE_VFORK | CLONE_NEWUSER | CLONE_FS | SIGCHLD, 0, 0, 0, 0);
    printf("vfork: %s, then %lu\n", pid < 0 ? strerrorname_np(errno) : "ok", work());
  }
  return 0;
}
