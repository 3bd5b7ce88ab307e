// What a new program inherits: the mask, what is ignored, what is pending.
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void handler(int sig) { (void)sig; }

int main(int argc, char **argv) {
  if (argc == 1) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGSEGV);
    sigaddset(&set, SIGRTMIN + 5);
    sigprocmask(SIG_SETMASK, &set, NULL);
    signal(SIGHUP, SIG_IGN);
    signal(SIGFPE, SIG_IGN);
    signal(SIGTERM, handler);
    signal(SIGBUS, handler);
    raise(SIGUSR1);
    execl("/nonexistent/program", "x", (char *)NULL);
    // Nothing has changed by the failure.
    raise(SIGFPE);
    raise(SIGBUS);
    printf("%s\n", strerrorname_np(errno));
    fflush(stdout);
    execl(argv[0], argv[0], "again", (char *)NULL);
    return 1;
  }
  sigset_t now, pending;
  sigprocmask(SIG_SETMASK, NULL, &now);
  sigpending(&pending);
  for (int sig = 1; sig < 65; sig++) {
    struct sigaction action;
    if (sigismember(&now, sig) == 1)
      printf("blocked %d\n", sig);
    if (sigismember(&pending, sig) == 1)
      printf("pending %d\n", sig);
    if (sigaction(sig, NULL, &action) == 0 && action.sa_handler != SIG_DFL)
      printf("%d %s\n", sig, action.sa_handler == SIG_IGN ? "ignored" : "handled");
  }
  return 0;
}
