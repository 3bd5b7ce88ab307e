// The kernel writes over code that has run: read() into its page must not fail
// because the page is write-protected behind the program's back.
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --tiers=interp,copy,one,jit,auto,check-jit %t
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void) {
  unsigned char *p = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  int fds[2];
  if (pipe(fds))
    return 1;
  for (int v = 1; v <= 5; v++) {
    unsigned char code[6] = {0xb8, v, 0, 0, 0, 0xc3};
    if (write(fds[1], code, sizeof code) != sizeof code || read(fds[0], p, sizeof code) != sizeof code) {
      perror("read");
      return 1;
    }
    long sum = 0;
    for (int i = 0; i < 10000; i++)
      sum += ((int (*)(void))p)();
    printf("%ld\n", sum);
  }
  return 0;
}
