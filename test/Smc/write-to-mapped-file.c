// Code in a mapped file that the program writes with system calls of every kind, through
// every kind of descriptor, and in its own memory as a file.
// RUN: %cc -O1 %s -o %t
// RUN: %check-tiers --tiers=interp,copy,one,jit,auto --expect=0 %t
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { Runs = 3000, Size = 8192 };
static int value; ///< that the code was last given
static unsigned char code[6];
static unsigned char *mapped;

static int run(void) {
  int sum = 0;
  for (int i = 0; i < Runs; i++)
    sum += ((int (*)(void))mapped)();
  return sum / Runs;
}

static int next(void) {
  value++;
  memcpy(code, "\xb8\0\0\0\0\xc3", 6);
  memcpy(code + 1, &value, 4);
  return 6;
}

static int fails;
static void check(const char *how, long result) {
  const int got = result < 0 ? -1 : run();
  if (got != value) {
    printf("%s: %ld, %d instead of %d\n", how, result, got, value);
    fails = 1;
  }
}

static int duplicateBySocket(int fd) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
    return -1;
  char byte = 0, control[CMSG_SPACE(sizeof(int))] = {0};
  struct iovec part = {&byte, 1};
  struct msghdr message = {0, 0, &part, 1, control, sizeof control, 0};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(header), &fd, sizeof fd);
  if (sendmsg(pair[0], &message, 0) != 1 || recvmsg(pair[1], &message, 0) != 1)
    return -1;
  memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
  return fd;
}

/// Writes \p from's file, and pipes, into \p fd.
static void copies(int fd) {
  FILE *other = tmpfile();
  const int from = fileno(other);
  int ends[2];
  if (pipe(ends))
    abort();
  next();
  lseek(fd, 0, SEEK_SET);
  if (write(ends[1], code, 6) != 6)
    abort();
  check("splice", splice(ends[0], 0, fd, 0, 6, 0));
  next();
  if (pwrite(from, code, 6, 0) != 6)
    abort();
  off_t start = 0;
  lseek(fd, 0, SEEK_SET);
  check("sendfile", sendfile(fd, from, &start, 6));
  next();
  if (pwrite(from, code, 6, 0) != 6)
    abort();
  loff_t in = 0, out = 0;
  if (copy_file_range(from, &in, fd, &out, 6, 0) == 6) // not between all file systems
    check("copy_file_range", 0);
  fclose(other);
  close(ends[0]);
  close(ends[1]);
}

/// Asynchronous I/O, which is done at once where it goes through the page cache.
static void asynchronously(int fd) {
  aio_context_t context = 0;
  if (syscall(SYS_io_setup, 1, &context))
    return;
  next();
  struct iocb request = {0}, *list[1] = {&request};
  struct io_event event;
  request.aio_lio_opcode = IOCB_CMD_PWRITE;
  request.aio_fildes = (unsigned)fd;
  request.aio_buf = (unsigned long)code;
  request.aio_nbytes = 6;
  const long sent = syscall(SYS_io_submit, context, 1L, list);
  check("io_submit", syscall(SYS_io_getevents, context, 1L, 1L, &event, 0) == 1 && sent == 1 ? event.res : -1);
  syscall(SYS_io_destroy, context);
}

static void all(int fd, const char *name) {
  struct iovec parts[2] = {{code, 2}, {code + 2, 4}};
  next();
  check("pwrite", pwrite(fd, code, 6, 0));
  next();
  lseek(fd, 0, SEEK_SET);
  check("write", write(fd, code, 6));
  next();
  lseek(fd, 0, SEEK_SET);
  check("writev", writev(fd, parts, 2));
  next();
  check("pwritev", pwritev(fd, parts, 2, 0));
  next();
  check("pwritev2", pwritev2(fd, parts, 2, 0, 0));
  copies(fd);
  asynchronously(fd);

  char link[32];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  int again = open(link, O_RDWR);
  next();
  check("reopened", pwrite(again, code, 6, 0));
  close(again);
  again = dup(fd);
  next();
  check("dup", pwrite(again, code, 6, 0));
  close(again);
  again = duplicateBySocket(fd);
  next();
  check("received", pwrite(again, code, 6, 0));
  close(again);

  next();
  if (ftruncate(fd, 0) || ftruncate(fd, Size))
    abort();
  check("ftruncate", pwrite(fd, code, 6, 0));
  next();
  if (truncate(link, 0) || truncate(link, Size))
    abort();
  check("truncate", pwrite(fd, code, 6, 0));
  next();
  if (name) {
    close(open(name, O_WRONLY | O_TRUNC));
    if (ftruncate(fd, Size))
      abort();
    check("O_TRUNC", pwrite(fd, code, 6, 0));
  }
  if (fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096) == 0 && (mapped[0] || mapped[5]))
    printf("the hole has bytes\n");
  check("fallocate", pwrite(fd, code, 6, 0));
}

static void mapAndTest(int fd, int flags, const char *name) {
  next();
  if (ftruncate(fd, Size) || pwrite(fd, code, 6, 0) != 6)
    abort();
  mapped = mmap(0, Size, PROT_READ | PROT_EXEC, flags, fd, 0);
  check("mapped", 0);
  all(fd, name);
  munmap(mapped, Size);
}

static void throughMemory(int prot) {
  next();
  mapped = mmap(0, Size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memcpy(mapped, code, 6);
  mprotect(mapped, Size, prot);
  check("anonymous", 0);
  const int memory = open("/proc/self/mem", O_RDWR);
  next();
  check("/proc/self/mem pwrite", pwrite(memory, code, 6, (off_t)mapped));
  next();
  lseek(memory, (off_t)mapped, SEEK_SET);
  check("/proc/self/mem write", write(memory, code, 6));
  close(memory);
  munmap(mapped, Size);
}

int main(int argc, char **argv) {
  if (argc > 1) { // descriptor 9 was open before the program began, and nothing opens its file anew
    const int inherited = 9;
    next();
    mapped = mmap(0, Size, PROT_READ | PROT_EXEC, MAP_PRIVATE, inherited, 0);
    check("mapped", 0);
    next();
    check("inherited", pwrite(inherited, code, 6, 0));
    puts(fails ? "failed" : "ok");
    return fails;
  }
  int memory = memfd_create("code", 0);
  mapAndTest(memory, MAP_SHARED, 0);
  mapAndTest(memory, MAP_PRIVATE, 0);
  char name[] = "codeXXXXXX";
  int file = mkstemp(name);
  mapAndTest(file, MAP_SHARED, name);
  mapAndTest(file, MAP_PRIVATE, name);
  throughMemory(PROT_READ | PROT_EXEC);
  throughMemory(PROT_READ | PROT_WRITE | PROT_EXEC);
  unlink(name);
  value = 0;
  next();
  if (fails || pwrite(file, code, 6, 0) != 6 || dup2(file, 9) != 9)
    return 1;
  execl(argv[0], argv[0], "inherited", (char *)0);
  return 1;
}
