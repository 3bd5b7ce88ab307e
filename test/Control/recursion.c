// 100,000 calls deep, several times over.
// RUN: %cc -O1 -fno-optimize-sibling-calls %s -o %t
// RUN: %check-tiers %t
#include <stdio.h>

__attribute__((noinline)) long depth(long n) {
  if (n == 0)
    return 0;
  return depth(n - 1) + (n & 3);
}

int main(void) {
  for (int i = 0; i < 5; i++)
    printf("%ld\n", depth(100000));
  return 0;
}
