// Out of a handler by siglongjmp, in the middle of whatever ran.
// RUN: %cc -O2 %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto --expect=0 %t
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>

static sigjmp_buf env;
static volatile sig_atomic_t armed;

static void handler(int sig) {
  if (armed) {
    armed = 0;
    siglongjmp(env, sig);
  }
}

int main(void) {
  struct sigaction action = {.sa_handler = handler};
  sigaction(SIGALRM, &action, NULL);
  volatile int rounds = 0;
  volatile unsigned long spin = 0;
  for (; rounds < 40; rounds++) {
    if (sigsetjmp(env, 1) == 0) {
      struct itimerval timer = {{0, 0}, {0, 500 + rounds * 50}};
      armed = 1;
      setitimer(ITIMER_REAL, &timer, NULL);
      if (rounds % 3 == 0)
        for (;;)
          spin++;
      else if (rounds % 3 == 1)
        for (;;)
          getppid();
      else
        for (;;)
          pause();
    }
  }
  sigset_t now;
  sigprocmask(SIG_SETMASK, NULL, &now);
  printf("%d rounds, blocked %d\n", rounds, sigismember(&now, SIGALRM));
  return 0;
}
