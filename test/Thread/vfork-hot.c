// A vfork's child is the first to need the compiler, and ends soon after: its parent neither
// waits for what the child had begun, nor goes without. What would load the compiler in the
// child's process would end with that, and leave locks behind.
// RUN: %cc -O1 -static %s -o %t
// RUN: %dbt-run --no-copy --stats %t 2>&1 | FileCheck %s
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

__attribute__((noinline)) static unsigned long work(unsigned long rounds) {
  volatile unsigned long sum = 0;
  for (unsigned long i = 0; i < rounds; i++)
    sum += i ^ (i >> 3);
  return sum;
}

int main(void) {
  int status, forked;
  for (unsigned long i = 1; i <= 20; i++) {
    pid_t pid = vfork();
    if (pid == 0) {
      work(i * 20000);
      _exit(7);
    }
    waitpid(pid, &status, 0);
    pid = fork();
    if (pid == 0)
      _exit(8);
    waitpid(pid, &forked, 0);
    if (WEXITSTATUS(status) != 7 || WEXITSTATUS(forked) != 8)
      printf("round %lu: %x %x\n", i, status, forked);
  }
  // CHECK: 19b4c92853e40
  // CHECK: {{[1-9][0-9]*}} guest instructions run in compiled code
  for (int i = 0; i < 4; i++)
    printf("%lx\n", work(30000000));
  return 0;
}
