// Pointer chasing.
// SIZES: 40000000 200000000
#include "kernel.h"
static uint32_t next[1 << 16];
uint64_t kernel(long n) {
  uint32_t s = 1;
  for (uint32_t i = 0; i < 1 << 16; i++)
    next[i] = i;
  for (uint32_t i = (1 << 16) - 1; i > 0; i--) {
    s = s * 1664525 + 1013904223;
    uint32_t j = (s >> 8) % i, t = next[i];
    next[i] = next[j];
    next[j] = t;
  }
  uint32_t at = 0;
  uint64_t sum = 0;
  for (long i = 0; i < n; i++) {
    at = next[at];
    sum += at;
  }
  return sum;
}
