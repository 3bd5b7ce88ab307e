// User and group ids of a process with threads: libc has every thread make the call, by a
// signal of its own; and no thread of the process, the translator's own ones included, is
// left with the ids from before.
// RUN: %cc -O1 -pthread %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto,heat --expect=0 %t
#define _GNU_SOURCE
#include <dirent.h>
#include <grp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { Threads = 4 };
static pthread_barrier_t before, after;
static unsigned ids[Threads][2];

static void *waiter(void *index) {
  pthread_barrier_wait(&before);
  pthread_barrier_wait(&after);
  ids[(long)index][0] = (unsigned)syscall(SYS_geteuid);
  ids[(long)index][1] = (unsigned)syscall(SYS_getegid);
  return NULL;
}

// Enough for a compiler to come to it.
static unsigned long work(void) {
  volatile unsigned long sum = 0;
  for (unsigned long i = 0; i < 30000000; i++)
    sum += i ^ (i >> 3);
  return sum;
}

// How many of the process's tasks have other ids than the calling thread. One may end
// meanwhile.
static int strangers(void) {
  char own[2000] = "", line[200], name[300];
  int count = 0;
  FILE *self = fopen("/proc/thread-self/status", "r");
  while (fgets(line, sizeof line, self))
    if (!strncmp(line, "Uid:", 4) || !strncmp(line, "Gid:", 4) || !strncmp(line, "CapEff:", 7) || !strncmp(line, "Groups:", 7))
      strcat(own, line);
  fclose(self);
  DIR *tasks = opendir("/proc/self/task");
  struct dirent *entry;
  while ((entry = readdir(tasks))) {
    if (entry->d_name[0] == '.')
      continue;
    char text[2000] = "";
    snprintf(name, sizeof name, "/proc/self/task/%s/status", entry->d_name);
    FILE *file = fopen(name, "r");
    while (file && fgets(line, sizeof line, file))
      if (!strncmp(line, "Uid:", 4) || !strncmp(line, "Gid:", 4) || !strncmp(line, "CapEff:", 7) || !strncmp(line, "Groups:", 7))
        strcat(text, line);
    if (file)
      fclose(file);
    count += text[0] && strcmp(text, own) != 0;
  }
  closedir(tasks);
  return count;
}

int main(void) {
  const int root = getuid() == 0;
  const uid_t uid = root ? 65534 : getuid();
  const gid_t gid = root ? 65534 : getgid();
  printf("%lx\n", work());
  pthread_t threads[Threads];
  pthread_barrier_init(&before, NULL, Threads + 1);
  pthread_barrier_init(&after, NULL, Threads + 1);
  for (long i = 0; i < Threads; i++)
    pthread_create(&threads[i], NULL, waiter, (void *)i);
  pthread_barrier_wait(&before);
  if (root) {
    printf("groups %d\n", setgroups(1, &gid));
    printf("files: %d, ", strangers());
    setfsuid(uid); // of one thread only
    printf("%d\n", setfsuid((uid_t)-1) == (int)uid);
    setfsuid(0);
    printf("there and back %d, ", setresuid(-1, uid, 0));
    printf("%d, %d\n", strangers(), setresuid(-1, 0, -1));
    // Done twice, this would do nothing.
    printf("exchanged %d, ", setreuid(uid, 0));
    printf("%d, ", setreuid(0, uid));
    printf("%d, %d\n", strangers(), setresuid(0, 0, 0));
  }
  printf("group %d\n", setresgid(gid, gid, gid));
  printf("user %d\n", setuid(uid));
  printf("strangers %d\n", strangers());
  pthread_barrier_wait(&after);
  int wrong = 0;
  for (int i = 0; i < Threads; i++) {
    pthread_join(threads[i], NULL);
    wrong += ids[i][0] != uid || ids[i][1] != gid;
  }
  printf("wrong %d\n", wrong);
  printf("%lx\n", work());
  printf("strangers %d, root again %d\n", strangers(), root ? setresuid(-1, 0, -1) : -1);
  return 0;
}
