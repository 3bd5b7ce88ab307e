// The host lets dbt have no memory that can be written and executed (PR_SET_MDWE, by whoever
// started it): it interprets, and says once what it goes without.
// REQUIRES: mdwe
// RUN: %cc -O1 %s -o %t
// RUN: %t %dbt-run --tier=jit %t 2>&1 | FileCheck %s --check-prefixes=JIT,CHECK
// RUN: %t %dbt-run --tier=copy %t 2>&1 | FileCheck %s --check-prefixes=COPY,CHECK
// RUN: %t %dbt-run --tier=interp %t 2>&1 | FileCheck %s
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

// JIT: {{^}}dbt-run: warning: no compiled code from now on: code cannot be made executable: Permission denied
// COPY: {{^}}dbt-run: warning: nothing is copied: the host gives no memory for code
// CHECK-NOT: {{.}}
// CHECK: {{^}}14497

static unsigned long triple(unsigned long x) { return 3 * x; }
static unsigned long next(unsigned long x) { return x + 1; }
static unsigned long (*volatile steps[])(unsigned long) = {triple, next};

int main(int argc, char **argv) {
  enum { SetMdwe = 65, RefuseExecGain = 1 };
  if (argc > 1) {
    prctl(SetMdwe, RefuseExecGain, 0, 0, 0);
    execv(argv[1], argv + 1);
    return 1;
  }
  unsigned long x = 1;
  for (unsigned long i = 0; i < 300000; i++)
    x = steps[i % 2](x) % 10000019;
  printf("%lx\n", x);
  return 0;
}
