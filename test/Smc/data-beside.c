// Data in a page of code, written often: code beside it stays what it is, and memory does not
// grow, with a second thread or without.
// RUN: %cc -O1 -pthread %s -o %t
// RUN: %check-tiers %t
// RUN: %check-tiers %t thread
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

static void *sleepOn(void *unused) {
  pause();
  return NULL;
}

static long peakKiB(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

int main(int argc, char **argv) {
  unsigned char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  pthread_t thread;
  if (argc > 1)
    pthread_create(&thread, NULL, sleepOn, NULL);
  // fld1; fstp st(0); jmp second: what no tier but the interpreter copies.
  unsigned char *second = page + 0x100;
  memcpy(page, "\xd9\xe8\xdd\xd8\xe9", 5);
  const int32_t distance = (int32_t)(second - (page + 9));
  memcpy(page + 5, &distance, sizeof distance);
  memcpy(second, "\xb8\x01\0\0\0\xc3", 6); // mov eax, 1; ret
  // xor eax, eax; 1: add rax, rdi; dec rdi; jnz 1b; ret
  memcpy(page + 0x200, "\x31\xc0\x48\x01\xf8\x48\xff\xcf\x75\xf8\xc3", 11);
  int (*first)(void) = (int (*)(void))page;
  long (*loop)(long) = (long (*)(long))(page + 0x200);
  long sum = 0;
  for (int i = 0; i < 3000; i++) {
    page[0x800] = (unsigned char)i;
    sum += first() + loop(5);
  }
  second[1] = 2; // the only change of code
  const long before = peakKiB();
  for (int i = 0; i < 100000; i++)
    sum += first();
  printf("%ld %ld %s\n", sum, loop(100000), peakKiB() - before < 65536 ? "flat" : "grown");
  return 0;
}
