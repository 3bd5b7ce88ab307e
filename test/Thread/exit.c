// Ends of threads and processes: the first thread's, the last one's, exit_group from
// any, exec from any, a fault in any.
// RUN: %cc -O1 -pthread %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_t mainThread;
static char *self;

static void *late(void *p) {
  pthread_join(mainThread, NULL);
  usleep(10000);
  printf("after main\n");
  fflush(stdout);
  return p;
}
static void *sleepLong(void *p) {
  for (;;)
    pause();
  return p;
}
static void *exits(void *p) {
  usleep(5000);
  exit((int)(long)p);
}
static void *executes(void *p) {
  (void)p;
  execl(self, self, "tid", (char *)NULL);
  return NULL;
}
static void *faults(void *p) {
  *(volatile int *)24 = 1;
  return p;
}
static volatile pid_t before; ///< must have ended before the last thread does
static void *rawExit(void *p) {
  usleep(200000); // the first thread has ended
  if ((long)p == 31)
    before = syscall(SYS_gettid);
  while ((long)p != 31 && (!before || !syscall(SYS_tgkill, getpid(), before, 0)))
    usleep(1000);
  syscall(SYS_exit, (int)(long)p);
  return NULL;
}

static void scenario(int which) {
  pthread_t thread;
  mainThread = pthread_self();
  switch (which) {
  case 0:
    pthread_create(&thread, NULL, late, NULL);
    pthread_exit(NULL);
  case 1:
    pthread_create(&thread, NULL, sleepLong, NULL);
    _exit(21);
  case 2:
    pthread_create(&thread, NULL, sleepLong, NULL);
    pthread_create(&thread, NULL, exits, (void *)22L);
    for (;;)
      pause();
  case 3:
    pthread_create(&thread, NULL, sleepLong, NULL);
    pthread_create(&thread, NULL, executes, NULL);
    for (;;)
      pause();
  case 4:
    pthread_create(&thread, NULL, faults, NULL);
    for (;;)
      pause();
  case 5: // the last thread's status counts
    pthread_create(&thread, NULL, rawExit, (void *)31L);
    syscall(SYS_exit, 30);
  case 6:
    syscall(SYS_exit, 33);
  case 7:
    pthread_create(&thread, NULL, rawExit, (void *)31L);
    pthread_create(&thread, NULL, rawExit, (void *)32L);
    syscall(SYS_exit, 34);
  case 8: // a signal to the process finds the thread that is left
    pthread_create(&thread, NULL, sleepLong, NULL);
    alarm(1);
    syscall(SYS_exit, 35);
  }
}

int main(int argc, char **argv) {
  if (argc > 1)
    return syscall(SYS_gettid) == getpid() ? 50 : 51;
  self = argv[0];
  for (int which = 0; which < 9; which++) {
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
      scenario(which);
      _exit(99);
    }
    int status;
    waitpid(pid, &status, 0);
    if (WIFSIGNALED(status))
      printf("%d: %s\n", which, sigabbrev_np(WTERMSIG(status)));
    else
      printf("%d: %d\n", which, WEXITSTATUS(status));
  }
  return 0;
}
