// A writer changes what a function returns and then says so; a reader that has heard of it, and has
// serialised, gets nothing older, however often it calls. Each page is changed many times and then
// left for the next.
// RUN: %cc -O1 -pthread %s -o %t
// RUN: %check-tiers %t
#define _GNU_SOURCE
#include <cpuid.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

enum { Pages = 15, Versions = 12, Readers = 2, Burst = 50 };

typedef int (*Fn)(void);
static unsigned char *_Atomic page;
static atomic_int version, done;
static atomic_long bursts, stale;

/// nop; nop; nop; mov eax, imm32; ret: the immediate is aligned, so that a store is one.
static const unsigned char Code[] = {0x90, 0x90, 0x90, 0xb8, 1, 0, 0, 0, 0xc3};

static void serialise(void) {
  unsigned a, b, c, d;
  __cpuid(0, a, b, c, d);
}

static void *readCode(void *unused) {
  while (!atomic_load(&done)) {
    unsigned char *at = atomic_load(&page);
    const int atLeast = atomic_load(&version);
    if (at != atomic_load(&page))
      continue;
    serialise();
    int older = 0;
    for (int i = 0; i < Burst; i++)
      older += ((Fn)at)() < atLeast;
    // The page may have been left, and another's versions begun, meanwhile.
    if (older && at == atomic_load(&page))
      atomic_fetch_add(&stale, 1);
    atomic_fetch_add(&bursts, 1);
  }
  return NULL;
}

int main(void) {
  unsigned char *base = mmap(NULL, Pages * 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (int i = 0; i < Pages; i++)
    memcpy(base + i * 4096, Code, sizeof Code);
  atomic_store(&version, 1);
  atomic_store(&page, base);
  pthread_t readers[Readers];
  for (int i = 0; i < Readers; i++)
    pthread_create(&readers[i], NULL, readCode, NULL);
  for (int i = 0; i < Pages; i++) {
    atomic_store(&version, 1);
    atomic_store(&page, base + i * 4096);
    for (int v = 2; v <= Versions; v++) {
      for (const long before = atomic_load(&bursts); atomic_load(&bursts) < before + 2 * Readers;)
        sched_yield();
      *(volatile int *)(base + i * 4096 + 4) = v;
      atomic_store(&version, v);
    }
  }
  atomic_store(&done, 1);
  for (int i = 0; i < Readers; i++)
    pthread_join(readers[i], NULL);
  printf("%ld stale\n", atomic_load(&stale));
  return 0;
}
