// libc's qsort and bsearch with callbacks.
// SIZES: 4 16
#include "kernel.h"
static int cmp(const void *a, const void *b) { int x = *(const int *)a, y = *(const int *)b; return (x > y) - (x < y); }
static int v[200000];
uint64_t kernel(long n) {
  uint64_t found = 0;
  for (long r = 0; r < n; r++) {
    uint32_t s = 12345 + (uint32_t)r;
    for (int i = 0; i < 200000; i++) {
      s = s * 1664525 + 1013904223;
      v[i] = (int)(s >> 8);
    }
    qsort(v, 200000, sizeof(int), cmp);
    for (int i = 0; i < 200000; i++) {
      s = s * 1664525 + 1013904223;
      int key = (int)(s >> 8);
      found += bsearch(&key, v, 200000, sizeof(int), cmp) != 0;
    }
    found += (uint64_t)v[1000];
  }
  return found;
}
