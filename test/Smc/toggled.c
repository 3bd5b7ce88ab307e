// W^X: pages whose protection goes to and fro, with functions that stay and functions that are
// written anew each time, in one thread while another calls those that stay.
// RUN: %cc -O1 -pthread %s -o %t
// RUN: %check-tiers %t
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

enum { Page = 4096, Pages = 4, Rounds = 100 };

static unsigned char *code;
static atomic_int done;

static void put(unsigned char *at, int value) {
  at[0] = 0xb8; // mov eax, imm32; ret
  memcpy(at + 1, &value, sizeof value);
  at[5] = 0xc3;
}
static int call(unsigned char *at) { return ((int (*)(void))at)(); }

/// Calls what lies in a page that nobody changes.
static void *callOthers(void *unused) {
  long wrong = 0;
  while (!atomic_load(&done))
    for (int i = 0; i < 100; i++)
      wrong += call(code + Pages * Page) != 77;
  return (void *)wrong;
}

int main(void) {
  code = mmap(NULL, (Pages + 1) * Page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  put(code + Pages * Page, 77);
  for (int i = 0; i < Pages; i++)
    put(code + i * Page, i);
  mprotect(code, (Pages + 1) * Page, PROT_READ | PROT_EXEC);
  pthread_t thread;
  pthread_create(&thread, NULL, callOthers, NULL);
  long sum = 0;
  for (int round = 0; round < Rounds; round++) {
    mprotect(code, Pages * Page, PROT_READ | PROT_WRITE);
    for (int i = 0; i < Pages; i++)
      put(code + i * Page + 64, round * i);
    mprotect(code, Pages * Page, PROT_READ | PROT_EXEC);
    for (int again = 0; again < 60; again++)
      for (int i = 0; i < Pages; i++)
        sum += call(code + i * Page) + call(code + i * Page + 64);
  }
  atomic_store(&done, 1);
  void *wrong;
  pthread_join(thread, &wrong);
  printf("%ld %ld\n", sum, (long)wrong);
  return 0;
}
