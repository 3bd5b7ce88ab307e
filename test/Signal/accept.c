// Signals taken without a handler: sigwaitinfo, sigtimedwait, signalfd, sigpending.
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigaddset(&set, SIGRTMIN);
  sigaddset(&set, SIGCHLD);
  sigprocmask(SIG_BLOCK, &set, NULL);
  struct timespec none = {0, 0}, some = {0, 20000000};
  siginfo_t info;
  int result = sigtimedwait(&set, &info, &none);
  printf("%d %s\n", result, strerrorname_np(errno));
  result = sigtimedwait(&set, &info, &some);
  printf("%d %s\n", result, strerrorname_np(errno));
  union sigval value = {.sival_int = 5};
  sigqueue(getpid(), SIGRTMIN, value);
  value.sival_int = 6;
  sigqueue(getpid(), SIGRTMIN, value);
  for (int i = 0; i < 2; i++) {
    result = sigwaitinfo(&set, &info);
    printf("%d value %d code %d\n", result - SIGRTMIN, info.si_value.sival_int, info.si_code);
  }
  pid_t child = fork();
  if (child == 0) {
    usleep(10000);
    _exit(7);
  }
  result = sigwaitinfo(&set, &info);
  printf("%d status %d code %d pid %d\n", result, info.si_status, info.si_code, info.si_pid == child);
  waitpid(child, NULL, 0);

  int fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  struct signalfd_siginfo record;
  result = read(fd, &record, sizeof record);
  printf("%d %s\n", result, strerrorname_np(errno));
  kill(getpid(), SIGUSR1);
  raise(SIGUSR1); // the process's and the thread's own
  value.sival_int = 8;
  sigqueue(getpid(), SIGRTMIN, value);
  while ((result = read(fd, &record, sizeof record)) > 0)
    printf("%d code %d int %d\n", record.ssi_signo >= (unsigned)SIGRTMIN ? 100 : (int)record.ssi_signo, record.ssi_code, record.ssi_int);
  printf("%s\n", strerrorname_np(errno));

  // The synchronous ones, sent.
  sigemptyset(&set);
  sigaddset(&set, SIGSEGV);
  sigaddset(&set, SIGTRAP);
  sigaddset(&set, SIGFPE);
  sigprocmask(SIG_BLOCK, &set, NULL);
  raise(SIGSEGV);
  raise(SIGSEGV);
  kill(getpid(), SIGTRAP);
  sigset_t pending;
  sigpending(&pending);
  printf("pending %d %d %d\n", sigismember(&pending, SIGSEGV), sigismember(&pending, SIGTRAP), sigismember(&pending, SIGFPE));
  int seen = 0;
  for (int i = 0; i < 2; i++)
    seen |= 1 << sigtimedwait(&set, &info, &none);
  printf("seen %x\n", seen);
  result = sigtimedwait(&set, &info, &none);
  printf("%d %s\n", result, strerrorname_np(errno));
  return 0;
}
