// pthread_cancel and pthread_kill: signals from thread to thread.
// RUN: %cc -O1 -pthread %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static volatile int cleaned, running, asked;
static pthread_t target;
static volatile sig_atomic_t handled, wrongThread;

static void cleanup(void *p) { cleaned += *(int *)p; }
static void handler(int sig) {
  (void)sig;
  handled++;
  if (!pthread_equal(pthread_self(), target))
    wrongThread++;
}

static void *sleeps(void *p) {
  (void)p;
  int one = 1;
  pthread_cleanup_push(cleanup, &one);
  running = 1;
  for (;;)
    pause();
  pthread_cleanup_pop(0);
  return NULL;
}

static void *spins(void *p) {
  (void)p;
  int ten = 10;
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
  pthread_cleanup_push(cleanup, &ten);
  running = 1;
  for (volatile long i = 0;; i++)
    ;
  pthread_cleanup_pop(0);
  return NULL;
}

static void *refuses(void *p) {
  (void)p;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
  running = 1;
  while (!asked)
    usleep(1000); // a cancellation point
  pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
  pthread_testcancel();
  return NULL;
}

static void *counts(void *p) {
  (void)p;
  running = 1;
  while (handled < 20)
    ;
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  int sig = 0;
  sigwait(&set, &sig);
  return (void *)(long)sig;
}

int main(void) {
  void *(*bodies[])(void *) = {sleeps, spins, refuses};
  for (int i = 0; i < 30; i++) {
    pthread_t thread;
    void *result;
    running = asked = 0;
    pthread_create(&thread, NULL, bodies[i % 3], NULL);
    while (!running)
      ;
    if (i & 1)
      usleep(500);
    pthread_cancel(thread);
    asked = 1;
    pthread_join(thread, &result);
    if (result != PTHREAD_CANCELED)
      printf("%d was not cancelled\n", i);
  }
  printf("cleaned %d\n", cleaned);

  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  pthread_sigmask(SIG_BLOCK, &set, NULL); // inherited
  struct sigaction action = {.sa_handler = handler};
  sigaction(SIGUSR1, &action, NULL);
  running = 0;
  pthread_create(&target, NULL, counts, NULL);
  while (!running)
    ;
  for (int i = 1; i <= 20; i++) {
    pthread_kill(target, SIGUSR1);
    while (handled < i)
      ;
  }
  pthread_kill(target, SIGUSR2);
  void *result;
  pthread_join(target, &result);
  printf("handled %d, elsewhere %d, waited for %ld\n", handled, wrongThread, (long)result);
  printf("no such thread %d\n", pthread_kill(pthread_self(), 0));
  return 0;
}
