// read(2) into a page whose code another thread runs meanwhile: the kernel's store must
// not fail because the page has been write-protected behind the program's back, and the
// code that it brings must be run. The reader waits in the kernel while the other runs.
// RUN: %cc -O1 -pthread %s -o %t
// RUN: %check-tiers --tiers=interp,copy,one,jit,auto --expect=0 %t
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

enum { Rounds = 1000, Runs = 50 };
static unsigned char *page;
static int toReader[2], toRunner[2];

static int run(void) { return ((int (*)(void))page)(); }

static void *runner(void *unused) {
  for (int round = 1; round <= Rounds; round++) {
    int sum = 0;
    for (int i = 0; i < Runs; i++)
      sum += run();
    const unsigned char code[6] = {0xb8, round, round >> 8, 0, 0, 0xc3};
    char answer;
    if (sum != (round - 1) * Runs || write(toReader[1], code, sizeof code) != sizeof code ||
        read(toRunner[0], &answer, 1) != 1)
      return "runner";
  }
  return unused;
}

int main(void) {
  page = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memcpy(page, "\xb8\0\0\0\0\xc3", 6);
  pthread_t thread;
  if (pipe(toReader) || pipe(toRunner) || pthread_create(&thread, 0, runner, 0))
    return 1;
  for (int round = 1; round <= Rounds; round++) {
    // Both halves in one call: the code, and data of the same page.
    struct iovec parts[2] = {{page, 5}, {page + 2048, 1}};
    if (readv(toReader[0], parts, 2) != 6) {
      perror("readv");
      return 1;
    }
    if (run() != round || write(toRunner[1], "", 1) != 1) {
      printf("round %d\n", round);
      return 1;
    }
  }
  void *failed;
  pthread_join(thread, &failed);
  puts(failed ? failed : "ok");
  return failed != 0;
}
