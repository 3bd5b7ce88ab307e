// Integer hash rounds: rotates, adds and xors.
// SIZES: 40000000 240000000
#include "kernel.h"
static inline uint32_t rotl(uint32_t v, int n) { return v << n | v >> (32 - n); }
uint64_t kernel(long n) {
  uint32_t a = 1, b = 2, c = 3, d = 4;
  for (long i = 0; i < n; i++) {
    a += b; d = rotl(d ^ a, 16);
    c += d; b = rotl(b ^ c, 12);
    a += b; d = rotl(d ^ a, 8);
    c += d; b = rotl(b ^ c, 7);
    a ^= (uint32_t)i;
  }
  return (uint64_t)a << 32 | (b ^ c ^ d);
}
