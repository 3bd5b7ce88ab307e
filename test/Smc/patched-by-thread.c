// One thread calls small functions while another patches them, as HotSpot makes a method not
// entrant: the instruction at the entry, of seven bytes, becomes a jump of five by one aligned
// store of eight. Functions share pages or have their own; the store is made where the code is executed
// or through a second mapping of the same memory.
// RUN: %cc -O1 -pthread %s -o %t
// RUN: %check-tiers %t
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { Functions = 120, Entry = 64, Size = Entry + Functions * 4096 };

static unsigned char *code, *writable;
static size_t distance;
static atomic_int calling, patched;

static size_t placeOf(int i) { return Entry + i * distance; }

/// Replaces the entry of each function once it is being called.
static void *patch(void *unused) {
  for (int i = 0; i < Functions; i++) {
    while (atomic_load(&calling) < i)
      sched_yield();
    for (volatile int wait = i * 7919 % 5000; wait > 0; wait--)
      ;
    uint64_t word;
    memcpy(&word, writable + placeOf(i), sizeof word);
    unsigned char bytes[8];
    memcpy(bytes, &word, sizeof bytes);
    const int32_t jump = (int32_t)(0 - (int64_t)(placeOf(i) + 5)); // to code[0]
    bytes[0] = 0xe9;
    memcpy(bytes + 1, &jump, sizeof jump);
    memcpy(&word, bytes, sizeof word);
    __atomic_store_n((uint64_t *)(writable + placeOf(i)), word, __ATOMIC_SEQ_CST);
    atomic_store(&patched, i + 1);
  }
  return NULL;
}

static void run(const char *name) {
  // mov eax, 2; ret
  memcpy(writable, "\xb8\x02\0\0\0\xc3", 6);
  // mov [rsp - 0x14000], eax; nop; mov eax, 1; ret
  for (int i = 0; i < Functions; i++)
    memcpy(writable + placeOf(i), "\x89\x84\x24\x00\xc0\xfe\xff\x90\xb8\x01\0\0\0\xc3", 14);
  atomic_store(&calling, -1);
  atomic_store(&patched, 0);
  pthread_t thread;
  pthread_create(&thread, NULL, patch, NULL);
  int wrong = 0;
  for (int i = 0; i < Functions; i++) {
    int (*f)(void) = (int (*)(void))(code + placeOf(i));
    atomic_store(&calling, i);
    int result, before = 1;
    do {
      result = f();
      wrong += result != before && result != 2;
      before = result;
    } while (result == 1);
    // What has been seen to be new stays new.
    for (int again = 0; again < 20; again++)
      wrong += f() != 2;
  }
  pthread_join(thread, NULL);
  printf("%s: %d wrong\n", name, wrong);
}

int main(void) {
  code = writable = mmap(NULL, Size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  distance = 64;
  run("in one page");
  distance = 4096;
  run("in pages of their own");
  const int fd = memfd_create("code", 0);
  if (fd < 0 || ftruncate(fd, Size))
    return 1;
  code = mmap(NULL, Size, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
  writable = mmap(NULL, Size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  distance = 64;
  run("through a second mapping");
  return 0;
}
