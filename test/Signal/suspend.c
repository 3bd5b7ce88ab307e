// Two processes throw a signal to and fro: a wake-up lost between the look and the
// wait would hang. Once each with sigsuspend, ppoll, pselect and epoll_pwait.
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t got, maskOk;

static void handler(int sig) {
  (void)sig;
  got++;
  sigset_t now;
  sigprocmask(SIG_SETMASK, NULL, &now);
  maskOk += sigismember(&now, SIGUSR1) == 1 && sigismember(&now, SIGUSR2) == 1 && sigismember(&now, SIGTERM) == 0;
}

static int epollFd;

static int waitWith(int how, const sigset_t *mask) {
  struct epoll_event event;
  switch (how) {
  case 0: return sigsuspend(mask);
  case 1: return ppoll(NULL, 0, NULL, mask);
  case 2: return pselect(0, NULL, NULL, NULL, NULL, mask);
  default: return epoll_pwait(epollFd, &event, 1, -1, mask);
  }
}

static void play(int how, pid_t other, int rounds, int first) {
  sigset_t during;
  sigemptyset(&during);
  sigaddset(&during, SIGUSR2);
  for (int i = 0; i < rounds; i++) {
    if (first)
      kill(other, SIGUSR1);
    int before = i;
    while (got == before)
      if (waitWith(how, &during) != -1 || errno != EINTR)
        _exit(3);
    if (!first)
      kill(other, SIGUSR1);
  }
}

int main(void) {
  epollFd = epoll_create1(0);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigaddset(&set, SIGTERM);
  sigprocmask(SIG_BLOCK, &set, NULL);
  struct sigaction action = {.sa_handler = handler};
  sigaction(SIGUSR1, &action, NULL);
  for (int how = 0; how < 4; how++) {
    got = maskOk = 0;
    const int rounds = 300;
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
      play(how, parent, rounds, 0);
      _exit(got == rounds && maskOk == rounds ? 0 : 1);
    }
    play(how, child, rounds, 1);
    int status;
    waitpid(child, &status, 0);
    sigprocmask(SIG_SETMASK, NULL, &set);
    printf("%d: got %d mask %d child %d, afterwards %d%d%d\n", how, got, maskOk, status, sigismember(&set, SIGUSR1),
           sigismember(&set, SIGUSR2), sigismember(&set, SIGTERM));
    fflush(stdout);
  }
  return 0;
}
