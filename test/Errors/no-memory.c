// A guest that has used up all memory that its process may have, and goes on with much code
// that has not run before: it gets ENOMEM, and dbt lives on what it has kept for itself. That
// nothing is compiled any more is said once, and ends nothing.
// RUN: %cc -O1 %s -o %t
// RUN: sh -c "ulimit -v 2000000 && %check-tiers --tiers=interp,copy,jit,auto,heat --normalize='^dbt-run: warning: no compiled code.*$\n?' --expect=0 %t"
// The compiler itself does not find room, or a part of it.
// RUN: sh -c "ulimit -v 200000 && %dbt-run --tier=jit %t little" 2>&1 | FileCheck %s
// RUN: sh -c "ulimit -v 50000 && %dbt-run --tier=jit %t little" 2>&1 | FileCheck %s
// RUN: sh -c "ulimit -v 100000 && %dbt-run --tier=jit %t little" 2>&1 | FileCheck %s
// Or it does, and then there is no more memory: where depends on the number of its allocations.
// RUN: %cc -O1 -shared -fPIC %inputs/failing-malloc.c -o %t.so
// RUN: env FAIL_AFTER=0 LD_PRELOAD=%t.so %dbt-run -U LD_PRELOAD --tier=jit %t little 2>&1 | FileCheck %s
// RUN: env FAIL_AFTER=1000 LD_PRELOAD=%t.so %dbt-run -U LD_PRELOAD --tier=jit %t little 2>&1 | FileCheck %s
// RUN: env FAIL_AFTER=10000 LD_PRELOAD=%t.so %dbt-run -U LD_PRELOAD --tier=jit %t little 2>&1 | FileCheck %s
// RUN: env FAIL_AFTER=50000 LD_PRELOAD=%t.so %dbt-run -U LD_PRELOAD --tier=jit %t little 2>&1 | FileCheck %s
// UNSUPPORTED: asan

// CHECK: {{^}}dbt-run: warning: no compiled code from now on: {{.+}}
// CHECK-NOT: {{.}}
// CHECK: {{^}}b00d9893214180ed
// CHECK-NOT: {{.}}
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

// 4,096 times a few instructions, none of them like another.
#define ONE(n) if ((x >> (n) % 61) & 1) x = x * (2 * (n) + 1) + side[(n) % 7]; else x ^= x >> ((n) % 17 + 5);
#define FOUR(n) ONE(n) ONE(n + 1) ONE(n + 2) ONE(n + 3)
#define SIXTEEN(n) FOUR(n) FOUR(n + 4) FOUR(n + 8) FOUR(n + 12)
#define MANY(n) SIXTEEN(n) SIXTEEN(n + 16) SIXTEEN(n + 32) SIXTEEN(n + 48)
#define THOUSAND(n) MANY(n) MANY(n + 64) MANY(n + 128) MANY(n + 192) MANY(n + 256) MANY(n + 320) MANY(n + 384) MANY(n + 448) \
    MANY(n + 512) MANY(n + 576) MANY(n + 640) MANY(n + 704) MANY(n + 768) MANY(n + 832) MANY(n + 896) MANY(n + 960)
static volatile unsigned long side[7] = {3, 1, 4, 1, 5, 9, 2};
__attribute__((noinline)) static unsigned long first(unsigned long x) { THOUSAND(0) return x; }
__attribute__((noinline)) static unsigned long second(unsigned long x) { THOUSAND(1024) return x; }
__attribute__((noinline)) static unsigned long third(unsigned long x) { THOUSAND(2048) return x; }
__attribute__((noinline)) static unsigned long fourth(unsigned long x) { THOUSAND(3072) return x; }

static unsigned long work(void) {
  unsigned long x = 1;
  for (int i = 0; i < 200; i++)
    x = fourth(third(second(first(x))));
  return x;
}

int main(int argc, char **argv) {
  (void)argv;
  char output[256];
  setvbuf(stdout, output, _IOLBF, sizeof output);
  if (argc > 1) {
    printf("%lx\n", work());
    pid_t child = fork(); // goes on without compiling, too
    if (child == 0)
      _exit(work() & 0x7f);
    int ended;
    return waitpid(child, &ended, 0) != child || ended != 0x6d00;
  }
  for (size_t size = (size_t)64 << 20; size >= 4096; size /= 2)
    while (mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
      ;
  printf("then: %s\n", strerror(errno));
  printf("%lx\n", work());
  pid_t pid = fork();
  if (pid == 0)
    _exit(work() & 0x7f);
  int status = -1;
  waitpid(pid, &status, 0);
  printf("child %d, %x\n", pid > 0, status);
  pid = vfork();
  if (pid == 0)
    _exit(4);
  printf("vfork %d\n", pid > 0 || errno == ENOMEM);
  return 0;
}
