// Code in memory that other processes change: children, a parent, one that got the
// descriptor, one that opened the file. Each change is complete before the code is run.
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --tiers=interp,copy,one,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
// The code is in the middle page, where no buffer's end comes near it.
enum { Runs = 3000, Size = 3 * 4096, At = 4096, Code = PROT_READ | PROT_EXEC, All = Code | PROT_WRITE };
static int fails;

static void put(unsigned char *at, int value) {
  at[0] = 0xb8;
  memcpy(at + 1, &value, 4);
  at[5] = 0xc3;
}

static unsigned char *map(int prot, int flags, int fd) {
  unsigned char *at = mmap(0, Size, prot, flags, fd, 0);
  return at == MAP_FAILED ? 0 : at + At;
}

static int run(unsigned char *code) {
  int sum = 0;
  for (int i = 0; i < Runs; i++)
    sum += ((int (*)(void))code)();
  return sum / Runs;
}

static void check(const char *what, unsigned char *code, int value) {
  const int got = run(code);
  if (got != value) {
    printf("%s: %d instead of %d\n", what, got, value);
    fails = 1;
  }
}

static void await(pid_t child) {
  int status;
  if (waitpid(child, &status, 0) != child || status)
    exit(1);
}

/// A child stores, and then the parent while the child waits.
static void family(const char *what, unsigned char *writable, unsigned char *code) {
  put(writable, 1);
  check(what, code, 1);
  int toChild[2], toParent[2];
  char byte;
  if (pipe(toChild) || pipe(toParent))
    exit(1);
  pid_t child = fork();
  close(child ? toParent[1] : toChild[1]); // so that nobody waits for one who has failed
  if (!child) {
    check(what, code, 1);
    put(writable, 2);
    if (write(toParent[1], "", 1) != 1 || read(toChild[0], &byte, 1) != 1)
      _exit(1);
    check(what, code, 3);
    fflush(stdout);
    _exit(fails);
  }
  if (read(toParent[0], &byte, 1) != 1)
    exit(1);
  check(what, code, 2);
  put(writable, 3);
  check(what, code, 3);
  if (write(toChild[1], "", 1) != 1)
    exit(1);
  await(child);
}

static void spawn(char *self, const char *how, int fd) {
  char number[12];
  snprintf(number, sizeof number, "%d", fd);
  char *arguments[] = {self, (char *)how, number, 0};
  pid_t child;
  if (posix_spawn(&child, self, 0, 0, arguments, environ))
    exit(1);
  await(child);
}

/// What a started program does: it has the file, but none of our memory.
static int started(const char *how, int fd) {
  if (!strcmp(how, "map")) {
    unsigned char *code = map(PROT_READ | PROT_WRITE, MAP_SHARED, fd);
    put(code, 5);
    return 0;
  }
  unsigned char code[6];
  put(code, 6);
  if (!strcmp(how, "open")) {
    unsigned char *mapped = map(PROT_READ | PROT_WRITE, MAP_SHARED, open("file", O_RDWR));
    put(mapped, 7);
    return 0;
  }
  return pwrite(fd, code, 6, At) != 6;
}

/// As a JIT does: written through one mapping, run through another, by this process alone. The
/// started program inherits the descriptor.
static void inherits(char *self) {
  int fd = memfd_create("code", 0);
  if (ftruncate(fd, Size))
    exit(1);
  unsigned char *w = map(PROT_READ | PROT_WRITE, MAP_SHARED, fd);
  unsigned char *x = map(Code, MAP_SHARED, fd);
  put(w, 4);
  check("own", x, 4);
  spawn(self, "map", fd);
  check("inherited", x, 5);
  spawn(self, "pwrite", fd);
  check("inherited", x, 6);
}

/// The descriptor goes to a process that was there before the memory was.
static void passes(void) {
  int pair[2];
  char byte;
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
    exit(1);
  char control[CMSG_SPACE(sizeof(int))] = {0};
  struct iovec part = {&byte, 1};
  struct msghdr message = {0, 0, &part, 1, control, sizeof control, 0};
  pid_t child = fork();
  if (!child) {
    int fd;
    if (recvmsg(pair[1], &message, 0) != 1)
      _exit(1);
    memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
    unsigned char *w = map(PROT_READ | PROT_WRITE, MAP_SHARED, fd);
    put(w, 9);
    _exit(0);
  }
  int fd = memfd_create("code", 0);
  if (ftruncate(fd, Size))
    exit(1);
  unsigned char *w = map(PROT_READ | PROT_WRITE, MAP_SHARED, fd);
  unsigned char *x = map(Code, MAP_SHARED, fd);
  put(w, 8);
  check("own", x, 8);
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(header), &fd, sizeof fd);
  if (sendmsg(pair[0], &message, 0) != 1)
    exit(1);
  await(child);
  check("passed", x, 9);
}

int main(int argc, char **argv) {
  if (argc > 2)
    return started(argv[1], atoi(argv[2]));
  inherits(argv[0]);
  passes();

  unsigned char *anonymous = map(All, MAP_SHARED | MAP_ANONYMOUS, -1);
  family("anonymous", anonymous, anonymous);

  int fd = memfd_create("code", 0);
  if (ftruncate(fd, Size))
    return 1;
  unsigned char *w = map(PROT_READ | PROT_WRITE, MAP_SHARED, fd);
  unsigned char *x = map(Code, MAP_SHARED, fd);
  family("memfd", w, x);

  int id = shmget(IPC_PRIVATE, Size, IPC_CREAT | 0600);
  unsigned char *segment = shmat(id, 0, SHM_EXEC);
  shmctl(id, IPC_RMID, 0);
  if (segment != (void *)-1)
    family("segment", segment + At, segment + At);

  int file = open("file", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  unsigned char bytes[6];
  put(bytes, 1);
  if (ftruncate(file, Size) || pwrite(file, bytes, 6, At) != 6)
    return 1;
  x = map(Code, MAP_SHARED, file);
  check("file", x, 1);
  spawn(argv[0], "open", 0);
  check("file", x, 7);
  puts(fails ? "failed" : "ok");
  return fails;
}
