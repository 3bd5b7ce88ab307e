// Threads that compute and wait while a timer's signal goes to any of them, and each
// gets its own: nothing is lost, no call fails.
// RUN: %cc -O1 -pthread %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

enum { Threads = 4, Messages = 500 };
static pthread_t threads[Threads];
static atomic_int alarms, wrong, ready;
static __thread volatile int mine;
static int fds[Threads][2];

static void onAlarm(int sig) { (void)sig, alarms++; }
static void onMessage(int sig) { (void)sig, mine++; }

static void *work(void *p) {
  long me = (long)p;
  ready++;
  unsigned hash = (unsigned)me;
  for (int i = 0; i < Messages; i++) {
    char c;
    if (read(fds[me][0], &c, 1) != 1) {
      wrong++;
      break;
    }
    for (int j = 0; j < 3000; j++)
      hash = hash * 69069 + 1;
    // To the next one, with a signal.
    int to = (int)((me + 1) % Threads);
    if (write(fds[to][1], &c, 1) != 1 || pthread_kill(threads[to], SIGUSR1))
      wrong++;
  }
  (void)hash;
  return (void *)(long)mine;
}

int main(void) {
  struct sigaction action = {.sa_handler = onAlarm, .sa_flags = SA_RESTART};
  sigaction(SIGALRM, &action, NULL);
  action.sa_handler = onMessage;
  sigaction(SIGUSR1, &action, NULL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  for (long i = 0; i < Threads; i++)
    if (pipe(fds[i]))
      return 1;
  for (long i = 0; i < Threads; i++)
    pthread_create(&threads[i], NULL, work, (void *)i);
  while (ready < Threads)
    ;
  struct itimerval timer = {{0, 500}, {0, 500}};
  setitimer(ITIMER_REAL, &timer, NULL);
  for (int i = 0; i < Threads; i++)
    if (write(fds[i][1], "x", 1) != 1)
      wrong++;
  int got = 0;
  for (int i = 0; i < Threads; i++) {
    void *result;
    pthread_join(threads[i], &result);
    got += (long)result > 0;
  }
  memset(&timer, 0, sizeof timer);
  setitimer(ITIMER_REAL, &timer, NULL);
  printf("wrong %d, alarms %d, threads with messages %d\n", wrong, alarms > 0, got);
  return 0;
}
