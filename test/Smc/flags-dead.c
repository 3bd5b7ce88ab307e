// A caller whose callee overwrites all flags need not have them ready, until the callee is
// changed to read them: by mprotect, in a page that is always writable, through a second
// mapping, and by a mapping in its place.
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --tiers=interp,copy,one,jit,auto,heat,opt,check-jit %t
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { Page = 4096 };

/// xor eax, eax; ret; and: setb al; movzx eax, al; ret.
static const unsigned char Overwrites[] = {0x31, 0xc0, 0xc3}, Reads[] = {0x0f, 0x92, 0xc0, 0x0f, 0xb6, 0xc0, 0xc3};

static unsigned char *map(int protection, int fd) {
  return mmap(NULL, Page, protection, fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED, fd, 0);
}

/// At \p at a function that compares its arguments and calls \p callee, or jumps there.
static void makeCaller(unsigned char *at, const unsigned char *callee, int jump) {
  unsigned char code[16] = {0x39, 0xf7, jump ? 0xe9 : 0xe8, 0, 0, 0, 0, 0xc3}; // cmp edi, esi
  const int distance = (int)(callee - (at + 7));
  memcpy(code + 3, &distance, 4);
  memcpy(at, code, sizeof code);
}

static int run(unsigned char *caller) {
  int sum = 0;
  for (int i = 0; i < 3000; i++)
    sum += ((int (*)(int, int))caller)(i % 7, 3);
  return sum;
}

static void both(const char *what, unsigned char *caller) {
  const int called = run(caller), jumped = run(caller + 64);
  printf("%s: %d %d\n", what, called, jumped);
}

int main(void) {
  const int Write = PROT_READ | PROT_WRITE, Execute = PROT_READ | PROT_EXEC;
  for (int way = 0; way < 4; way++) {
    unsigned char *caller = map(Write, -1), *callee, *writable;
    if (way == 2) {
      const int fd = memfd_create("callee", 0);
      if (fd < 0 || ftruncate(fd, Page))
        return 1;
      writable = map(Write, fd);
      memcpy(writable, Overwrites, sizeof Overwrites);
      callee = map(Execute, fd);
    } else {
      callee = writable = map(way == 1 ? Write | PROT_EXEC : Write, -1);
      memcpy(writable, Overwrites, sizeof Overwrites);
      if (way != 1)
        mprotect(callee, Page, Execute);
    }
    makeCaller(caller, callee, 0);
    makeCaller(caller + 64, callee, 1);
    mprotect(caller, Page, Execute);
    both("overwrites", caller);
    if (way == 0)
      mprotect(callee, Page, Write);
    if (way == 3)
      mmap(callee, Page, Write, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    memcpy(writable, Reads, sizeof Reads);
    if (way == 0 || way == 3)
      mprotect(callee, Page, Execute);
    both("reads", caller);
  }
  return 0;
}
