// clone and clone3 without a library: tids, TLS, CLEARTID, errors.
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int parentTid, childTid, ranAs;
static volatile long fsWord;

// The thread uses no TLS of libc's: plain system calls only.
__attribute__((noinline)) static long sys(long n, long a, long b, long c, long d, long e, long f) {
  register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
  __asm__ volatile("syscall" : "+a"(n) : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
  return n;
}

__attribute__((used, optimize("no-stack-protector"))) static void body(void) {
  ranAs = (int)sys(SYS_gettid, 0, 0, 0, 0, 0, 0);
  long word;
  __asm__ volatile("mov %%fs:0, %0" : "=r"(word));
  fsWord = word;
  if (parentTid != ranAs || childTid != ranAs)
    fsWord = -1;
  sys(SYS_exit, 0, 0, 0, 0, 0, 0);
}

// The child's first return address is body's.
__attribute__((noinline)) static long startThread(long nr, long a, long b, long c, long d, long e) {
  register long r10 __asm__("r10") = d, r8 __asm__("r8") = e;
  __asm__ volatile("syscall\n\ttest %%rax, %%rax\n\tjnz 1f\n\txor %%ebp, %%ebp\n\tcall body\n\thlt\n1:"
                   : "+a"(nr)
                   : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
                   : "rcx", "r11", "memory");
  return nr;
}

static void await(const char *what, long tid) {
  while (childTid)
    sys(SYS_futex, (long)&childTid, FUTEX_WAIT, tid, 0, 0, 0);
  printf("%s: tid %d parent's %d own %d fs %lx\n", what, tid > 0, parentTid == tid, ranAs == tid, (unsigned long)fsWord);
}

static void errorOf(const char *what, long result) {
  printf("%s: %s\n", what, result < 0 ? strerrorname_np((int)-result) : "ok");
}

int main(void) {
  const unsigned long flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |
                              CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;
  char *stack = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  long tls[2] = {0x1234567, 0};
  for (int i = 0; i < 20; i++) {
    childTid = -1; // until the child's first moment
    parentTid = 0;
    long tid = startThread(SYS_clone, flags, (long)(stack + 65536), (long)&parentTid, (long)&childTid, (long)tls);
    if (i % 10 == 0)
      await("clone", tid);
    else
      while (childTid)
        sys(SYS_futex, (long)&childTid, FUTEX_WAIT, tid, 0, 0, 0);
  }
  struct clone_args args = {.flags = flags, .stack = (uintptr_t)stack, .stack_size = 65536, .parent_tid = (uintptr_t)&parentTid,
                            .child_tid = (uintptr_t)&childTid, .tls = (uintptr_t)tls};
  childTid = -1;
  await("clone3", startThread(SYS_clone3, (long)&args, sizeof args, 0, 0, 0));

  errorOf("THREAD without VM", sys(SYS_clone, CLONE_THREAD, 0, 0, 0, 0, 0));
  errorOf("SIGHAND without VM", sys(SYS_clone, CLONE_SIGHAND | SIGCHLD, 0, 0, 0, 0, 0));
  errorOf("clone3 too small", sys(SYS_clone3, (long)&args, 8, 0, 0, 0, 0));
  args.stack_size = 0;
  errorOf("clone3 stack without size", sys(SYS_clone3, (long)&args, sizeof args, 0, 0, 0, 0));
  errorOf("clone3 bad pointer", sys(SYS_clone3, 8, sizeof args, 0, 0, 0, 0));

  // Processes: exit signals, tids, a stack of its own, cleared handlers.
  signal(SIGUSR1, SIG_IGN);
  int status, fd = -1;
  pid_t pid = (pid_t)sys(SYS_clone, CLONE_PARENT_SETTID | CLONE_PIDFD, 0, (long)&fd, 0, 0, 0);
  errorOf("both PIDFD and PARENT_SETTID", pid);
  args = (struct clone_args){.flags = CLONE_PIDFD | CLONE_PARENT_SETTID, .exit_signal = SIGUSR1, .pidfd = (uintptr_t)&fd,
                             .parent_tid = (uintptr_t)&parentTid};
  pid = (pid_t)sys(SYS_clone3, (long)&args, sizeof args, 0, 0, 0, 0);
  if (pid == 0)
    _exit(17);
  int result = waitpid(pid, &status, __WCLONE);
  printf("exit signal: waited %d status %d pidfd %d tid %d\n", result == pid, WEXITSTATUS(status), fd > 2, parentTid == pid);
  signal(SIGTERM, _exit);
  args = (struct clone_args){.flags = CLONE_CLEAR_SIGHAND, .exit_signal = SIGCHLD};
  pid = (pid_t)sys(SYS_clone3, (long)&args, sizeof args, 0, 0, 0, 0);
  if (pid == 0) {
    struct sigaction term, usr1;
    sigaction(SIGTERM, NULL, &term);
    sigaction(SIGUSR1, NULL, &usr1);
    _exit((term.sa_handler == SIG_DFL) + 2 * (usr1.sa_handler == SIG_IGN));
  }
  waitpid(pid, &status, 0);
  printf("cleared: %d\n", WEXITSTATUS(status));
  struct sigaction term;
  sigaction(SIGTERM, NULL, &term);
  printf("here still handled %d\n", term.sa_handler == _exit);
  return 0;
}
