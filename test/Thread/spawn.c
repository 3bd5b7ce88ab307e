// posix_spawn and vfork: the child's failure is known to the parent, its signal
// set-up is its own, while the parent's other threads go on.
// RUN: %cc -O1 -pthread %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static volatile int stop, handled;

static void handler(int sig) { (void)sig, handled++; }
static void *busy(void *p) {
  volatile long sum = 0;
  while (!stop)
    for (int i = 0; i < 1000; i++)
      sum += i;
  return p;
}

static void try(const char *path, char *const argv[]) {
  pid_t pid = -1;
  int error = posix_spawn(&pid, path, NULL, NULL, argv, environ), status = 0;
  if (error == 0)
    waitpid(pid, &status, 0);
  printf("%s: %s", path, error ? strerrorname_np(error) : "ok");
  if (!error)
    printf(" %d", WEXITSTATUS(status));
  printf("\n");
  fflush(stdout);
}

static void make(const char *name, const char *text, int mode) {
  int fd = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0755);
  if (write(fd, text, strlen(text)) < 0)
    exit(1);
  close(fd);
  chmod(name, mode);
}

int main(int argc, char **argv) {
  if (argc > 1) {
    struct sigaction usr1, usr2;
    sigaction(SIGUSR1, NULL, &usr1);
    sigaction(SIGUSR2, NULL, &usr2);
    sigset_t mask;
    sigprocmask(SIG_SETMASK, NULL, &mask);
    return 10 + (usr1.sa_handler == SIG_DFL) + 2 * (usr2.sa_handler == SIG_IGN) + 4 * sigismember(&mask, SIGHUP);
  }
  signal(SIGUSR1, handler);
  signal(SIGUSR2, SIG_IGN);
  pthread_t thread;
  pthread_create(&thread, NULL, busy, NULL);
  char *again[] = {argv[0], "child", NULL};
  char *sh[] = {"sh", "-c", "exit 23", NULL};
  for (int i = 0; i < 3; i++)
    try(argv[0], again);
  try("/bin/sh", sh);
  try("/nonexistent", sh);
  try("/etc/passwd", sh);
  try("/etc", sh);
  try("/etc/passwd/x", sh);
  make("empty", "", 0755);
  make("text", "hello\n", 0755);
  make("plain", "#!/bin/sh\nexit 1\n", 0644);
  make("script", "#!/bin/sh -e\nexit $(($# + 30))\n", 0755);
  make("lost", "#!/nonexistent/interpreter\n", 0755);
  make("elf32", "\177ELF\1\1\1", 0755);
  char *three[] = {"script", "a", "b", "c", NULL};
  try("./empty", three);
  try("./text", three);
  try("./plain", three);
  try("./script", three);
  try("./lost", three);
  try("./elf32", three);
  if (symlink("loop", "loop"))
    return 1;
  try("./loop", three);

  raise(SIGUSR1);
  struct sigaction now;
  sigaction(SIGUSR2, NULL, &now);
  printf("handled %d, ignored %d\n", handled, now.sa_handler == SIG_IGN);

  // Attributes and file actions.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGHUP);
  posix_spawnattr_setsigmask(&attributes, &set);
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  posix_spawnattr_setsigdefault(&attributes, &set);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "output", O_CREAT | O_WRONLY, 0600);
  pid_t pid;
  int status;
  posix_spawn(&pid, argv[0], &actions, &attributes, again, environ);
  waitpid(pid, &status, 0);
  printf("with attributes %d, output %d\n", WEXITSTATUS(status), access("output", F_OK));
  sigaction(SIGUSR2, NULL, &now);
  printf("still ignored %d\n", now.sa_handler == SIG_IGN);

  // vfork by hand: a variable set by the child, an exit without exec.
  volatile int shared = 1;
  pid = vfork();
  if (pid == 0) {
    shared = 2;
    signal(SIGUSR1, SIG_DFL);
    execv("/nonexistent", sh);
    shared = errno;
    _exit(12);
  }
  waitpid(pid, &status, 0);
  printf("vfork: shared %d status %d\n", shared == ENOENT, WEXITSTATUS(status));
  raise(SIGUSR1);
  printf("handled %d\n", handled);
  printf("system %d\n", WEXITSTATUS(system("exit 9")));
  FILE *pipe = popen("echo from a pipe", "r");
  char line[50] = "";
  if (!fgets(line, sizeof line, pipe))
    return 1;
  printf("%d %s", pclose(pipe), line);
  for (int i = 0; i < 30; i++) {
    pid = vfork();
    if (pid == 0)
      _exit(i);
    waitpid(pid, &status, 0);
    if (WEXITSTATUS(status) != i)
      printf("round %d: %x\n", i, status);
  }
  stop = 1;
  pthread_join(thread, NULL);
  return 0;
}
