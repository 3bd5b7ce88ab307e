// What a handler finds in its frame and may change there.
// RUN: %cc -O1 -fno-stack-protector %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <fenv.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>
#include <xmmintrin.h>

static volatile int seen;

__attribute__((noinline)) static void spoil(void) {
  __asm__ volatile("fninit\n\tfldpi\n\tfldz\n\tpxor %%xmm0, %%xmm0\n\tmovdqa %%xmm0, %%xmm15\n\tpcmpeqd %%xmm7, %%xmm7\n\t"
                   "std\n\tcld" ::: "xmm0", "xmm7", "xmm15", "memory");
  _mm_setcsr(0x9fc0);
}

static void handler(int sig, siginfo_t *info, void *opaque) {
  ucontext_t *context = opaque;
  greg_t *regs = context->uc_mcontext.gregs;
  uint64_t flags;
  __asm__ volatile("pushfq\n\tpop %0" : "=r"(flags));
  printf("signal %d code %d pid %d\n", sig, info->si_code, info->si_pid == getpid());
  printf("stack aligned %d\n", ((uintptr_t)__builtin_frame_address(0) & 15) == 0);
  printf("rbx %llx r12 %llx r15 %llx\n", regs[REG_RBX], regs[REG_R12], regs[REG_R15]);
  printf("DF here %d, there %d\n", (int)(flags >> 10 & 1), (int)(regs[REG_EFL] >> 10 & 1));
  printf("status flags there %llx\n", regs[REG_EFL] & 0x8d5);
  printf("cs %llx\n", regs[REG_CSGSFS] & 0xffff);
  struct _libc_fpstate *fp = context->uc_mcontext.fpregs;
  printf("fpstate aligned %d, mxcsr %x, xmm3 %x\n", ((uintptr_t)fp & 63) == 0, fp->mxcsr, fp->_xmm[3].element[0]);
  printf("cwd %x top %d st0 %llx %x\n", fp->cwd, fp->swd >> 11 & 7, *(unsigned long long *)fp->_st[0].significand, fp->_st[0].exponent);
  printf("uc_stack disabled %d link %d\n", context->uc_stack.ss_size == 0, context->uc_link != NULL);
  printf("mask saved %d %d\n", sigismember(&context->uc_sigmask, SIGUSR1), sigismember(&context->uc_sigmask, SIGWINCH));
  sigset_t now;
  sigprocmask(SIG_SETMASK, NULL, &now);
  printf("mask now USR1 %d WINCH %d HUP %d\n", sigismember(&now, SIGUSR1), sigismember(&now, SIGWINCH), sigismember(&now, SIGHUP));
  // What is changed here is found after the return.
  regs[REG_R13] = 0x1313;
  fp->_xmm[4].element[0] = 0x44444444;
  sigaddset(&context->uc_sigmask, SIGTTOU);
  seen++;
  spoil();
}

int main(void) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
  sigemptyset(&action.sa_mask);
  sigaddset(&action.sa_mask, SIGHUP);
  sigaction(SIGUSR1, &action, NULL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGWINCH);
  sigprocmask(SIG_BLOCK, &set, NULL);
  long pid = getpid();
  uint64_t rbx, r12, r13, r15, flags, redzone;
  uint32_t xmm3, xmm4, mxcsr;
  uint16_t cw;
  long double st0;
  __asm__ volatile("mov $0x11111111, %%ebx\n\t"
                   "mov $0x12121212, %%r12d\n\t"
                   "mov $0x15151515, %%r15d\n\t"
                   "xor %%r13d, %%r13d\n\t"
                   "mov $0x33333333, %%eax\n\tmovd %%eax, %%xmm3\n\tpxor %%xmm4, %%xmm4\n\t"
                   "push $0x7f80\n\tldmxcsr (%%rsp)\n\tpop %%rax\n\t"
                   "fninit\n\tpush $0x27f\n\tfldcw (%%rsp)\n\tpop %%rax\n\tfld1\n\t"
                   "movq $0x5a5a5a5a, -128(%%rsp)\n\t"
                   "mov $62, %%eax\n\tmov %[pid], %%rdi\n\tmov $10, %%esi\n\t"
                   "cmp $1, %%ebx\n\tstc\n\tstd\n\t"
                   "syscall\n\t"
                   "pushfq\n\tpop %[flags]\n\tcld\n\t"
                   "mov -128(%%rsp), %[redzone]\n\t"
                   "mov %%rbx, %[rbx]\n\tmov %%r12, %[r12]\n\tmov %%r13, %[r13]\n\tmov %%r15, %[r15]\n\t"
                   "movd %%xmm3, %[xmm3]\n\tmovd %%xmm4, %[xmm4]\n\tstmxcsr %[mxcsr]\n\tfnstcw %[cw]\n\tfstpt %[st0]\n\tfninit\n\t"
                   : [rbx] "=m"(rbx), [r12] "=m"(r12), [r13] "=m"(r13), [r15] "=m"(r15), [flags] "=&r"(flags),
                     [xmm3] "=m"(xmm3), [xmm4] "=m"(xmm4), [mxcsr] "=m"(mxcsr), [cw] "=m"(cw), [st0] "=m"(st0),
                     [redzone] "=&r"(redzone)
                   : [pid] "r"(pid)
                   : "rax", "rbx", "rcx", "rdi", "rsi", "r11", "r12", "r13", "r15", "xmm3", "xmm4", "memory", "cc");
  _mm_setcsr(0x1f80);
  printf("seen %d\n", seen);
  printf("rbx %lx r12 %lx r13 %lx r15 %lx flags %lx\n", rbx, r12, r13, r15, flags & 0xcd5);
  printf("xmm3 %x xmm4 %x mxcsr %x cw %x st0 %Lg redzone %lx\n", xmm3, xmm4, mxcsr, cw, st0, redzone);
  sigprocmask(SIG_SETMASK, NULL, &set);
  printf("USR1 %d WINCH %d TTOU %d\n", sigismember(&set, SIGUSR1), sigismember(&set, SIGWINCH), sigismember(&set, SIGTTOU));
  return 0;
}
