// A guest that has used up all mappings that a process may have, and goes on with code that has
// not run before: it gets ENOMEM, and dbt, whose allocations fail like the guest's, lives on
// what it has kept for itself.
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto,heat --normalize='^dbt-run: warning: no compiled code.*$\n?' --expect=0 %t
// UNSUPPORTED: asan
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

static unsigned long work(void) {
  static int numbers[300];
  unsigned long sum = 0;
  char text[50];
  for (unsigned i = 0; i < 300; i++)
    numbers[i] = (int)(i * 7919 % 1009);
  qsort(numbers, 300, sizeof *numbers, compare);
  for (unsigned i = 0; i < 300; i++) {
    snprintf(text, sizeof text, "%d %.3f", numbers[i], numbers[i] / 7.0);
    sum = sum * 31 + strtoul(text, NULL, 10) + strlen(text);
  }
  return sum;
}

int main(void) {
  enum { Most = 200000 };
  static void *pages[Most];
  char output[256];
  setvbuf(stdout, output, _IOLBF, sizeof output);
  int count = 0, error = 0;
  // Neighbours are not alike, or they would be one mapping.
  for (; count < Most; count++)
    if ((pages[count] = mmap(NULL, 4096, count & 1 ? PROT_READ | PROT_WRITE : PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) == MAP_FAILED)
      break;
  if (count < Most)
    error = errno;
  printf("%s\n", strerror(error));
  printf("%lx\n", work());
  pid_t pid = fork();
  if (pid == 0)
    _exit(3);
  int status;
  waitpid(pid, &status, 0);
  printf("fork %d %x\n", pid > 0, status);
  for (int i = 0; i < count; i++)
    if (munmap(pages[i], 4096))
      return 1;
  printf("%lx %d\n", work(), malloc(1000) != NULL);
  return 0;
}
