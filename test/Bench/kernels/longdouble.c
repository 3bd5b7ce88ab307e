// x87 long double.
// SIZES: 10000000 60000000
#include "kernel.h"
#include <string.h>
uint64_t kernel(long n) {
  long double x = 1, y = 0.5L;
  for (long i = 1; i <= n; i++) {
    x = x * 0.999999L + y / i;
    y = y + 1 / (x + i);
  }
  long double r = x + y;
  uint64_t bits;
  memcpy(&bits, &r, 8);
  return bits;
}
