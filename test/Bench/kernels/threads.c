// Two threads with atomics and a mutex.
// FLAGS: -pthread
// SIZES: 5000000 30000000
#include "kernel.h"
#include <pthread.h>
#include <stdatomic.h>
static atomic_long counter;
static long guarded;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static void *worker(void *arg) {
  for (long i = 0, n = (long)arg; i < n; i++) {
    atomic_fetch_add(&counter, i & 3);
    if (i % 16 == 0) {
      pthread_mutex_lock(&mutex);
      guarded += i;
      pthread_mutex_unlock(&mutex);
    }
  }
  return 0;
}
uint64_t kernel(long n) {
  pthread_t t[2];
  for (int i = 0; i < 2; i++)
    pthread_create(&t[i], 0, worker, (void *)n);
  for (int i = 0; i < 2; i++)
    pthread_join(t[i], 0);
  return (uint64_t)counter + (uint64_t)guarded;
}
