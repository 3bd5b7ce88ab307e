// A program that checksums its own code finds the bytes of its file.
// RUN: %cc -O1 -no-pie %s -o %t
// RUN: %check-tiers %t
#include <stdio.h>
#include <stdint.h>

extern const unsigned char __executable_start[], etext[];

static uint32_t sum(void) {
  uint32_t h = 2166136261u;
  for (const unsigned char *p = __executable_start + 0x1000; p < etext; p++)
    h = (h ^ *p) * 16777619u;
  return h;
}

int main(void) {
  // The second round runs when the first has made the code hot.
  uint32_t first = sum();
  for (int i = 0; i < 200; i++)
    if (sum() != first)
      return 1;
  printf("%08x\n", first);
  return 0;
}
