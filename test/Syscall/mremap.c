// RUN: %cc -O1 -w %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto %t
//
// mremap at its edges: every result as natively.
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define P 4096ul

static void show(const char *what, void *result) {
  printf("%s: %s\n", what, result == MAP_FAILED ? strerrorname_np(errno) : "ok");
}
static char *anon(size_t size) {
  return mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

int main(void) {
  char *area = anon(64 * P);
  munmap(area + 8 * P, 8 * P);
  strcpy(area, "first");
  strcpy(area + 7 * P, "last");

  show("grow in place", mremap(area, 8 * P, 12 * P, 0));
  printf("kept: %s %s\n", area, area + 7 * P);
  show("no room", mremap(area, 12 * P, 20 * P, 0));
  char *moved = mremap(area, 12 * P, 20 * P, MREMAP_MAYMOVE);
  show("move", moved);
  printf("moved: %d %s %s\n", moved != area, moved, moved + 7 * P);
  show("the old place is free", mmap(area, P, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
  show("shrink", mremap(moved, 20 * P, 2 * P, 0));
  show("its end is free", mmap(moved + 2 * P, P, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));

  char *target = anon(8 * P);
  strcpy(target, "covered");
  char *fixed = mremap(moved, 2 * P, 4 * P, MREMAP_MAYMOVE | MREMAP_FIXED, target);
  printf("fixed: %d %s\n", fixed == target, target);
  show("fixed without maymove", mremap(fixed, P, P, MREMAP_FIXED, target + 4 * P));
  show("overlap", mremap(target, 4 * P, 4 * P, MREMAP_MAYMOVE | MREMAP_FIXED, target + P));
  show("odd", mremap(target + 1, P, P, MREMAP_MAYMOVE));
  show("odd target", mremap(target, P, P, MREMAP_MAYMOVE | MREMAP_FIXED, target + 4 * P + 1));
  show("new size 0", mremap(target, P, 0, MREMAP_MAYMOVE));
  show("not mapped", mremap(area + 9 * P, P, 2 * P, MREMAP_MAYMOVE));
  show("unknown flag", mremap(target, P, P, 64));

  char *kept = anon(2 * P);
  strcpy(kept, "content");
  char *elsewhere = mremap(kept, 2 * P, 2 * P, MREMAP_MAYMOVE | MREMAP_DONTUNMAP);
  printf("dontunmap: %s, left behind: '%s'\n", elsewhere, kept);

  // Old size 0 of a shared mapping duplicates it.
  char *shared = mmap(0, P, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  char *twin = mremap(shared, 0, P, MREMAP_MAYMOVE);
  show("duplicate", twin);
  strcpy(shared, "seen twice");
  printf("%s\n", twin == MAP_FAILED ? "" : twin);

  mprotect(elsewhere, P, PROT_READ);
  show("across protections", mremap(elsewhere, 2 * P, 3 * P, MREMAP_MAYMOVE));
  return 0;
}
