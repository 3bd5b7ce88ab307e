// CRC and bit tricks.
// SIZES: 1000 5000
#include "kernel.h"
static uint8_t data[65536];
uint64_t kernel(long n) {
  uint32_t table[256], crc = ~0u;
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t c = i;
    for (int k = 0; k < 8; k++)
      c = c & 1 ? c >> 1 ^ 0xedb88320u : c >> 1;
    table[i] = c;
  }
  uint64_t bits = 0;
  for (long r = 0; r < n; r++) {
    for (int i = 0; i < 65536; i++) {
      data[i] = (uint8_t)(i * 31 + r);
      crc = table[(crc ^ data[i]) & 255] ^ crc >> 8;
      uint32_t v = crc & (0 - crc);
      bits += (uint64_t)__builtin_ctz(v | 0x80000000u) + (crc >> 31);
    }
  }
  return (uint64_t)crc << 32 ^ bits;
}
