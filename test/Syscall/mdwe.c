// PR_SET_MDWE: the program can make nothing executable any more, its children and what they
// execute neither; and the translator goes on compiling, without a word.
// REQUIRES: mdwe
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto,heat --expect=0 %t
// RUN: %dbt-run --tier=jit --stats %t 2>&1 | FileCheck %s
// CHECK: after execve
// CHECK: {{[1-9][0-9]*}} regions compiled
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SetMdwe = 65, GetMdwe = 66, RefuseExecGain = 1, NoInherit = 2, Page = 4096 };
enum { R = PROT_READ, W = PROT_WRITE, X = PROT_EXEC };

static const char *outcome(long result) { return result == -1 ? strerrorname_np(errno) : "ok"; }

static char *pages(int prot, int count) { return mmap(NULL, (size_t)count * Page, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }

static unsigned long work(void) {
  volatile unsigned long sum = 0;
  for (unsigned long i = 0; i < 1000000; i++)
    sum += i ^ (i >> 3);
  return sum;
}

static void probe(const char *when) {
  char *plain = pages(R | W, 3), *code = pages(R | X, 3), *both = pages(R | W | X, 1);
  printf("%s: state %d, %lx\n", when, prctl(GetMdwe, 0, 0, 0, 0), work());
  printf("  mmap: code %s, both %s\n", outcome((long)code), outcome((long)both));
  printf("  mprotect: %s", outcome(mprotect(plain, Page, R | X)));
  printf(" %s", outcome(mprotect(code, Page, R | W | X)));
  printf(" %s", outcome(mprotect(code, Page, R | X)));
  printf(" %s", outcome(mprotect(code, Page, R | W)));
  printf(" %s\n", outcome(mprotect(code, Page, R | X)));
  // Of several mappings, those in front of the first that is refused are changed.
  mprotect(plain + Page, Page, R);
  printf("  several: %s", outcome(mprotect(code + Page, 2 * Page, R)));
  printf(" %s", outcome(mprotect(plain, 3 * Page, R | X)));
  printf(" %s\n", outcome(mprotect(plain + 1, Page, R | X)));
  int id = shmget(IPC_PRIVATE, Page, 0700);
  printf("  shmat: %s", outcome((long)shmat(id, NULL, SHM_EXEC)));
  printf(" %s\n", outcome((long)shmat(id, NULL, SHM_EXEC | SHM_RDONLY)));
  shmctl(id, IPC_RMID, NULL);
  fflush(stdout);
}

int main(int argc, char **argv) {
  if (argc > 1) {
    probe(argv[1]);
    return 0;
  }
  probe("before");
  printf("unknown: %s", outcome(prctl(SetMdwe, 8, 0, 0, 0)));
  printf(" %s", outcome(prctl(SetMdwe, NoInherit, 0, 0, 0)));
  printf(" %s", outcome(prctl(SetMdwe, RefuseExecGain, 1, 0, 0)));
  printf(" %s\n", outcome(prctl(GetMdwe, 1, 0, 0, 0)));
  fflush(stdout);
  if (fork() == 0) {
    printf("set: %s\n", outcome(prctl(SetMdwe, RefuseExecGain | NoInherit, 0, 0, 0)));
    probe("not inherited, here");
    if (fork() == 0) {
      probe("not inherited, in a child");
      _exit(0);
    }
    wait(NULL);
    execl(argv[0], argv[0], "not inherited, after execve", NULL);
    _exit(1);
  }
  wait(NULL);
  printf("set: %s\n", outcome(prctl(SetMdwe, RefuseExecGain, 0, 0, 0)));
  printf("again: %s", outcome(prctl(SetMdwe, RefuseExecGain, 0, 0, 0)));
  printf(", otherwise: %s", outcome(prctl(SetMdwe, 0, 0, 0, 0)));
  printf(" %s\n", outcome(prctl(SetMdwe, RefuseExecGain | NoInherit, 0, 0, 0)));
  probe("here");
  pid_t pid = fork();
  if (pid == 0) {
    probe("in a child");
    _exit(0);
  }
  waitpid(pid, NULL, 0);
  if ((pid = vfork()) == 0) {
    execl(argv[0], argv[0], "after vfork", NULL);
    _exit(1);
  }
  waitpid(pid, NULL, 0);
  execl(argv[0], argv[0], "after execve", NULL);
  return 1;
}
