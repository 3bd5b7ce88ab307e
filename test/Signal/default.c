// Default actions as a parent sees them, stopping and continuing included.
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void act(int how) {
  switch (how) {
  case 0: raise(SIGTERM); break;
  case 1: abort();
  case 2: *(volatile int *)8 = 1; break;
  case 3: __asm__ volatile("ud2"); break;
  case 4: __asm__ volatile("int3"); break;
  case 5: __asm__ volatile("xor %%ecx, %%ecx\n\tdiv %%ecx" ::: "rax", "rcx", "rdx"); break;
  case 6: raise(SIGSEGV); break;
  case 7: kill(getpid(), SIGKILL); break;
  case 8: raise(SIGRTMIN + 3); break;
  case 9: raise(SIGPIPE); break;
  case 10: raise(SIGCHLD); break;
  case 11: raise(SIGWINCH); break;
  case 12: alarm(1), pause(); break;
  case 13: raise(SIGXCPU); break;
  case 14: __asm__ volatile("hlt"); break;
  case 15: exit(200);
  }
  _exit(5);
}

int main(void) {
  struct rlimit noCore = {0, 0};
  setrlimit(RLIMIT_CORE, &noCore);
  int status;
  for (int how = 0; how < 16; how++) {
    pid_t child = fork();
    if (child == 0)
      act(how);
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status))
      printf("%d: signal %d\n", how, WTERMSIG(status));
    else
      printf("%d: status %d\n", how, WEXITSTATUS(status));
    fflush(stdout);
  }
  // The child goes on when the parent has seen it continue: a state that is
  // followed by another one too soon is not reported.
  int seen[2];
  char byte = 0;
  pipe(seen);
  pid_t child = fork();
  if (child == 0) {
    // In a group of its own, whose parent is of the session: SIGTSTP does not stop an
    // orphaned group, as the test's may be.
    setpgid(0, 0);
    raise(SIGSTOP);
    read(seen[0], &byte, 1);
    raise(SIGTSTP);
    read(seen[0], &byte, 1);
    _exit(3);
  }
  for (int i = 0; i < 2; i++) {
    waitpid(child, &status, WUNTRACED);
    printf("stopped %d by %d\n", WIFSTOPPED(status), WIFSTOPPED(status) ? WSTOPSIG(status) : status);
    kill(child, SIGCONT);
    waitpid(child, &status, WCONTINUED);
    printf("continued %d\n", WIFCONTINUED(status));
    write(seen[1], &byte, 1);
  }
  waitpid(child, &status, 0);
  printf("status %d\n", WEXITSTATUS(status));
  return 0;
}
