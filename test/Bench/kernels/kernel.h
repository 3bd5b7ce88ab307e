// A kernel's main: runs `kernel(n)` for the size on the command line and prints
// its result, which must be the same on every platform.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

uint64_t kernel(long n);

int main(int argc, char **argv) {
  printf("%llu\n", (unsigned long long)kernel(argc > 1 ? atol(argv[1]) : 1));
  return 0;
}
