// --check compares until there is a second thread, and says that it ends.
// RUN: %cc -O1 -pthread %s -o %t
// RUN: %dbt-run --check --tier-threshold=20 --stats %t > %t.out 2> %t.err && FileCheck %s < %t.out && FileCheck %s --check-prefix=ERR < %t.err
// CHECK: 4950
// ERR: check: the program has started a thread: from here on nothing is compared
// ERR-NOT: from here on
// ERR: {{[1-9][0-9]*}} guest instructions compared
// ERR: {{[1-9][0-9]*}} entries that could not be compared
#include <pthread.h>
#include <stdio.h>

static void *sum(void *result) {
  for (int i = 0; i < 100; i++)
    *(volatile int *)result += i;
  return NULL;
}

int main(void) {
  int result = 0;
  pthread_t thread;
  for (int i = 0; i < 50; i++)
    sum(&result);
  result = 0;
  pthread_create(&thread, NULL, sum, &result);
  pthread_join(thread, NULL);
  printf("%d\n", result);
  return 0;
}
