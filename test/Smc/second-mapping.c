// Code written through a second mapping of the same memory.
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --tiers=interp,copy,one,jit,auto,check-jit %t
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void) {
  int fd = memfd_create("code", 0);
  if (fd < 0 || ftruncate(fd, 4096))
    return 1;
  unsigned char *w = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  unsigned char *x = mmap(0, 4096, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
  for (int v = 1; v <= 30; v++) {
    unsigned char code[6] = {0xb8, v, 0, 0, 0, 0xc3};
    memcpy(w, code, sizeof code);
    long sum = 0;
    for (int i = 0; i < 5000; i++)
      sum += ((int (*)(void))x)();
    printf("%ld\n", sum);
  }
  return 0;
}
