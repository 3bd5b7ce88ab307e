// Preloaded into dbt-run: in threads of its own, which are told by SIGSEGV's being blocked as it
// never is in a guest thread, malloc has no memory any more after FAIL_AFTER calls.
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);

void *malloc(size_t size) {
  static _Thread_local int kind; // 1: of dbt's own, 2: not
  static long calls;
  static long limit = -1;
  if (!kind) {
    uint64_t blocked = 0;
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &blocked, sizeof blocked);
    kind = blocked >> (SIGSEGV - 1) & 1 ? 1 : 2;
  }
  if (kind == 1) {
    if (limit < 0)
      limit = atol(getenv("FAIL_AFTER"));
    if (__atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED) >= limit) {
      errno = ENOMEM;
      return NULL;
    }
  }
  return __libc_malloc(size);
}
