// Recursion: calls and returns.
// SIZES: 200 1000
#include "kernel.h"
__attribute__((noinline)) static uint64_t fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
uint64_t kernel(long n) {
  uint64_t sum = 0;
  for (long i = 0; i < n; i++)
    sum += fib(27 + (int)(i & 1));
  return sum;
}
