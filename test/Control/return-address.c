// What a function sees as its return address is what it is natively, in every
// tier: the guest's stack holds guest addresses.
// RUN: %cc -O1 -no-pie %s -o %t
// RUN: %check-tiers %t
// RUN: %cc -O1 -pie -fPIE %s -o %t.pie
// RUN: %check-tiers --setarch-R %t.pie
#include <stdio.h>

__attribute__((noinline)) void *f(void) { return __builtin_return_address(0); }

int main(void) {
  printf("%p\n", f());
  return 0;
}
