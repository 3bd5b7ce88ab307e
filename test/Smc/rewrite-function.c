// Functions in an anonymous page rewritten by another block of the same thread:
// in place in a writable page, through mprotect, and after munmap and reuse of
// the address. Each version runs long enough to be compiled.
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --tiers=interp,copy,one,jit,auto,check-jit %t
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

typedef int (*Fn)(void);

static void put(unsigned char *p, int value) {
  p[0] = 0xb8; // mov eax, imm32; ret
  memcpy(p + 1, &value, 4);
  p[5] = 0xc3;
}

static long run(Fn f, int n) {
  long sum = 0;
  for (int i = 0; i < n; i++)
    sum += f();
  return sum;
}

int main(void) {
  const int rwx = PROT_READ | PROT_WRITE | PROT_EXEC, flags = MAP_PRIVATE | MAP_ANONYMOUS;
  unsigned char *p = mmap(0, 4096, rwx, flags, -1, 0);
  for (int v = 1; v <= 5; v++) {
    put(p, v);
    printf("in place %ld\n", run((Fn)p, 10000));
  }
  for (int v = 1; v <= 40; v++) { // often enough to make the page volatile
    put(p, v);
    if (run((Fn)p, 10) != 10 * v)
      printf("wrong at %d\n", v);
  }
  for (int v = 1; v <= 5; v++) {
    mprotect(p, 4096, PROT_READ | PROT_WRITE);
    put(p, v * 10);
    mprotect(p, 4096, PROT_READ | PROT_EXEC);
    printf("mprotect %ld\n", run((Fn)p, 10000));
  }
  for (int v = 1; v <= 5; v++) {
    munmap(p, 4096);
    unsigned char *q = mmap(p, 4096, rwx, flags | MAP_FIXED, -1, 0);
    put(q, v * 100);
    printf("reuse %ld\n", run((Fn)q, 10000));
  }
  return 0;
}
