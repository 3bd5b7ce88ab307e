// A child and its parent write code into each other's memory, by process_vm_writev and as a
// file, while the code is in use there.
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --tiers=interp,copy,one,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { Runs = 2000, Rounds = 10, Page = 4096 };
/// Three pages: two that the program may write, the code from the first into the second, and one
/// that it may not.
static unsigned char *pages;
static int in, out;

static unsigned char *code(int readOnly) { return pages + (readOnly ? 2 * Page : Page - 3); }

static int run(int readOnly) {
  int sum = 0;
  for (int i = 0; i < Runs; i++)
    sum += ((int (*)(void))code(readOnly))();
  return sum / Runs;
}

static void tell(void) {
  if (write(out, "", 1) != 1)
    exit(2);
}

static void hear(void) {
  char byte;
  if (read(in, &byte, 1) != 1)
    exit(3);
}

static void expect(const char *what, long got, long want) {
  if (got != want) {
    printf("%s: %ld instead of %ld\n", what, got, want);
    fflush(stdout);
    exit(4);
  }
}

/// Is written to by the other, and knows with what.
static void victim(void) {
  for (int round = 1; round <= Rounds; round++) {
    expect("before", run(0), round - 1); // whatever was noticed before, the page is in use
    expect("before, read-only", run(1), round - 1);
    tell();
    hear();
    expect("after", run(0), round);
    expect("after, read-only", run(1), round);
  }
}

static void writer(pid_t target) {
  char name[32];
  snprintf(name, sizeof name, "/proc/%d/mem", target);
  const int memory = open(name, O_RDWR);
  for (int round = 1; round <= Rounds; round++) {
    hear();
    unsigned char bytes[6] = {0xb8, round, 0, 0, 0, 0xc3};
    struct iovec local[2] = {{bytes, 1}, {bytes + 1, 5}}, remote = {code(0), 6}, readOnly = {code(1), 6};
    expect("process_vm_writev", process_vm_writev(target, local, 2, &remote, 1, 0), 6);
    expect("read-only", process_vm_writev(target, local, 2, &readOnly, 1, 0) < 0 ? errno : 0, EFAULT);
    expect("/proc/PID/mem", pwrite(memory, bytes, 6, (off_t)code(1)), 6);
    tell();
  }
  close(memory);
}

/// Whether the system lets a child write its parent's memory.
static int mayWrite(void) {
  pid_t child = fork();
  if (!child) {
    char byte = 0;
    struct iovec part = {&byte, 1};
    _exit(process_vm_writev(getppid(), &part, 1, &part, 1, 0) != 1);
  }
  int status;
  return waitpid(child, &status, 0) == child && status == 0;
}

static void family(int childWrites) {
  pages = mmap(0, 3 * Page, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (int i = 0; i < 2; i++)
    memcpy(code(i), "\xb8\0\0\0\0\xc3", 6);
  mprotect(pages + 2 * Page, Page, PROT_READ | PROT_EXEC);
  expect("first", run(0) + run(1), 0);
  int toChild[2], toParent[2];
  if (pipe(toChild) || pipe(toParent))
    exit(1);
  pid_t child = fork();
  in = child ? toParent[0] : toChild[0];
  out = child ? toChild[1] : toParent[1];
  close(child ? toParent[1] : toChild[1]); // so that nobody waits for one who has failed
  close(child ? toChild[0] : toParent[0]);
  if (!child) {
    if (childWrites)
      writer(getppid());
    else
      victim();
    _exit(0);
  }
  if (childWrites)
    victim();
  else
    writer(child);
  int status;
  if (waitpid(child, &status, 0) != child)
    exit(1);
  expect("child", status, 0);
}

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
  if (mayWrite())
    family(1);
  family(0);
  puts("ok");
  return 0;
}
