// Timers interrupt loops and system calls; no expiration of a real-time timer with
// enough time in between is lost.
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t alarms, ticks, virtuals;
static volatile int value;

static void onAlarm(int sig) { (void)sig, alarms++; }
static void onVirtual(int sig) { (void)sig, virtuals++; }
static void onTick(int sig, siginfo_t *info, void *context) {
  (void)sig, (void)context;
  ticks++;
  value = info->si_value.sival_int + (info->si_code == SI_TIMER ? 0 : 1000);
}

int main(void) {
  signal(SIGALRM, onAlarm);
  signal(SIGVTALRM, onVirtual);
  struct sigaction action = {.sa_sigaction = onTick, .sa_flags = SA_SIGINFO | SA_RESTART};
  sigaction(SIGRTMIN, &action, NULL);

  alarm(1);
  pause();
  printf("alarm %d\n", alarms);

  struct itimerval interval = {{0, 1000}, {0, 1000}};
  setitimer(ITIMER_REAL, &interval, NULL);
  volatile unsigned long spin = 0;
  while (alarms < 50)
    spin++;
  memset(&interval, 0, sizeof interval);
  setitimer(ITIMER_REAL, &interval, NULL);
  puts("a loop was interrupted 50 times");

  interval.it_value.tv_usec = interval.it_interval.tv_usec = 1000;
  setitimer(ITIMER_VIRTUAL, &interval, NULL);
  while (virtuals < 5)
    spin++;
  memset(&interval, 0, sizeof interval);
  setitimer(ITIMER_VIRTUAL, &interval, NULL);
  puts("virtual time passes");

  timer_t timer;
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN, .sigev_value.sival_int = 42};
  timer_create(CLOCK_MONOTONIC, &event, &timer);
  struct itimerspec spec = {{0, 2000000}, {0, 2000000}};
  timer_settime(timer, 0, &spec, NULL);
  while (ticks < 20)
    getppid();
  timer_delete(timer);
  printf("value %d\n", value);

  event = (struct sigevent){.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN, .sigev_value.sival_int = 43};
  event._sigev_un._tid = gettid();
  ticks = 0;
  timer_create(CLOCK_MONOTONIC, &event, &timer);
  timer_settime(timer, 0, &spec, NULL);
  while (ticks < 5)
    usleep(100);
  timer_delete(timer);
  printf("value %d\n", value);
  return 0;
}
