// fork while other threads allocate, print and compute: the child has one thread, and
// no lock that another one held.
// RUN: %cc -O1 -pthread %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int stop;
static __thread int local = 3;

static int cmp(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

static void *busy(void *p) {
  unsigned seed = (unsigned)(long)p + 1;
  while (!stop) {
    int *array = malloc(500 * sizeof *array);
    for (int i = 0; i < 500; i++)
      array[i] = (int)(seed = seed * 1103515245 + 12345) >> 8;
    qsort(array, 500, sizeof *array, cmp);
    char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    page[4096] = 1;
    mprotect(page, 4096, PROT_READ);
    munmap(page, 8192);
    struct sigaction old;
    sigaction(SIGUSR2, NULL, &old);
    free(array);
  }
  return NULL;
}

static void *inChild(void *p) {
  local += 10;
  return (void *)((long)p + local);
}

static int child(int i) {
  if (syscall(SYS_gettid) != getpid() || local != 3 + i)
    return 1;
  char *text = malloc(1000);
  memset(text, 'x', 1000);
  if (text[999] != 'x')
    return 2;
  free(text);
  pthread_t thread;
  void *result;
  if (pthread_create(&thread, NULL, inChild, (void *)5L) || pthread_join(thread, &result))
    return 3;
  if ((long)result != 18)
    return 4;
  pid_t grandchild = fork();
  if (grandchild == 0)
    _exit(40);
  int status;
  waitpid(grandchild, &status, 0);
  return WEXITSTATUS(status);
}

int main(void) {
  pthread_t threads[3];
  for (long i = 0; i < 3; i++)
    pthread_create(&threads[i], NULL, busy, (void *)i);
  int good = 0;
  for (int i = 0; i < 25; i++) {
    local = 3 + i;
    pid_t pid = fork();
    if (pid == 0)
      _exit(child(i));
    int status;
    waitpid(pid, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 40)
      good++;
    else
      printf("round %d: status %x\n", i, status);
  }
  stop = 1;
  for (int i = 0; i < 3; i++)
    pthread_join(threads[i], NULL);
  printf("good %d\n", good);
  return 0;
}
