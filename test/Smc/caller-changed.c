// A function changes the code that it returns to: the caller's next instructions, behind its call,
// in a page that is always writable, by mprotect, and through a second mapping. The caller has run
// often by then, in whatever tier.
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --tiers=interp,copy,one,jit,auto,heat,opt,check-jit %t
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { Page = 4096 };

static unsigned char *writable;
static int byMprotect, calls, when;

/// What the caller calls: now and then it changes the number that the caller returns.
static void change(void) {
  if (++calls != when)
    return;
  if (byMprotect)
    mprotect(writable, Page, PROT_READ | PROT_WRITE);
  writable[15] += 1;
  if (byMprotect)
    mprotect(writable, Page, PROT_READ | PROT_EXEC);
}

static void run(const char *name, unsigned char *code) {
  void (*callee)(void) = change;
  // push rbx; mov rax, imm64; call rax; nop; mov eax, 7; pop rbx; ret
  unsigned char text[24] = {0x53, 0x48, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xd0, 0x90, 0xb8, 7, 0, 0, 0, 0x5b, 0xc3};
  memcpy(text + 3, &callee, sizeof callee);
  memcpy(writable, text, sizeof text);
  if (byMprotect)
    mprotect(writable, Page, PROT_READ | PROT_EXEC);
  long sum = 0;
  for (int round = 0; round < 20; round++) {
    calls = 0;
    when = 300;
    for (int i = 1; i <= 400; i++) {
      const int result = ((int (*)(void))code)();
      sum += result * i;
    }
  }
  printf("%s: %ld\n", name, sum);
}

int main(void) {
  const int Anonymous = MAP_PRIVATE | MAP_ANONYMOUS;
  unsigned char *code = writable = mmap(NULL, Page, PROT_READ | PROT_WRITE | PROT_EXEC, Anonymous, -1, 0);
  run("writable", code);
  code = writable = mmap(NULL, Page, PROT_READ | PROT_WRITE, Anonymous, -1, 0);
  byMprotect = 1;
  run("by mprotect", code);
  byMprotect = 0;
  const int fd = memfd_create("code", 0);
  if (fd < 0 || ftruncate(fd, Page))
    return 1;
  code = mmap(NULL, Page, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
  writable = mmap(NULL, Page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  run("through a second mapping", code);
  return 0;
}
