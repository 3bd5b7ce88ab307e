// Which interrupted system calls are begun again with SA_RESTART, and which give
// EINTR nevertheless (signal(7)).
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t handled;
static int pipeFds[2];

// The second signal gives a restarted call what it waits for.
static void handler(int sig) {
  (void)sig;
  if (++handled == 2 && write(pipeFds[1], "x", 1) != 1)
    _exit(9);
}

static void begin(int flags) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
  sigaction(SIGALRM, &action, NULL);
  handled = 0;
  struct itimerval timer = {{0, 20000}, {0, 20000}};
  setitimer(ITIMER_REAL, &timer, NULL);
}

static void end(const char *what, long result) {
  int error = errno;
  struct itimerval off = {{0, 0}, {0, 0}};
  setitimer(ITIMER_REAL, &off, NULL);
  char rest[16];
  struct pollfd readable = {pipeFds[0], POLLIN, 0};
  while (poll(&readable, 1, 0) > 0 && read(pipeFds[0], rest, sizeof rest) > 0)
    ;
  printf("  %-24s %s%s\n", what, result < 0 ? "-1 " : "ok", result < 0 ? strerrorname_np(error) : "");
}

static void calls(int flags) {
  char c;
  begin(flags);
  end("read from a pipe", read(pipeFds[0], &c, 1));

  int pair[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  int saved = pipeFds[1];
  pipeFds[1] = pair[1];
  begin(flags);
  end("recv", recv(pair[0], &c, 1, 0));
  struct timeval limit = {5, 0};
  setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  begin(flags);
  end("recv with SO_RCVTIMEO", recv(pair[0], &c, 1, 0));
  pipeFds[1] = saved;
  close(pair[0]);
  close(pair[1]);

  struct timespec five = {5, 0};
  begin(flags);
  end("nanosleep", nanosleep(&five, NULL));
  begin(flags);
  errno = clock_nanosleep(CLOCK_MONOTONIC, 0, &five, NULL);
  end("clock_nanosleep", errno ? -1 : 0);

  struct pollfd fd = {pipeFds[0], POLLIN, 0};
  begin(flags);
  end("poll", poll(&fd, 1, 5000));
  begin(flags);
  end("ppoll", ppoll(&fd, 1, &five, NULL));
  fd_set set;
  FD_ZERO(&set);
  FD_SET(pipeFds[0], &set);
  struct timeval fiveSeconds = {5, 0};
  begin(flags);
  end("select", select(pipeFds[0] + 1, &set, NULL, NULL, &fiveSeconds));
  FD_SET(pipeFds[0], &set);
  begin(flags);
  end("pselect", pselect(pipeFds[0] + 1, &set, NULL, NULL, &five, NULL));
  int ep = epoll_create1(0);
  struct epoll_event event = {EPOLLIN, {0}};
  epoll_ctl(ep, EPOLL_CTL_ADD, pipeFds[0], &event);
  begin(flags);
  end("epoll_wait", epoll_wait(ep, &event, 1, 5000));
  close(ep);

  int word = 0;
  begin(flags);
  end("futex with timeout", syscall(SYS_futex, &word, FUTEX_WAIT, 0, &five, NULL, 0));
  begin(flags);
  end("pause", pause());

  pid_t child = fork();
  if (child == 0) {
    usleep(100000);
    _exit(0);
  }
  begin(flags);
  int status;
  long result = wait4(child, &status, 0, NULL);
  end("wait4", result);
  while (result < 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
    ;
}

int main(void) {
  if (pipe(pipeFds))
    return 1;
  puts("without SA_RESTART");
  fflush(stdout);
  calls(0);
  puts("with SA_RESTART");
  fflush(stdout);
  calls(SA_RESTART);
  return 0;
}
