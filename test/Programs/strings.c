// The C library's string functions over random lengths, alignments, contents and ends of
// pages: each operand lies near the end or the start of what is mapped, often right at it. The
// digest is of all results.
// RUN: %cc -O1 -fno-builtin %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto,heat --expect=0 %t 8000
// RUN: %check-tiers --tiers=one --expect=0 %t 300
// The library chooses them by what CPUID shows: those for AVX2, whose code compares 32 bytes
// (Programs/ifuncs has them by name).
// RUN: %dbt-run /lib64/ld-linux-x86-64.so.2 --list-diagnostics | grep -q 'preferred.AVX_Fast_Unaligned_Load=0x1'
// RUN: %dbt-run --tier=jit -d in_asm -D %t.log %t 20
// RUN: grep -q 'vpcmpeqb.*ymm' %t.log
// RUN: grep -q 'vpminub.*ymm' %t.log
// REQUIRES: cpu-avx2
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <wchar.h>

enum { Page = 4096, Room = 2 * Page };

static uint64_t state = 88172645463325252u, digest = 14695981039346656037u;

static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}
static void add(uint64_t v) { digest = (digest ^ v) * 1099511628211u; }
static void addBytes(const char *p, size_t n) {
  for (size_t i = 0; i < n; ++i)
    add((unsigned char)p[i]);
}
static void addPointer(const char *base, const void *p) { add(p ? (uint64_t)((const char *)p - base) : ~0ull); }
static void addSign(int v) { add((uint64_t)((v > 0) - (v < 0))); }

/// Memory between two pages without access.
static char *fenced(void) {
  char *p = mmap(0, Room + 2 * Page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED || mprotect(p + Page, Room, PROT_READ | PROT_WRITE))
    exit(1);
  return p + Page;
}

/// Mostly short, sometimes some vectors long.
static size_t length(void) {
  static const unsigned Bits[] = {3, 5, 6, 8, 11};
  return next() % (1u << Bits[next() % 5]);
}

/// A place for \p n bytes: right behind or right before a fence, or a bit away from it.
static char *place(char *memory, size_t n) {
  const size_t gap = next() % 3 ? 0 : next() % 64;
  return next() % 2 ? memory + gap : memory + Room - n - gap;
}
/// \p n bytes of few kinds.
static char *fill(char *memory, size_t n) {
  char *p = place(memory, n);
  const unsigned kinds = 1 + next() % 4, first = next() % 2 ? 'A' : 0xc0;
  for (size_t i = 0; i < n; ++i)
    p[i] = (char)(first + next() % kinds + (next() % 16 ? 0 : 0x20));
  return p;
}
static wchar_t *widePlace(char *memory, size_t n) {
  return (wchar_t *)(next() % 2 ? memory : memory + Room - n * sizeof(wchar_t));
}

static char *string(char *memory, size_t n) {
  char *p = fill(memory, n + 1);
  p[n] = 0;
  return p;
}

int main(int argc, char **argv) {
  char *a = fenced(), *b = fenced(), *c = fenced();
  for (long i = strtol(argv[1], 0, 10); i > 0; --i) {
    const size_t n = length(), m = length(), k = length();
    const int byte = (int)('A' + next() % 5 + (next() % 4 ? 0 : 0x7f));
    // Memory.
    char *p = fill(a, n), *q = fill(b, n);
    if (next() % 2)
      memcpy(q, p, n);
    if (n && next() % 2)
      q[next() % n] ^= 1;
    addSign(memcmp(p, q, n));
    addSign(bcmp(p, q, n) != 0);
    addPointer(p, memchr(p, byte, n));
    addPointer(p, memrchr(p, byte, n));
    if (n) {
      q[n - 1] = (char)byte;
      addPointer(q, rawmemchr(q, byte));
      q[n - 1] = 'A';
    }
    addPointer(p, memmem(p, n, q, n < 4 ? n : 1 + next() % 3));
    addPointer(q, memcpy(q, p, n));
    addPointer(q, mempcpy(q, p, n));
    addBytes(q, n);
    if (n) {
      const size_t from = next() % n, to = next() % n, much = next() % (n - (from > to ? from : to));
      memmove(p + to, p + from, much);
      addBytes(p, n);
      memset(p + from, byte, n - from);
      addBytes(p, n);
      addPointer(q, memccpy(q, p, byte, n));
      addBytes(q, n);
    }
    // Strings.
    char *s = string(a, n), *t = string(b, m);
    if (next() % 2 && n <= m)
      memcpy(t, s, n);
    add(strlen(s));
    add(strnlen(s, k));
    addPointer(s, strchr(s, byte));
    addPointer(s, strchrnul(s, byte));
    addPointer(s, strrchr(s, byte));
    addPointer(s, strchr(s, 0));
    addSign(strcmp(s, t));
    addSign(strncmp(s, t, k));
    addSign(strcasecmp(s, t));
    addSign(strncasecmp(s, t, k));
    addPointer(s, strstr(s, t + (m > 3 ? m - next() % 4 : 0)));
    addPointer(s, strcasestr(s, t + (m > 2 ? m - next() % 3 : 0)));
    char *set = string(c, next() % 6);
    add(strspn(s, set));
    add(strcspn(s, set));
    addPointer(s, strpbrk(s, set));
    char *to = place(c, n + m + 1);
    addPointer(to, stpcpy(to, s));
    addPointer(to, strcat(to, t));
    addBytes(to, n + m + 1);
    to = place(c, k + 1);
    addPointer(to, stpncpy(to, s, k));
    addBytes(to, k);
    strncpy(to, t, k);
    to[0] = 0;
    strncat(to, s, k);
    addBytes(to, k + 1);
    to = place(c, n + 1);
    strcpy(to, s);
    addBytes(to, n + 1);
    // Wide ones.
    const size_t w = n / sizeof(wchar_t);
    wchar_t *x = widePlace(a, w + 1), *y = widePlace(b, w + 1);
    wmemset(x, L'a' + (wchar_t)(next() % 3), w);
    x[w] = 0;
    wmemcpy(y, x, w + 1);
    if (w && next() % 2)
      y[next() % w] = next() % 2 ? -5 : 0x10000;
    add(wcslen(y));
    add(wcsnlen(y, k));
    addSign(wcscmp(x, y));
    addSign(wmemcmp(x, y, w));
    addPointer((char *)y, wmemchr(y, 0x10000, w));
    addPointer((char *)y, wcschr(y, 0x10000));
    addPointer((char *)y, wcsrchr(y, L'a'));
  }
  printf("%016lx\n", digest);
  return 0;
}
