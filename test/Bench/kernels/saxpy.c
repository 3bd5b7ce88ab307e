// Packed double.
// FLAGS: -O3
// SIZES: 100000 600000
#include "kernel.h"
#include <string.h>
static double x[4096], y[4096];
uint64_t kernel(long n) {
  for (int i = 0; i < 4096; i++) {
    x[i] = i * 0.5;
    y[i] = 4096 - i;
  }
  for (long r = 0; r < n; r++) {
    double a = 1.0 / (r + 1);
    for (int i = 0; i < 4096; i++)
      y[i] = a * x[i] + y[i] * 0.5;
  }
  uint64_t bits, sum = 0;
  for (int i = 0; i < 4096; i++) {
    memcpy(&bits, &y[i], 8);
    sum += bits;
  }
  return sum;
}
