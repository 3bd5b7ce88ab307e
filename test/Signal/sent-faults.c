// SIGSEGV and its kin as ordinary signals: sent, blocked, ignored, handled.
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t count;

static void handler(int sig, siginfo_t *info, void *context) {
  (void)context;
  count++;
  printf("SIG%s code %d\n", sigabbrev_np(sig), info->si_code);
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  for (int i = 0; i < 5; i++) {
    sigaction(signals[i], &action, NULL);
    raise(signals[i]);
    sigprocmask(SIG_SETMASK, &all, NULL);
    raise(signals[i]);
    raise(signals[i]);
    printf("blocked %d\n", count);
    sigprocmask(SIG_SETMASK, &none, NULL);
    sigprocmask(SIG_SETMASK, &all, NULL);
    raise(signals[i]);
    int result = sigsuspend(&none);
    printf("sigsuspend %d %s\n", result, strerrorname_np(errno));
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(signals[i], SIG_IGN);
    raise(signals[i]);
    sigaction(signals[i], &action, NULL);
    // A copy of a fault's siginfo, as crash reporters send it.
    siginfo_t info = {.si_signo = signals[i], .si_code = 1};
    syscall(SYS_rt_tgsigqueueinfo, getpid(), gettid(), signals[i], &info);
    printf("count %d\n", count);
    count = 0;
  }
  // Ignored and blocked, but raised by the instruction: the process ends.
  for (int how = 0; how < 2; how++) {
    pid_t child = fork();
    if (child == 0) {
      if (how == 0)
        signal(SIGSEGV, SIG_IGN);
      else
        sigprocmask(SIG_SETMASK, &all, NULL);
      *(volatile int *)16 = 1;
      _exit(1);
    }
    int status;
    waitpid(child, &status, 0);
    printf("child %s\n", WIFSIGNALED(status) ? sigabbrev_np(WTERMSIG(status)) : "exited");
  }
  return 0;
}
