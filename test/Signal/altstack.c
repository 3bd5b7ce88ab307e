// sigaltstack: entering, nesting, its errors, a stack overflow survived on it.
// RUN: %cc -O1 -fno-optimize-sibling-calls %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1U << 31)
#endif

static char *stack;
static const size_t size = 65536;
static sigjmp_buf back;

static int isOn(void *p) { return (char *)p >= stack && (char *)p < stack + size; }

static void nested(int sig) {
  int here;
  printf("nested %d on %d\n", sig, isOn(&here));
}

static void disarmed(int sig) {
  int here;
  stack_t now;
  sigaltstack(NULL, &now);
  printf("disarmed %d on %d flags %x size %zu\n", sig, isOn(&here), now.ss_flags, now.ss_size);
}

static void handler(int sig, siginfo_t *info, void *opaque) {
  (void)info;
  ucontext_t *context = opaque;
  int here;
  stack_t now;
  sigaltstack(NULL, &now);
  printf("handler %d on %d flags %d, saved sp %d size %zu\n", sig, isOn(&here), now.ss_flags, context->uc_stack.ss_sp == stack, context->uc_stack.ss_size);
  stack_t other = {.ss_sp = stack, .ss_size = size};
  int result = sigaltstack(&other, NULL);
  printf("change %d %s\n", result, strerrorname_np(errno));
  if (sig == SIGUSR1)
    raise(SIGUSR2);
}

static void overflowed(int sig, siginfo_t *info, void *opaque) {
  (void)opaque;
  int here;
  printf("overflow %d code %d on %d\n", sig, info->si_code > 0, isOn(&here));
  siglongjmp(back, 1);
}

#pragma GCC diagnostic ignored "-Winfinite-recursion"
__attribute__((noinline)) static int deeper(int n) {
  volatile char frame[4096];
  frame[n & 4095] = n;
  return deeper(n + 1) + frame[0];
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  stack = malloc(size);
  stack_t old, set = {.ss_sp = stack, .ss_size = 1024};
  int result = sigaltstack(&set, NULL);
  printf("small %d %s\n", result, strerrorname_np(errno));
  set.ss_size = size;
  set.ss_flags = 77;
  result = sigaltstack(&set, NULL);
  printf("flags %d %s\n", result, strerrorname_np(errno));
  set.ss_flags = 0;
  result = sigaltstack(&set, &old);
  printf("set %d, was %d\n", result, old.ss_flags);
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigaction(SIGUSR1, &action, NULL);
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGHUP, &action, NULL);
  struct sigaction second = {.sa_handler = nested, .sa_flags = SA_ONSTACK};
  sigaction(SIGUSR2, &second, NULL);
  raise(SIGUSR1);
  raise(SIGHUP);

  struct sigaction segv = {.sa_sigaction = overflowed, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigaction(SIGSEGV, &segv, NULL);
  for (int i = 0; i < 3; i++)
    if (sigsetjmp(back, 1) == 0)
      deeper(0);
  set.ss_flags = SS_DISABLE;
  sigaltstack(&set, NULL);
  sigaltstack(NULL, &old);
  printf("disabled %d\n", old.ss_flags == SS_DISABLE);

  // SS_AUTODISARM: disabled in the handler, which may leave it for good.
  set.ss_flags = (int)SS_AUTODISARM;
  set.ss_size = size;
  printf("autodisarm %d\n", sigaltstack(&set, NULL));
  second.sa_handler = disarmed;
  sigaction(SIGUSR2, &second, NULL);
  raise(SIGUSR2);
  sigaltstack(NULL, &old);
  printf("again %x %d\n", old.ss_flags, old.ss_sp == stack);
  return 0;
}
