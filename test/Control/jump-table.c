// Jump tables of both shapes, and what a translation must not take for granted: the table
// is written to while the loop that reads it runs, an index reaches beyond the bound that
// was checked, and entries lead to the middle of other cases.
// RUN: %cc -O1 -no-pie %s -o %t
// RUN: %check-tiers --expect=0 %t
// RUN: %cc -O1 -pie -fPIE %s -o %t.pie
// RUN: %check-tiers --expect=0 %t.pie
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/// Which case runs for an index: 1, 10, 100 or, for what falls into the next, 110.
__attribute__((noinline)) static uint64_t byDistance(uint64_t index, const int32_t *table) {
  uint64_t result = 0, at;
  __asm__ volatile("movslq (%[table],%[index],4), %[at]\n"
                   "add %[table], %[at]\n"
                   "jmp *%[at]\n"
                   "case1: add $1, %[result]\n"
                   "jmp 9f\n"
                   "case10: add $10, %[result]\n"
                   "case100: add $100, %[result]\n"
                   "9:"
                   : [result] "+r"(result), [at] "=&r"(at)
                   : [table] "r"(table), [index] "r"(index)
                   : "cc");
  return result;
}

extern const char case1[], case10[], case100[];
static int32_t distances[8];
static void setDistance(int i, const char *label) { distances[i] = (int32_t)(label - (const char *)distances); }

__attribute__((noinline)) static int byAddress(void **table, const unsigned char *code, int n) {
  static void *labels[] = {&&zero, &&one, &&two, &&end};
  int sum = 0;
  if (!table) { // who wants to know where the labels are
    for (int i = 0; i < 4; i++)
      ((void **)(uintptr_t)code)[i] = labels[i];
    return 0;
  }
  goto *table[*code++];
zero: sum += 1; goto *table[*code++];
one: sum *= 3; if (sum > 100000) sum %= 1001; goto *table[*code++];
two: if (n-- > 0) code -= 3; goto *table[*code++];
end: return sum;
}

static uint64_t onSwitch(unsigned k, uint64_t x) {
  switch (k) {
  case 0: return x + 3;
  case 1: return x * 5;
  case 2: return x ^ 0x55;
  case 3: return x >> 3;
  case 4: return ~x;
  case 5: return x << 7;
  case 6: return x - 1000;
  case 7: return x | 0x80;
  default: return 12345;
  }
}

int main(void) {
  for (int i = 0; i < 8; i++)
    setDistance(i, i % 3 == 0 ? case1 : i % 3 == 1 ? case10 : case100);
  uint64_t sum = 0;
  for (int i = 0; i < 60000; i++) {
    if (i == 40000)
      setDistance(2, case1);
    if (i == 50000)
      setDistance(4, case100);
    sum = sum * 7 + byDistance((uint64_t)i % 8, distances);
  }
  printf("%llx\n", (unsigned long long)sum);
  void *labels[4];
  byAddress(0, (const unsigned char *)labels, 0);
  const unsigned char code[] = {0, 1, 2, 3};
  printf("%d\n", byAddress(labels, code, 30000));
  void *swap = labels[0];
  labels[0] = labels[1];
  labels[1] = swap;
  printf("%d\n", byAddress(labels, code, 30000));
  sum = 1;
  for (int i = 0; i < 60000; i++)
    sum = onSwitch((unsigned)(sum >> 11) % 10, sum) + (unsigned)i;
  printf("%llx\n", (unsigned long long)sum);
  return 0;
}
