// Stores that reach into a page without access: FSTP, FBSTP and the like leave the x87 stack,
// its tags and its sticky flags as they were. What of ten bytes lies before the page some
// processors have stored by then: memory is compared where nothing faults.
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --tiers=interp,copy,one,jit,auto,heat --expect=0 %t
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

static sigjmp_buf back;
static struct _libc_fpstate atFault;

static void onFault(int number, siginfo_t *info, void *opaque) {
  memcpy(&atFault, ((ucontext_t *)opaque)->uc_mcontext.fpregs, sizeof atFault);
  siglongjmp(back, number);
}

#define STORES(X)                                                                                                      \
  X(fstp10, "fstpt (%0)")                                                                                              \
  X(fbstp, "fbstp (%0)")                                                                                               \
  X(fstp8, "fstpl (%0)")                                                                                               \
  X(fst4, "fsts (%0)")                                                                                                 \
  X(fistp8, "fistpll (%0)")                                                                                            \
  X(fisttp4, "fisttpl (%0)")                                                                                           \
  X(fist2, "fists (%0)")                                                                                               \
  X(fnstcw, "fnstcw (%0)")                                                                                              \
  X(fnstenv, "fnstenv (%0)")                                                                                            \
  X(fnsave, "fnsave (%0)")

#define DEFINE(name, text)                                                                                             \
  static void name(char *at) { __asm__ volatile("fninit; fld1; fldpi; fldl2e\n" text : : "r"(at) : "memory"); }
STORES(DEFINE)
#define ENTRY(name, text) {#name, name},
static const struct {
  const char *name;
  void (*run)(char *);
} Cases[] = {STORES(ENTRY)};

int main(void) {
  char *memory = mmap(0, 0x2000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED || mprotect(memory + 0x1000, 0x1000, PROT_NONE))
    return 1;
  char *end = memory + 0x1000;
  struct sigaction action = {.sa_sigaction = onFault, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &action, 0);
  for (unsigned c = 0; c < sizeof Cases / sizeof *Cases; ++c)
    for (int before = 0; before <= 10; ++before) {
      memset(end - 16, 0x55, 16);
      const int signal = sigsetjmp(back, 1);
      if (!signal)
        Cases[c].run(end - before);
      printf("%s %d: signal %d", Cases[c].name, before, signal);
      if (signal) {
        printf(" control %x status %x tags %x", atFault.cwd, atFault.swd, atFault.ftw);
        for (int i = 0; i < 8; ++i)
          printf(" %04x:%016lx", *(uint16_t *)((char *)&atFault._st[i] + 8), *(uint64_t *)&atFault._st[i]);
      } else {
        printf(" memory %016lx %016lx", *(uint64_t *)(end - 16), *(uint64_t *)(end - 8));
      }
      printf("\n");
    }
  return 0;
}
