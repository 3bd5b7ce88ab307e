// A program that has as many mappings as it gets goes on: its code runs, from cold to hot, and so
// does a child's; with mappings to spare again it starts a thread.
// RUN: %cc -O1 -pthread %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto --expect=0 %t
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { Most = 70000, Page = 4096 };
static void *mapped[Most];

static int __attribute__((noinline)) fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
static void *thread(void *argument) { return argument; }

int main(void) {
  int count = 0;
  for (; count < Most; count++) { // neighbours differ, or they would be one
    mapped[count] = mmap(0, Page, count & 1 ? PROT_READ : PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped[count] == MAP_FAILED)
      break;
  }
  printf("many: %d\n", count > 60000);
  printf("fib: %d\n", fib(22));
  fflush(stdout);
  pid_t child = fork();
  if (!child)
    _exit(fib(10));
  int status = 0;
  printf("child: %d\n", child > 0 && waitpid(child, &status, 0) == child ? WEXITSTATUS(status) : -1);
  while (count--)
    munmap(mapped[count], Page);
  pthread_t id;
  printf("thread: %d\n", pthread_create(&id, 0, thread, 0) || pthread_join(id, 0));
  return 0;
}
