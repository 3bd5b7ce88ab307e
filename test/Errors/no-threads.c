// A process that may have no more threads: dbt says once that it compiles nothing from now on,
// and goes on; the guest's own attempts fail as they do natively, and leave nothing behind.
// RUN: %cc -O1 -pthread %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto,heat --normalize='^dbt-run: warning: no compiled code.*$\n?' --expect=0 %t
// RUN: %dbt-run --no-copy %t 2>&1 | FileCheck %s
// RUN: %dbt-run --tier=jit %t early 2>&1 | FileCheck %s
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

// CHECK-COUNT-1: dbt-run: warning: no compiled code from now on: there can be no more threads
// CHECK-NOT: no compiled code

static unsigned long triple(unsigned long x) { return 3 * x; }
static unsigned long next(unsigned long x) { return x + 1; }
static unsigned long (*volatile steps[])(unsigned long) = {triple, next};

static unsigned long work(void) {
  unsigned long x = 1;
  for (unsigned long i = 0; i < 2000000; i++)
    x = steps[i % 2](x) % 1000003;
  return x;
}

static void *nothing(void *p) { return p; }

int main(int argc, char **argv) {
  if (getuid() == 0 && (setgid(65534) || setuid(65534))) // root is not limited
    return 1;
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_NPROC, &none);
  if (argc > 1) { // a new dbt-run, under the limit from the start
    execv(argv[0], argv + 1);
    return 1;
  }
  extern char **environ;
  char *const arguments[] = {"true", NULL};
  for (int i = 0; i < 3; i++) {
    pid_t pid;
    pthread_t thread;
    printf("%lu\n", work());
    printf("pthread_create: %s\n", strerrorname_np(pthread_create(&thread, NULL, nothing, NULL)));
    printf("posix_spawn: %s\n", strerrorname_np(posix_spawn(&pid, "/bin/true", NULL, NULL, arguments, environ)));
    printf("fork: %d %s\n", fork(), strerrorname_np(errno));
    printf("vfork: %d\n", vfork());
  }
  printf("%lu\n", work());
  return 0;
}
