// Masks, order, queueing: what is delivered when.
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int depth, again;

static void show(int sig, siginfo_t *info, void *context) {
  (void)context;
  printf("%*s%s %d code %d\n", depth * 2, "", sig >= SIGRTMIN ? "RT" : sigabbrev_np(sig), sig >= SIGRTMIN ? sig - SIGRTMIN : 0,
         info->si_code);
  if (info->si_code == SI_QUEUE)
    printf("%*svalue %d\n", depth * 2, "", info->si_value.sival_int);
  depth++;
  if (sig == SIGUSR1)
    raise(SIGUSR2);
  if (sig == SIGHUP && again-- > 0)
    raise(SIGHUP);
  depth--;
  printf("%*send %s\n", depth * 2, "", sig >= SIGRTMIN ? "RT" : sigabbrev_np(sig));
}

static void set(int sig, int flags, int alsoBlocks) {
  struct sigaction action = {.sa_sigaction = show, .sa_flags = SA_SIGINFO | flags};
  sigemptyset(&action.sa_mask);
  if (alsoBlocks)
    sigaddset(&action.sa_mask, alsoBlocks);
  sigaction(sig, &action, NULL);
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  set(SIGUSR2, 0, 0);
  puts("nested");
  set(SIGUSR1, 0, 0);
  raise(SIGUSR1);
  puts("the second is blocked");
  set(SIGUSR1, 0, SIGUSR2);
  raise(SIGUSR1);
  puts("itself is blocked");
  set(SIGHUP, 0, 0);
  again = 2;
  raise(SIGHUP);
  puts("SA_NODEFER");
  set(SIGHUP, SA_NODEFER, 0);
  again = 2;
  raise(SIGHUP);
  puts("SA_RESETHAND");
  set(SIGHUP, SA_RESETHAND, 0);
  again = 0;
  raise(SIGHUP);
  struct sigaction now;
  sigaction(SIGHUP, NULL, &now);
  printf("default now %d\n", now.sa_handler == SIG_DFL);

  puts("many at once");
  sigset_t all, old, pending;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &old);
  set(SIGTERM, 0, 0);
  for (int i = 0; i < 3; i++)
    set(SIGRTMIN + i, 0, 0);
  for (int i = 0; i < 3; i++) {
    union sigval value = {.sival_int = i};
    sigqueue(getpid(), SIGRTMIN + 1, value);
    sigqueue(getpid(), SIGRTMIN, value);
    kill(getpid(), SIGTERM);
    sigqueue(getpid(), SIGRTMIN + 2, value);
  }
  sigpending(&pending);
  for (int sig = 1; sig < SIGRTMIN + 4; sig++)
    if (sigismember(&pending, sig) == 1)
      printf("pending %d\n", sig >= SIGRTMIN ? sig - SIGRTMIN + 100 : sig);
  sigprocmask(SIG_SETMASK, &old, NULL);
  puts("ignoring discards what is pending");
  sigprocmask(SIG_SETMASK, &all, &old);
  kill(getpid(), SIGTERM);
  signal(SIGTERM, SIG_IGN);
  set(SIGTERM, 0, 0);
  sigpending(&pending);
  printf("pending %d\n", sigismember(&pending, SIGTERM));
  sigprocmask(SIG_SETMASK, &old, NULL);
  return 0;
}
