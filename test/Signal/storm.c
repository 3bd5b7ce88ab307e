// Signals at a rate that hits every window: a child sends numbered real-time
// signals, a timer fires, and the parent computes, calls, and changes its mask.
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { Count = 3000 };
static volatile int next, wrong, alarms, depth;

static void onNumber(int sig, siginfo_t *info, void *context) {
  (void)sig, (void)context;
  if (depth++)
    wrong++; // blocked by itself
  if (info->si_value.sival_int != next)
    wrong++;
  next++;
  depth--;
}
static void onAlarm(int sig) { (void)sig, alarms++; }

int main(void) {
  struct sigaction action = {.sa_sigaction = onNumber, .sa_flags = SA_SIGINFO | SA_RESTART};
  sigaction(SIGRTMIN, &action, NULL);
  struct sigaction tick = {.sa_handler = onAlarm, .sa_flags = SA_RESTART};
  sigaction(SIGALRM, &tick, NULL);
  int fds[2];
  if (pipe(fds))
    return 1;
  pid_t parent = getpid(), child = fork();
  if (child == 0) {
    for (int i = 0; i < Count; i++) {
      union sigval value = {.sival_int = i};
      while (sigqueue(parent, SIGRTMIN, value) < 0 && errno == EAGAIN)
        sched_yield();
      if (i % 10 == 0 && write(fds[1], "x", 1) != 1)
        _exit(1);
    }
    _exit(0);
  }
  close(fds[1]);
  struct itimerval timer = {{0, 300}, {0, 300}};
  setitimer(ITIMER_REAL, &timer, NULL);
  sigset_t number, old;
  sigemptyset(&number);
  sigaddset(&number, SIGRTMIN);
  unsigned hash = 1;
  char byte;
  long bytes = 0;
  for (;;) {
    long n = read(fds[0], &byte, 1); // SA_RESTART: never EINTR
    if (n <= 0) {
      if (n < 0)
        printf("read: %s\n", strerror(errno));
      break;
    }
    bytes++;
    for (int i = 0; i < 2000; i++)
      hash = hash * 1103515245 + 12345;
    sigprocmask(SIG_BLOCK, &number, &old);
    int before = next;
    for (int i = 0; i < 200; i++)
      hash ^= hash >> 3;
    getppid();
    if (next != before)
      wrong++;
    sigprocmask(SIG_SETMASK, &old, NULL);
  }
  int status;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR)
    ;
  while (next < Count)
    pause();
  memset(&timer, 0, sizeof timer);
  setitimer(ITIMER_REAL, &timer, NULL);
  printf("next %d wrong %d bytes %ld alarms %d status %d\n", next, wrong, bytes, alarms > 0, status);
  return hash == 0;
}
