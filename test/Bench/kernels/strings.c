// String hashing through libc's string functions.
// SIZES: 1000000 6000000
#include "kernel.h"
#include <string.h>
uint64_t kernel(long n) {
  static char text[4096], copy[4096];
  for (int i = 0; i < 4095; i++)
    text[i] = (char)('a' + i * 7 % 26);
  text[2000] = ' ';
  uint64_t h = 0;
  for (long i = 0; i < n; i++) {
    const char *at = text + i % 1000;
    size_t len = strlen(at);
    memcpy(copy, at, len + 1);
    h = h * 31 + len + (uint64_t)(strchr(copy, ' ') - copy) + (uint64_t)memcmp(copy, at, len) +
        (uint64_t)(unsigned char)copy[len / 2];
  }
  return h;
}
