// Robust mutexes whose owner ends: a thread, a process, one that is killed.
// RUN: %cc -O1 -pthread %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t *mutexes;

static void *locks(void *p) {
  pthread_mutex_lock(&mutexes[0]);
  pthread_mutex_lock(&mutexes[1]);
  return p;
}

static void check(const char *what) {
  for (int i = 0; i < 2; i++) {
    int error = pthread_mutex_lock(&mutexes[i]);
    printf("%s: %s", what, error ? strerrorname_np(error) : "ok");
    if (error == EOWNERDEAD)
      printf(" consistent %d", pthread_mutex_consistent(&mutexes[i]));
    printf("\n");
    pthread_mutex_unlock(&mutexes[i]);
  }
  fflush(stdout);
}

int main(void) {
  mutexes = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&mutexes[0], &attributes);
  pthread_mutex_init(&mutexes[1], &attributes);
  for (int i = 0; i < 50; i++) {
    pthread_t thread;
    pthread_create(&thread, NULL, locks, NULL);
    pthread_join(thread, NULL);
    if (i == 49) {
      check("thread");
      break;
    }
    for (int m = 0; m < 2; m++) {
      if (pthread_mutex_lock(&mutexes[m]) != EOWNERDEAD)
        printf("round %d: owner alive\n", i);
      pthread_mutex_consistent(&mutexes[m]);
      pthread_mutex_unlock(&mutexes[m]);
    }
  }
  for (int how = 0; how < 2; how++) {
    pid_t pid = fork();
    if (pid == 0) {
      locks(NULL);
      if (how)
        raise(SIGKILL);
      _exit(0);
    }
    waitpid(pid, NULL, 0);
    check(how ? "killed" : "process");
  }
  return 0;
}
