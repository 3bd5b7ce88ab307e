// Threads that write, execute, unmap and remap code, with signals whose handler runs changing code
// too, fork and posix_spawn: every result is what the code said last, and memory does not grow.
// `soak.c.tmp 100000` goes on for about an hour.
// RUN: %cc -O1 -pthread %s -o %t
// RUN: %check-tiers --tiers=interp,copy,auto,heat %t 12
// RUN: %check-tiers --tiers=jit %t 3
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { Page = 4096, Threads = 3, Functions = 16 };

extern char **environ;
static atomic_long wrong, handled;
static unsigned char *handlerCode; // written by the first thread, called by handlers
static atomic_int handlerValue;

/// nop; nop; nop; mov eax, imm32; ret: the immediate is aligned.
static void put(unsigned char *at, int value) {
  static const unsigned char Code[] = {0x90, 0x90, 0x90, 0xb8, 0, 0, 0, 0, 0xc3};
  memcpy(at, Code, sizeof Code);
  memcpy(at + 4, &value, sizeof value);
}
static int call(unsigned char *at) { return ((int (*)(void))at)(); }
static void expect(int result, int value) { wrong += result != value; }

static void onSignal(int number) {
  const int atLeast = atomic_load(&handlerValue);
  wrong += call(handlerCode) < atLeast;
  atomic_fetch_add(&handled, 1);
}

static void rewriteInPlace(unsigned char *code, int seed) {
  for (int i = 0; i < Functions; i++)
    put(code + i * 64, seed + i);
  for (int again = 0; again < 50; again++)
    for (int i = 0; i < Functions; i++)
      expect(call(code + i * 64), seed + i);
  for (int i = 0; i < Functions; i += 3) {
    *(volatile int *)(code + i * 64 + 4) = -seed;
    expect(call(code + i * 64), -seed);
    expect(call(code + (i + 1) % Functions * 64), (i + 1) % Functions % 3 ? seed + (i + 1) % Functions : -seed);
  }
}

static void unmapAndRemap(unsigned char **code, int seed) {
  put(*code, seed);
  expect(call(*code), seed);
  munmap(*code, Page);
  *code = mmap(*code, Page, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  put(*code, ~seed);
  for (int again = 0; again < 60; again++)
    expect(call(*code), ~seed);
}

static void toggle(unsigned char *code, int seed) {
  mprotect(code, Page, PROT_READ | PROT_WRITE);
  put(code, seed);
  put(code + 512, 5);
  mprotect(code, Page, PROT_READ | PROT_EXEC);
  for (int again = 0; again < 60; again++) {
    expect(call(code), seed);
    expect(call(code + 512), 5);
  }
  mprotect(code, Page, PROT_READ | PROT_WRITE | PROT_EXEC);
}

static void moveIt(unsigned char **code, int seed) {
  put(*code, seed);
  expect(call(*code), seed);
  unsigned char *const to = mmap(NULL, Page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  *code = mremap(*code, Page, Page, MREMAP_MAYMOVE | MREMAP_FIXED, to);
  expect(call(*code), seed);
  *(volatile int *)(*code + 4) = seed + 1;
  expect(call(*code), seed + 1);
}

static void forkChild(unsigned char *code, int seed) {
  put(code, seed & 63);
  expect(call(code), seed & 63);
  const pid_t child = fork();
  if (child == 0) {
    const int before = call(code);
    put(code, before + 1);
    _exit(call(code));
  }
  int status;
  waitpid(child, &status, 0);
  expect(WEXITSTATUS(status), (seed & 63) + 1);
  expect(call(code), seed & 63);
}

static void spawn(void) {
  char *const argv[] = {"/bin/true", NULL};
  pid_t child;
  int status = -1;
  if (posix_spawn(&child, argv[0], NULL, NULL, argv, environ) == 0)
    waitpid(child, &status, 0);
  expect(status, 0);
}

static long rounds;
static pthread_t threads[Threads];

static void *work(void *index) {
  const long self = (long)index;
  unsigned char *code = mmap(NULL, Page, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  unsigned random = 12345 + (unsigned)self;
  for (long i = 0; i < rounds; i++) {
    random = random * 1103515245 + 12345;
    const int seed = (int)(random >> 8);
    rewriteInPlace(code, seed);
    unmapAndRemap(&code, seed);
    toggle(code, seed);
    moveIt(&code, seed);
    if (self == 0) {
      const int value = atomic_load(&handlerValue) + 1;
      *(volatile int *)(handlerCode + 4) = value;
      atomic_store(&handlerValue, value);
      for (int t = 1; t < Threads; t++)
        pthread_kill(threads[t], SIGUSR1);
    }
    if (self == 1 && i % 4 == 0)
      forkChild(code, seed);
    if (self == 2 && i % 4 == 0)
      spawn();
  }
  return NULL;
}

static long residentPages(void) {
  long size, resident = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (!file || fscanf(file, "%ld %ld", &size, &resident) != 2)
    resident = 0;
  if (file)
    fclose(file);
  return resident;
}

/// One batch of rounds by all threads.
static void batch(long count) {
  rounds = count;
  // The first, which sends signals to the others, comes last.
  for (long t = Threads - 1; t >= 0; t--)
    pthread_create(&threads[t], NULL, work, (void *)t);
  for (int t = 0; t < Threads; t++)
    pthread_join(threads[t], NULL);
}

int main(int argc, char **argv) {
  const long total = argc > 1 ? atol(argv[1]) : 10;
  handlerCode = mmap(NULL, Page, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  put(handlerCode, 0);
  struct sigaction action = {.sa_handler = onSignal, .sa_flags = SA_RESTART};
  sigaction(SIGUSR1, &action, NULL);
  batch(total / 3 + 1);
  const long before = residentPages();
  batch(total - total / 3);
  const long grown = residentPages() - before;
  printf("%ld wrong, %s\n", atomic_load(&wrong), grown < 8192 ? "flat" : "grown");
  return 0;
}
