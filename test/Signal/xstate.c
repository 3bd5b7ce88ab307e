// The extended state in a frame: what tells of it, that all of it comes back, and
// what is believed when a handler has changed that; and the faults of XRSTOR.
// RUN: %cc -O1 -mxsave -mxsavec %s -o %t
// RUN: %check-tiers --tiers=interp,one,copy,jit,auto,heat --expect=0 %t
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <ucontext.h>
#include <unistd.h>
#include <xmmintrin.h>

enum { Xmm5 = 160 + 5 * 16, HeaderAt = 512, Ymm5 = 576 + 5 * 16 };
enum Change { Nothing, Registers, Magic1, Magic2, NoSse, NoState } change;
static int hasAvx;

static void fail(const char *what) {
  printf("%s\n", what);
  exit(1);
}

static void handler(int sig, siginfo_t *info, void *opaque) {
  ucontext_t *context = opaque;
  unsigned char *fp = (unsigned char *)context->uc_mcontext.fpregs;
  uint32_t magic1, extended, size, magic2, mask, here = _mm_getcsr();
  uint64_t components, inUse;
  uint16_t control;
  __asm__ volatile("fnstcw %0" : "=m"(control));
  memcpy(&magic1, fp + 464, 4);
  memcpy(&extended, fp + 468, 4);
  memcpy(&components, fp + 472, 8);
  memcpy(&size, fp + 480, 4);
  memcpy(&magic2, fp + size, 4);
  memcpy(&inUse, fp + HeaderAt, 8);
  memcpy(&mask, fp + 28, 4);
  printf("uc_flags %lx, magic %x %x, behind the area %d, aligned %d\n", context->uc_flags, magic1, magic2, (int)(extended - size),
         ((uintptr_t)fp & 63) == 0);
  printf("legacy components %d, in use %d, room for them %d, mxcsr mask %d\n", (int)(components & 3), (int)(inUse & 3),
         size >= 576, mask >= 0xffff);
  printf("frame fits AT_MINSIGSTKSZ %d\n",
         (uintptr_t)fp + extended - (uintptr_t)__builtin_frame_address(0) < getauxval(AT_MINSIGSTKSZ));
  printf("here: mxcsr %x control %x\n", here, control);
  if (hasAvx) {
    uint32_t upper[8];
    __asm__ volatile("vmovups %%ymm5, %0" : "=m"(upper));
    printf("ymm5 here %x %x, there %x %x\n", upper[0], upper[7], *(uint32_t *)(fp + Xmm5), *(uint32_t *)(fp + Ymm5));
  }
  switch (change) {
  case Nothing:
    break;
  case Registers:
    memset(fp + Xmm5, 0x22, 16);
    if (hasAvx)
      memset(fp + Ymm5, 0x33, 16);
    break;
  case Magic1:
    memset(fp + 464, 0, 4);
    break;
  case Magic2:
    memset(fp + size, 0, 4);
    break;
  case NoSse:
    fp[HeaderAt] &= ~6;
    break;
  case NoState:
    context->uc_mcontext.fpregs = NULL;
    break;
  }
  __asm__ volatile("pcmpeqd %%xmm5, %%xmm5" ::: "xmm5");
  _mm_setcsr(0x3f80);
}

static void frame(enum Change which, const char *name) {
  change = which;
  printf("-- %s\n", name);
  uint32_t out[8] = {0}, mxcsr;
  long pid = getpid();
  if (hasAvx)
    __asm__ volatile("vpcmpeqd %%ymm5, %%ymm5, %%ymm5\n\tvpsrld $4, %%ymm5, %%ymm5\n\t"
                     "movl $0x7f80, %[mxcsr]\n\tldmxcsr %[mxcsr]\n\tmov %[pid], %%rdi\n\tmov $10, %%esi\n\tmov $62, %%eax\n\tsyscall\n\t"
                     "vmovups %%ymm5, %[out]\n\tstmxcsr %[mxcsr]\n\tvzeroupper"
                     : [out] "=m"(out), [mxcsr] "=m"(mxcsr) : [pid] "r"(pid) : "rax", "rcx", "rsi", "rdi", "r11", "xmm5", "memory");
  else
    __asm__ volatile("pcmpeqd %%xmm5, %%xmm5\n\tpsrld $4, %%xmm5\n\t"
                     "movl $0x7f80, %[mxcsr]\n\tldmxcsr %[mxcsr]\n\tmov %[pid], %%rdi\n\tmov $10, %%esi\n\tmov $62, %%eax\n\tsyscall\n\t"
                     "movups %%xmm5, %[out]\n\tstmxcsr %[mxcsr]"
                     : [out] "=m"(out), [mxcsr] "=m"(mxcsr) : [pid] "r"(pid) : "rax", "rcx", "rsi", "rdi", "r11", "xmm5", "memory");
  _mm_setcsr(0x1f80);
  printf("back: %x %x", out[0], out[3]);
  if (hasAvx)
    printf(" %x %x", out[4], out[7]);
  printf(" mxcsr %x\n", mxcsr);
}

