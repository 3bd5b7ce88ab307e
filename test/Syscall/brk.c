// RUN: %cc -O1 -w %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto %t
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static char *kernelBrk(void *to) { return (char *)syscall(SYS_brk, to); }

int main(void) {
  setvbuf(stdout, 0, _IONBF, 0);
  char *start = kernelBrk(0);
  printf("query is stable: %d\n", kernelBrk(0) == start);
  printf("grow by an odd size: %d\n", kernelBrk(start + 5001) == start + 5001);
  memset(start, 1, 5001);
  printf("the page's rest is usable: %d\n", start[5100]);
  printf("shrink: %d\n", kernelBrk(start + 100) == start + 100);
  printf("grow again: %d\n", kernelBrk(start + 9000) == start + 9000);
  printf("kept and zero: %d %d\n", start[50], start[8500]);
  printf("below the start is refused: %d\n", kernelBrk((char *)4096) == start + 9000);
  printf("huge is refused: %d\n", kernelBrk((char *)(1l << 60)) == start + 9000);
  // Something in the way stops it.
  char *wall = (char *)(((long)start + 0x100000) & -4096l);
  printf("wall: %d\n", mmap(wall, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == wall);
  printf("against the wall: %d\n", kernelBrk(wall + 8192) == start + 9000);
  printf("up to it: %d\n", kernelBrk(wall - 4096) == wall - 4096);
  printf("back: %d\n", kernelBrk(start) == start);
  return 0;
}
