// RUN: %cc -O1 -w %s -o %t
// RUN: %check-tiers --tiers=interp,copy,jit,auto %t
//
// mmap, munmap and mprotect at their edges: every result as natively.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define P 4096ul

static void show(const char *what, long result) {
  printf("%s: %s\n", what, result < 0 ? strerrorname_np(errno) : "ok");
}
static void showMap(const char *what, void *result) { show(what, result == MAP_FAILED ? -1 : 0); }

static void *anon(void *at, size_t size, int prot, int flags) {
  return mmap(at, size, prot, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
}

int main(void) {
  const int rw = PROT_READ | PROT_WRITE;
  showMap("length 0", anon(0, 0, rw, 0));
  showMap("too long", anon(0, 1ul << 48, rw, 0));
  showMap("no type", mmap(0, P, rw, MAP_ANONYMOUS, -1, 0));
  showMap("bad fd", mmap(0, P, rw, MAP_PRIVATE, 77, 0));
  showMap("odd offset", mmap(0, P, rw, MAP_PRIVATE, 0, 17));
  showMap("odd fixed", anon((void *)0x10000001, P, rw, MAP_FIXED));
  showMap("fixed beyond user space", anon((void *)0x800000000000, P, rw, MAP_FIXED));
  showMap("fixed page 0", anon(0, P, rw, MAP_FIXED));

  char *a = anon(0, 16 * P, rw, 0);
  showMap("16 pages", a);
  showMap("noreplace over them", anon(a + 3 * P, P, rw, MAP_FIXED_NOREPLACE));
  char *hinted = anon(a + 4 * P, P, rw, 0);
  printf("a taken hint moves: %d\n", hinted != a + 4 * P);
  memset(a, 'x', 16 * P);
  show("hole", munmap(a + 4 * P, 2 * P));
  printf("free hint is taken: %d\n", anon(a + 4 * P, P, rw, 0) == a + 4 * P);
  printf("new page is zero: %d\n", a[4 * P] == 0 && a[4 * P - 1] == 'x');
  show("mprotect over a hole", mprotect(a, 16 * P, PROT_READ));
  printf("but up to it: %d\n", mprotect(a, P, rw) == 0 && a[0] == 'x');
  show("munmap over a hole", munmap(a + 3 * P, 4 * P));
  show("munmap of nothing", munmap(a + 3 * P, 4 * P));
  show("munmap odd", munmap(a + 1, P));
  show("munmap length 0", munmap(a, 0));
  show("munmap beyond", munmap((void *)0x7fffffff0000, 1ul << 40));
  show("mprotect odd", mprotect(a + 1, P, rw));
  show("mprotect length 0", mprotect(a, 0, rw));
  show("mprotect bad prot", mprotect(a, P, 0x1000000));
  show("mprotect of nothing", mprotect(a + 3 * P, P, rw));

  char *low = anon(0, P, rw, MAP_32BIT);
  printf("MAP_32BIT: %d\n", (uintptr_t)low < 0x80000000);

  // A page of a file, seen twice; beyond its end there is nothing to read.
  int fd = memfd_create("file", 0);
  ftruncate(fd, 2 * P);
  char *s = mmap(0, 2 * P, rw, MAP_SHARED, fd, 0), *t = mmap(0, P, rw, MAP_PRIVATE, fd, P);
  strcpy(s + P, "shared");
  printf("private sees it: %s\n", t);
  t[0] = 'S';
  printf("and keeps its own: %s %s\n", t, s + P);
  int ro = open("/proc/self/exe", O_RDONLY);
  showMap("shared writable of a read-only file", mmap(0, P, rw, MAP_SHARED, ro, 0));
  char *image = mmap(0, P, PROT_READ, MAP_SHARED, ro, 0);
  printf("the executable: %.3s\n", image + 1);
  show("making it writable", mprotect(image, P, rw));

  // The kernel sees what the guest may do.
  char *none = anon(0, 2 * P, rw, 0);
  mprotect(none + P, P, PROT_NONE);
  int zero = open("/dev/zero", O_RDONLY);
  printf("read into it: %ld\n", (long)read(zero, none, 2 * P));
  show("read into PROT_NONE", read(zero, none + P, P));
  mprotect(none, P, PROT_READ);
  show("read into PROT_READ", read(zero, none, P));
  show("write from PROT_NONE", write(fd, none + P, P));
  unsigned char resident[4];
  show("mincore", mincore(a, P, resident));
  show("mincore of a hole", mincore(a + 3 * P, P, resident));
  show("msync", msync(s, 2 * P, MS_SYNC));
  show("msync of a hole", msync(a, 16 * P, MS_SYNC));
  char *d = anon(0, 2 * P, rw, 0);
  d[0] = 1;
  show("MADV_DONTNEED", madvise(d, 2 * P, MADV_DONTNEED));
  printf("gives zero: %d\n", d[0]);
  show("madvise odd", madvise(d + 1, P, MADV_DONTNEED));
  show("madvise bad", madvise(d, P, 12345));
  return 0;
}
