// Which of its string functions the C library chooses: under dbt-run, in each tier, those for AVX2.
// Prints where they are in the library's file, whose code tells.
// REQUIRES: cpu-avx2, cpu-bmi2
// RUN: %cc -O1 -fno-builtin %s -o %t
// RUN: %dbt-run --tier=interp %t > %t.interp
// RUN: %python %inputs/avx2-ifuncs.py %t.interp
// RUN: %dbt-run --tier=copy --tier-threshold=1 %t | cmp - %t.interp
// RUN: %dbt-run --tier=jit %t | cmp - %t.interp
// RUN: %dbt-run %t | cmp - %t.interp
// A guest without AVX2 gets others.
// RUN: %dbt-run -cpu x86-64-v2 %t > %t.v2
// RUN: %status 3 %python %inputs/avx2-ifuncs.py %t.v2
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>

static const char *const Names[] = {
    "memcpy",  "memmove", "mempcpy", "memset",  "memcmp",    "memchr", "memrchr",  "rawmemchr", "strlen",     "strnlen",
    "strchr",  "strrchr", "strcmp",  "strncmp", "strchrnul", "strcpy", "stpcpy",   "strncpy",   "stpncpy",    "strcat",
    "strncat", "wcslen",  "wcsnlen", "wmemset", "wmemcmp",   "wcschr", "wcsrchr",  "wcscmp",    "wmemchr"};

int main(void) {
  for (unsigned i = 0; i < sizeof Names / sizeof *Names; ++i) {
    Dl_info info;
    const char *address = dlsym(RTLD_DEFAULT, Names[i]);
    if (!address || !dladdr(address, &info))
      return 1;
    printf("%s %s %lx\n", Names[i], info.dli_fname, (long)(address - (const char *)info.dli_fbase));
  }
  return 0;
}
