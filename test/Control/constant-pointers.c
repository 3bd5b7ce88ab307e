// Jumps and calls through pointers in memory that the guest cannot write, which compiled code
// takes for constants (a PLT whose GOT is read-only): until they change, in whichever way.
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --expect=0 %t
// RUN: rm -f %t.log && %dbt-run --tier=jit -d ir -D %t.log %t && grep -c -- --constant= %t.log | FileCheck %s
// CHECK: {{^[1-9]}}
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { Rounds = 20000, Page = 4096 };

uint64_t stub(uint64_t x), direct(uint64_t x), one(uint64_t x), two(uint64_t x), many(uint64_t x);
extern void *slot;
__asm__(".text\n"
        "stub: jmp *slot(%rip)\n"
        "direct: call *slot(%rip)\n"
        "  inc %rax\n"
        "  ret\n"
        "one: lea 1(%rdi), %rax\n"
        "  ret\n"
        "two: lea 2(%rdi), %rax\n"
        "  ret\n"
        // Calls something itself, and so stays a function of its own.
        "many: call one\n"
        "  lea 9(%rax), %rax\n"
        "  ret\n"
        ".data\n"
        ".balign 4096\n"
        ".globl slot\n"
        "slot: .quad 0\n"
        ".fill 4088\n"
        ".text\n");

static uint64_t run(void) {
  uint64_t sum = 0;
  for (uint64_t i = 0; i < Rounds; ++i)
    sum += stub(i) * 3 + direct(i);
  return sum;
}

static void protect(int prot) {
  if (mprotect(&slot, Page, prot))
    perror("mprotect");
}

static void set(void *to) {
  protect(PROT_READ | PROT_WRITE);
  *(void *volatile *)&slot = to;
  protect(PROT_READ);
}

/// A fault at the read of the pointer itself: RIP in the frame is the stub's.
static volatile uintptr_t faultPc, faultAddress;
static void onFault(int s, siginfo_t *info, void *context) {
  faultPc = ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
  faultAddress = (uintptr_t)info->si_addr;
  protect(PROT_READ);
}

int main(void) {
  set(one);
  printf("one %lu\n", run());
  set(two);
  printf("two %lu\n", run());
  // Writable from here on, and written without any system call.
  protect(PROT_READ | PROT_WRITE);
  uint64_t sum = 0;
  for (int i = 0; i < 4; ++i) {
    *(void *volatile *)&slot = i % 2 ? (void *)one : (void *)many;
    sum = sum * 7 + run();
  }
  printf("written %lu\n", sum);
  set(many);
  printf("many %lu\n", run());
  // Another page in its place.
  char *other = mmap(0, Page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memcpy(other, &(void *){one}, sizeof(void *));
  mprotect(other, Page, PROT_READ);
  if (mremap(other, Page, Page, MREMAP_MAYMOVE | MREMAP_FIXED, &slot) != &slot)
    perror("mremap");
  printf("moved %lu\n", run());
  // Shared memory: read-only here, written by way of another address.
  int fd = memfd_create("slot", 0);
  if (fd < 0 || ftruncate(fd, Page))
    perror("memfd_create");
  void **alias = mmap(0, Page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  *alias = (void *)two;
  if (mmap(&slot, Page, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0) != &slot)
    perror("mmap");
  printf("shared %lu\n", run());
  *alias = (void *)one;
  printf("alias %lu\n", run());
  if (pwrite(fd, &(void *){many}, sizeof(void *), 0) != sizeof(void *))
    perror("pwrite");
  printf("file %lu\n", run());

  // Private again, and then not to be read at all.
  mmap(&slot, Page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  set(two);
  printf("private %lu\n", run());
  struct sigaction action = {.sa_sigaction = onFault, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &action, 0);
  printf("private %lu\n", run());
  protect(PROT_NONE);
  printf("unreadable %lu\n", stub(5));
  printf("fault %d %d\n", faultPc == (uintptr_t)stub, faultAddress == (uintptr_t)&slot);
  protect(PROT_NONE);
  printf("unreadable %lu\n", direct(5));
  printf("fault %d %d\n", faultPc == (uintptr_t)direct, faultAddress == (uintptr_t)&slot);
}
