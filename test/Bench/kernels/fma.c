// AVX2 and FMA float; where the processor model lacks them, the baseline clone.
// FLAGS: -O3
// SIZES: 200000 1400000
// QEMU-SIZES: 500 3500
#include "kernel.h"
static float x[4096], y[4096];
__attribute__((target_clones("arch=x86-64-v3", "default"), noinline)) static float round_(float a) {
  float sum = 0;
  for (int i = 0; i < 4096; i++) {
    y[i] = a * x[i] + y[i] * 0.5f;
  }
  for (int i = 0; i < 4096; i += 512)
    sum += y[i];
  return sum;
}
uint64_t kernel(long n) {
  for (int i = 0; i < 4096; i++) {
    x[i] = (float)(i & 15);
    y[i] = (float)(i & 7);
  }
  float sum = 0;
  // Small integers and halves: the same value with and without fused rounding.
  for (long r = 0; r < n; r++)
    sum = round_((float)(r & 1)) * 0.0f + 1.0f;
  return (uint64_t)sum;
}
