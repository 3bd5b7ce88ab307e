// A thread writes a memfd with system calls while another runs code that is mapped from it: the
// runner sees what has been written before it was told so.
// RUN: %cc -O1 -pthread %s -o %t
// RUN: %check-tiers --tiers=interp,copy,one,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { Rounds = 127 }; // a byte is never seen in part
static unsigned char *code;
static int written, seen; // rounds

static void *runner(void *unused) {
  for (int round = 1; round <= Rounds;) {
    const int told = __atomic_load_n(&written, __ATOMIC_ACQUIRE);
    unsigned a = 0, b, c = 0, d;
    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d)); // as cross-modified code needs
    const int got = ((int (*)(void))code)();
    if (got < told || got > told + 1)
      return "old code";
    if (told == round)
      __atomic_store_n(&seen, round++, __ATOMIC_RELEASE);
  }
  return unused;
}

int main(void) {
  int fd = memfd_create("code", 0);
  unsigned char bytes[8] = {0xb8, 0, 0, 0, 0, 0xc3};
  if (ftruncate(fd, 4096) || pwrite(fd, bytes, 8, 0) != 8)
    return 1;
  code = mmap(0, 4096, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
  pthread_t thread;
  if (pthread_create(&thread, 0, runner, 0))
    return 1;
  for (int round = 1; round <= Rounds; round++) {
    const unsigned char byte = (unsigned char)round;
    if (pwrite(fd, &byte, 1, 1) != 1)
      return 1;
    __atomic_store_n(&written, round, __ATOMIC_RELEASE);
    while (__atomic_load_n(&seen, __ATOMIC_ACQUIRE) != round) {
      void *failed;
      if (pthread_tryjoin_np(thread, &failed) == 0) {
        puts(failed ? (char *)failed : "ended");
        return failed != 0;
      }
      sched_yield();
    }
  }
  void *failed;
  pthread_join(thread, &failed);
  puts(failed ? (char *)failed : "ok");
  return failed != 0;
}