static sigjmp_buf out;
static void segv(int sig, siginfo_t *info, void *context) {
  printf(" signal %d code %x", sig, info->si_code);
  siglongjmp(out, 1);
}

static unsigned char area[4096] __attribute__((aligned(64)));
static void restore(const char *name, uint64_t inUse, uint64_t compacted, int reservedAt, uint32_t mxcsr, uint64_t which, int offset) {
  memset(area, 0, sizeof area);
  memcpy(area + offset + HeaderAt, &inUse, 8);
  memcpy(area + offset + HeaderAt + 8, &compacted, 8);
  if (reservedAt)
    area[offset + HeaderAt + reservedAt] = 1;
  memcpy(area + offset + 24, &mxcsr, 4);
  area[offset + 1] = 3, area[offset] = 0x7f;
  printf("%s:", name);
  if (!sigsetjmp(out, 1)) {
    __asm__ volatile("xrstor64 %0" : : "m"(area[offset]), "a"((uint32_t)which), "d"((uint32_t)(which >> 32)) : "memory",
                     "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12",
                     "xmm13", "xmm14", "xmm15");
    printf(" done");
  }
  printf(", mxcsr %x\n", _mm_getcsr());
  _mm_setcsr(0x1f80);
}

static void save(const char *name, int offset) {
  printf("%s:", name);
  if (!sigsetjmp(out, 1)) {
    __asm__ volatile("xsavec64 %0" : : "m"(area[offset]), "a"(2), "d"(0) : "memory");
    printf(" done");
  }
  printf("\n");
}

int main(int argc, char **argv) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
  sigaction(SIGUSR1, &action, NULL);
  hasAvx = argc > 1;
  frame(Nothing, "nothing");
  frame(Registers, "registers");
  frame(Magic1, "first magic number");
  frame(Magic2, "second magic number");
  frame(NoSse, "SSE not in use");
  frame(NoState, "no state");

  action.sa_sigaction = segv;
  sigaction(SIGSEGV, &action, NULL);
  const uint64_t Compact = (uint64_t)1 << 63;
  restore("standard", 3, 0, 0, 0x5f80, 3, 0);
  restore("x87 only", 3, 0, 0, 0x5f80, 1, 0);
  restore("illegal mxcsr of others", 3, 0, 0, 0x10000, 1, 0);
  restore("illegal mxcsr", 0, 0, 0, 0x10000, 2, 0);
  restore("unknown component", (uint64_t)1 << 62, 0, 0, 0x1f80, 3, 0);
  restore("reserved byte 16", 3, 0, 16, 0x1f80, 3, 0);
  restore("reserved byte 24", 3, 0, 24, 0x1f80, 3, 0);
  restore("compacting without its bit", 3, 3, 0, 0x1f80, 3, 0);
  restore("compacted", 3, Compact | 3, 0, 0x5f80, 3, 0);
  restore("compacted, not in use", 1, Compact | 3, 0, 0x10000, 3, 0);
  restore("compacted, in use but absent", 3, Compact | 1, 0, 0x1f80, 3, 0);
  restore("compacted, unknown", 3, Compact | 3 | (uint64_t)1 << 61, 0, 0x1f80, 3, 0);
  restore("compacted, reserved byte 24", 3, Compact | 3, 24, 0x1f80, 3, 0);
  restore("misaligned", 3, 0, 0, 0x1f80, 3, 32);
  save("save", 64);
  save("save misaligned", 16);
  return 0;
}
