// Matrix transpose.
// SIZES: 200 1200
#include "kernel.h"
static uint32_t a[512][512], b[512][512];
uint64_t kernel(long n) {
  for (int i = 0; i < 512; i++)
    for (int j = 0; j < 512; j++)
      a[i][j] = (uint32_t)(i * 512 + j);
  uint64_t sum = 0;
  for (long r = 0; r < n; r++) {
    for (int i = 0; i < 512; i++)
      for (int j = 0; j < 512; j++)
        b[j][i] = a[i][j] + (uint32_t)r;
    sum += b[r % 512][7];
  }
  return sum;
}
