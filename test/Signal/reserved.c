// Signals 32 and 33, which libc keeps from programs for uses of its own: what a program
// does about them by system calls of its own is not changed by the threads that it starts,
// and one that waits while they are started is not lost.
// RUN: %cc -O1 -pthread %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto,heat --expect=0 %t
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct kernelAction {
  void (*handler)(int);
  unsigned long flags;
  void (*restorer)(void);
  uint64_t mask;
};

static volatile int handled[65];
static void handler(int signal) { handled[signal]++; }
extern char sigreturnCode[];
__asm__("sigreturnCode: mov $15, %eax\n\tsyscall");

static void setAction(int signal, void (*what)(int)) {
  struct kernelAction action = {what, 0x04000000 | SA_RESTART, (void (*)(void))sigreturnCode, 0};
  syscall(SYS_rt_sigaction, signal, &action, NULL, 8);
}
static const char *actionOf(int signal) {
  struct kernelAction action;
  syscall(SYS_rt_sigaction, signal, NULL, &action, 8);
  return action.handler == handler ? "handled" : action.handler == SIG_IGN ? "ignored" : action.handler ? "libc's" : "default";
}
static uint64_t bit(int signal) { return (uint64_t)1 << (signal - 1); }
static void block(uint64_t mask) { syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, 8); }
static uint64_t pendingOnes(void) {
  uint64_t set = 0;
  syscall(SYS_rt_sigpending, &set, 8);
  return set;
}
static int take(uint64_t set) {
  struct timespec none = {0, 0};
  return (int)syscall(SYS_rt_sigtimedwait, &set, NULL, &none, 8);
}

static void *nothing(void *p) { return p; }
static void *ownMask(void *p) {
  syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, p, 8);
  return NULL;
}
static void startThreads(int count) {
  for (int i = 0; i < count; i++) {
    pthread_t thread;
    pthread_create(&thread, NULL, nothing, NULL);
    pthread_join(thread, NULL);
  }
}

// Threads of which libc knows nothing: they have the mask that they are born with.
static int endThread(void *p) {
  (void)p;
  syscall(SYS_exit, 0);
  return 0;
}
static void startBareThreads(int count) {
  static char stack[65536] __attribute__((aligned(16)));
  static volatile int tid;
  const int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_CHILD_SETTID |
                    CLONE_CHILD_CLEARTID;
  for (int i = 0; i < count; i++) {
    tid = -1;
    clone(endThread, stack + sizeof stack, flags, NULL, NULL, NULL, &tid);
    for (int now; (now = tid);)
      syscall(SYS_futex, &tid, FUTEX_WAIT, now, NULL, NULL, 0);
  }
}

static volatile int expired;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static void expire(union sigval value) {
  pthread_mutex_lock(&lock);
  expired += value.sival_int;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&lock);
}

static unsigned long work(void) {
  volatile unsigned long sum = 0;
  for (unsigned long i = 0; i < 30000000; i++)
    sum += i ^ (i >> 3);
  return sum;
}

// Forks, and ends as what's below says.
static void inChild(const char *what, void (*body)(void)) {
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) {
    body();
    fflush(stdout);
    _exit(0);
  }
  int status;
  waitpid(pid, &status, 0);
  printf("%s: status %x\n", what, status);
}

// Sent to the process while all its threads block it: it waits for one to ask.
static void waits(void) {
  block(bit(32) | bit(33));
  kill(getpid(), 32);
  kill(getpid(), 33);
  startBareThreads(100);
  const uint64_t left = pendingOnes();
  printf("pending %d %d, ", !!(left & bit(32)), !!(left & bit(33)));
  const int first = take(bit(32)), second = take(bit(33));
  printf("taken %d %d, nothing else %d\n", first, second, take(bit(32) | bit(33)) < 0);
}
static void waitsIgnored(void) {
  setAction(32, SIG_IGN);
  waits();
  // One that is not blocked is dropped.
  block(0);
  kill(getpid(), 32);
  startBareThreads(3);
  printf("%s\n", actionOf(32));
}
static void ends(void) {
  startThreads(1);
  block(0);
  kill(getpid(), 33);
}

int main(int argc, char **argv) {
  if (argc > 1) { // what execve has kept
    const uint64_t left = pendingOnes();
    printf("after execve: pending %d %d, %s, %s\n", !!(left & bit(32)), !!(left & bit(33)), actionOf(32), actionOf(33));
    const int first = take(bit(32)), second = take(bit(33));
    printf("taken %d %d\n", first, second);
    return 0;
  }
  uint64_t blocked = 0, inherited = 0;
  setAction(33, handler);
  printf("%lx\n", work());
  startThreads(1);
  // The program's libc has installed its handler for the first thread's sake.
  printf("33 is %s, 32 is %s\n", actionOf(33), actionOf(32));
  setAction(32, handler);
  setAction(33, handler);
  startThreads(3);
  block(0);
  syscall(SYS_tgkill, getpid(), getpid(), 32);
  kill(getpid(), 33);
  printf("33 is %s, 32 is %s, handled %d %d\n", actionOf(33), actionOf(32), handled[33], handled[32]);
  pthread_t thread;
  block(bit(32) | bit(33) | bit(40));
  pthread_create(&thread, NULL, ownMask, &inherited);
  pthread_join(thread, NULL);
  syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &blocked, 8);
  // libc unblocks 32 in a new thread, so that it can be cancelled.
  printf("blocked %lx, in a thread %lx\n", (unsigned long)blocked, (unsigned long)inherited);
  setAction(32, SIG_DFL);
  setAction(33, SIG_DFL);
  inChild("waiting", waits);
  inChild("waiting though ignored", waitsIgnored);
  inChild("default", ends);
  block(0);

  // Its libc waits for signal 32 in a thread of its own.
  timer_t timer;
  struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = expire, .sigev_value.sival_int = 1};
  struct itimerspec soon = {{0, 1000000}, {0, 1}};
  timer_create(CLOCK_MONOTONIC, &event, &timer);
  timer_settime(timer, 0, &soon, NULL);
  pthread_mutex_lock(&lock);
  while (expired < 5)
    pthread_cond_wait(&changed, &lock);
  pthread_mutex_unlock(&lock);
  timer_delete(timer);
  printf("expired\n");

  fflush(stdout);
  block(bit(32) | bit(33));
  syscall(SYS_tgkill, getpid(), getpid(), 32);
  syscall(SYS_tgkill, getpid(), getpid(), 33);
  execl(argv[0], argv[0], "again", NULL);
  return 1;
}
