// RUN: %cc -O1 -w %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto %t one 'two three'
//
// /proc/self shows the guest program, in every spelling.
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char **environ;
static int data = 1;

static void exeBy(const char *path) {
  char target[4096];
  ssize_t size = readlink(path, target, sizeof target - 1);
  target[size < 0 ? 0 : size] = 0;
  char *base = strrchr(target, '/');
  printf("%s\n", base && strstr(base, "proc-self") ? "the program" : target);
}

/// The mapping around an address: its protection and what backs it.
static void mapping(const char *what, const void *address) {
  FILE *maps = fopen("/proc/self/maps", "r");
  char line[4096], prot[5], *name;
  unsigned long start, end, previous = 0, found = 0;
  while (fgets(line, sizeof line, maps)) {
    sscanf(line, "%lx-%lx %4s", &start, &end, prot);
    if (start < previous)
      printf("out of order: %s", line);
    previous = end;
    if ((unsigned long)address < start || (unsigned long)address >= end)
      continue;
    name = strpbrk(line, "/[");
    printf("%s: %s %s", what, prot, !name ? "anonymous\n" : *name == '[' ? name : strrchr(name, '/') ? "a file\n" : "");
    found = 1;
  }
  if (!found)
    printf("%s: not in maps\n", what);
  fclose(maps);
}

static long readAll(const char *path, char *buffer, size_t size) {
  int fd = open(path, O_RDONLY);
  long got = read(fd, buffer, size);
  close(fd);
  return got;
}

int main(int argc, char **argv) {
  static char buffer[65536], path[100];
  exeBy("/proc/self/exe");
  exeBy("/proc/thread-self/exe");
  exeBy("//proc/./self//exe" + 8 * 0);
  sprintf(path, "/proc/%d/exe", getpid());
  exeBy(path);
  sprintf(path, "/proc/self/task/%ld/exe", syscall(SYS_gettid));
  exeBy(path);
  int proc = open("/proc", O_RDONLY | O_DIRECTORY);
  long size = readlinkat(proc, "self/exe", buffer, sizeof buffer);
  buffer[size] = 0;
  printf("relative: %d\n", strstr(buffer, "proc-self") != 0);
  printf("cut off: %zd\n", readlink("/proc/self/exe", buffer, 3));
  printf("no room: %zd %s\n", readlink("/proc/self/exe", buffer, 0), strerrorname_np(errno));
  printf("bad buffer: %zd %s\n", readlink("/proc/self/exe", (char *)8, 100), strerrorname_np(errno));

  struct stat byLink, byName;
  printf("same file: %d\n", !stat("/proc/self/exe", &byLink) && !stat(argv[0], &byName) && byLink.st_ino == byName.st_ino);
  lstat("/proc/self/exe", &byLink);
  printf("a link: %d\n", S_ISLNK(byLink.st_mode));
  int exe = open("/proc/self/exe", O_RDONLY);
  fstat(exe, &byLink);
  printf("opens it: %d\n", byLink.st_ino == byName.st_ino);
  close(exe);
  printf("runnable: %d\n", !access("/proc/self/exe", X_OK));
  printf("not a directory: %d %s\n", open("/proc/self/exe/x", O_RDONLY), strerrorname_np(errno));

  mapping("code", main);
  mapping("data", &data);
  mapping("stack", &argc);
  mapping("heap", sbrk(0) - 1);
  char *fresh = mmap(0, 3 * 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(fresh + 4096, 4096, PROT_READ | PROT_WRITE | PROT_EXEC);
  mapping("first", fresh);
  mapping("middle", fresh + 4096);
  mapping("last", fresh + 2 * 4096);
  munmap(fresh + 4096, 4096);
  mapping("hole", fresh + 4096);

  size = readAll("/proc/self/cmdline", buffer, sizeof buffer);
  char *at = buffer + strlen(buffer) + 1;
  printf("arguments:");
  for (; at < buffer + size; at += strlen(at) + 1)
    printf(" <%s>", at);
  printf("\n");
  size = readAll("/proc/self/environ", buffer, sizeof buffer);
  at = buffer;
  int same = 1;
  for (char **e = environ; *e; at += strlen(at) + 1)
    same &= at < buffer + size && !strcmp(*e++, at);
  printf("environment: %d\n", same && at == buffer + size);
  size = readAll("/proc/self/auxv", buffer, sizeof buffer);
  Elf64_auxv_t *aux = (Elf64_auxv_t *)buffer;
  for (; aux->a_type != AT_NULL; ++aux)
    if (aux->a_type == AT_ENTRY || aux->a_type == AT_PHDR || aux->a_type == AT_RANDOM)
      printf("auxv %lu: %d\n", aux->a_type, aux->a_un.a_val == getauxval(aux->a_type));
  printf("auxv ends: %d\n", (char *)(aux + 1) == buffer + size);

  size = readAll("/proc/self/stat", buffer, sizeof buffer);
  at = strrchr(buffer, ')') + 2;
  unsigned long field[60] = {0};
  for (int i = 3; i < 53 && *at; ++i) {
    field[i] = strtoul(at, 0, 10);
    at += strcspn(at, " ");
    at += *at == ' ';
  }
  printf("stat: code %d, stack %d, data %d, arguments %d\n",
         field[26] <= (unsigned long)main && (unsigned long)main < field[27],
         field[28] > (unsigned long)&argc && field[28] < (unsigned long)argv[0],
         field[45] <= (unsigned long)&data && (unsigned long)&data < field[46],
         field[48] == (unsigned long)argv[0] && field[51] > (unsigned long)environ[0]);

  int fd = open("/proc/self/maps", O_RDWR);
  printf("for writing: %d %s\n", fd, strerrorname_np(errno));
  fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  printf("lowest descriptor, closed by exec: %d %d\n", fd == proc + 1, fcntl(fd, F_GETFD));
  printf("write to it: %zd %s\n", write(fd, "x", 1), strerrorname_np(errno));
  return 0;
}
