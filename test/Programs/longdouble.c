// printf and strtold of 100,000 long doubles of all classes, and libm's
// functions of some of them. The digest is of every character and bit.
// RUN: %cc -O2 %s -o %t -lm
// RUN: %check-tiers --tiers=interp,copy,jit,auto,heat --expect=0 %t 100000
// RUN: %check-tiers --tiers=one --expect=0 %t 300
#include <errno.h>
#include <fenv.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 88172645463325252u, digest = 14695981039346656037u;

static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}

static void add(const void *data, size_t size) {
  const unsigned char *p = data;
  for (size_t i = 0; i < size; i++)
    digest = (digest ^ p[i]) * 1099511628211u;
}

/// The ten bytes that count.
static void addValue(long double v) { add(&v, 10); }

static long double make(void) {
  uint64_t significand = next(), choice = next();
  uint16_t signExponent = (uint16_t)next();
  switch (choice % 8) {
  case 0: // a denormal
    signExponent &= 0x8000;
    significand &= ~(1ull << 63);
    break;
  case 1: // infinity or a NaN
    signExponent |= 0x7fff;
    significand |= 1ull << 63;
    if (choice & 8)
      significand = 1ull << 63;
    break;
  case 2: // about one
    signExponent = (signExponent & 0x8000) | (0x3fff - 32 + (choice >> 8) % 64);
    significand |= 1ull << 63;
    break;
  case 3: // few digits
    return (long double)(int64_t)(significand >> 40) / (1 << (choice >> 8) % 16);
  default:
    significand |= 1ull << 63;
    break;
  }
  long double v = 0;
  memcpy(&v, &significand, 8);
  memcpy((char *)&v + 8, &signExponent, 2);
  return v;
}

int main(int argc, char **argv) {
  static const int Modes[4] = {FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO};
  static const char *const Formats[4] = {"%.21Le", "%La", "%.*Lg", "%Lg"};
  const long count = argc > 1 ? atol(argv[1]) : 1000;
  char text[256];
  for (long i = 0; i < count; i++) {
    const long double v = make();
    fesetround(Modes[i / 64 % 4]);
    feclearexcept(FE_ALL_EXCEPT);
    const int format = (int)(next() % 4);
    const int length = format == 2 ? snprintf(text, sizeof text, Formats[2], (int)(next() % 40), v)
                                   : snprintf(text, sizeof text, Formats[format], v);
    add(text, (size_t)length);
    char *end;
    errno = 0;
    addValue(strtold(text, &end));
    const int seen[3] = {errno, fetestexcept(FE_ALL_EXCEPT), (int)(end - text)};
    add(seen, sizeof seen);
    if (i % 16 == 0) {
      addValue(sqrtl(v));
      addValue(rintl(v));
      addValue(expl(v / 1e4000L));
      addValue(sinl(v));
      addValue(atan2l(v, 3));
      addValue(log1pl(v));
      addValue(fmodl(v, 0.7L));
      addValue(powl(v, 0.3L));
      const long long rounded = fabsl(v) < 1e18L ? llrintl(v) : 0;
      add(&rounded, sizeof rounded);
    }
    if (i % (count / 10) == 0)
      printf("%ld: %s %016llx\n", i, text, (unsigned long long)digest);
  }
  printf("%016llx\n", (unsigned long long)digest);
  return 0;
}
