// Byte stores in short loops.
// SIZES: 50 300
#include "kernel.h"
static unsigned char composite[1 << 20];
uint64_t kernel(long n) {
  uint64_t count = 0;
  for (long round = 0; round < n; round++) {
    for (int i = 0; i < 1 << 20; i++)
      composite[i] = 0;
    for (int i = 2; i < 1 << 20; i++)
      if (!composite[i]) {
        count++;
        for (int j = i + i; j < 1 << 20; j += i)
          composite[j] = 1;
      }
  }
  return count;
}
