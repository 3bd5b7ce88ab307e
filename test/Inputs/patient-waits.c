// A library to be preloaded, for programs that give up when something takes more than a second: such a
// wait lasts as long as it takes, and clocks stand still meanwhile. Shorter waits, by which programs look
// around now and then, are as they were.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

typedef int TimedWait(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
enum { Second = 1000000000, Long = 600 };

static _Atomic long stood; ///< nanoseconds for which clocks have stood still

static long realTime(clockid_t clock) {
  struct timespec t;
  syscall(SYS_clock_gettime, clock, &t);
  return t.tv_sec * Second + t.tv_nsec;
}
static struct timespec asTimespec(long t) { return (struct timespec){t / Second, t % Second}; }

int clock_gettime(clockid_t clock, struct timespec *out) {
  const int stands = clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC;
  *out = asTimespec(realTime(clock) - (stands ? stood : 0));
  return 0;
}
int gettimeofday(struct timeval *restrict out, void *restrict zone) {
  (void)zone;
  const struct timespec t = asTimespec(realTime(CLOCK_REALTIME) - stood);
  *out = (struct timeval){t.tv_sec, t.tv_nsec / 1000};
  return 0;
}
/// \p until is by the monotonic clock, as Boost and std::condition_variable have it.
int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until) {
  TimedWait *next = (TimedWait *)dlsym(RTLD_NEXT, "pthread_cond_timedwait");
  const long start = realTime(CLOCK_MONOTONIC), end = until->tv_sec * Second + until->tv_nsec + stood;
  const int isLong = end - start > Second;
  const struct timespec later = asTimespec(isLong ? start + (long)Long * Second : end);
  const int result = next(condition, mutex, &later);
  if (isLong)
    stood += realTime(CLOCK_MONOTONIC) - start;
  return result;
}
