// The primitives of pthreads, contended.
// RUN: %cc -O2 -pthread %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { Threads = 6, Rounds = 3000 };
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_spinlock_t spin;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static sem_t semaphore;
static long plain, spun, shared, onces, destroyed, turn;
static atomic_long counted;
static __thread long local = 7;
static __thread char big[5000];

static void init(void) { onces++; }
static void destructor(void *p) {
  pthread_mutex_lock(&mutex);
  destroyed += (intptr_t)p;
  pthread_mutex_unlock(&mutex);
}

static void *work(void *opaque) {
  intptr_t me = (intptr_t)opaque;
  pthread_once(&once, init);
  pthread_setspecific(key, (void *)(me + 1));
  long sum = 0;
  for (int i = 0; i < Rounds; i++) {
    pthread_mutex_lock(&mutex);
    plain++;
    pthread_mutex_unlock(&mutex);
    pthread_spin_lock(&spin);
    spun++;
    pthread_spin_unlock(&spin);
    atomic_fetch_add(&counted, 1);
    local += me;
    big[i] = (char)me;
    if (i % 64 == 0) {
      pthread_rwlock_wrlock(&rwlock);
      shared++;
      pthread_rwlock_unlock(&rwlock);
    } else {
      pthread_rwlock_rdlock(&rwlock);
      sum += shared >= 0;
      pthread_rwlock_unlock(&rwlock);
    }
  }
  pthread_barrier_wait(&barrier);
  // In turn.
  pthread_mutex_lock(&mutex);
  for (int i = 0; i < 50; i++) {
    while (turn % Threads != me)
      pthread_cond_wait(&cond, &mutex);
    turn++;
    pthread_cond_broadcast(&cond);
  }
  pthread_mutex_unlock(&mutex);
  sem_post(&semaphore);
  for (int i = 0; i < Rounds; i++)
    sum += big[i] != (char)me;
  return (void *)(local - 7 + (sum - (Rounds - (Rounds + 63) / 64)) + (syscall(SYS_gettid) == getpid()));
}

static void *nothing(void *p) { return p; }

int main(void) {
  pthread_t threads[Threads];
  pthread_barrier_init(&barrier, NULL, Threads);
  pthread_spin_init(&spin, 0);
  pthread_key_create(&key, destructor);
  sem_init(&semaphore, 0, 0);
  for (intptr_t i = 0; i < Threads; i++)
    if (pthread_create(&threads[i], NULL, work, (void *)i))
      return 1;
  for (int i = 0; i < Threads; i++)
    sem_wait(&semaphore);
  for (int i = 0; i < Threads; i++) {
    void *result;
    pthread_join(threads[i], &result);
    printf("%d: %ld\n", i, (long)result);
  }
  printf("%ld %ld %ld %ld %ld %ld, turns %ld, local %ld\n", plain, spun, (long)counted, shared, onces, destroyed, turn, local);
  // Many that do nothing, joined and detached, so that stacks and tids are used again.
  long joined = 0;
  for (intptr_t i = 0; i < 300; i++) {
    pthread_t thread;
    void *result;
    if (pthread_create(&thread, NULL, nothing, (void *)i))
      return 2;
    if (i % 3 == 0) {
      pthread_detach(thread);
      continue;
    }
    pthread_join(thread, &result);
    joined += (intptr_t)result;
  }
  printf("joined %ld\n", joined);
  return 0;
}
