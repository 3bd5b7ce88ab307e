//===- Main.cpp - Runs lib/Loader's unit tests ----------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Test.h"

#include <cstdio>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

using namespace dbttest;

namespace {
int failures = 0;
const char *current = "";

/// In a process of its own: tests map memory at fixed addresses, and a crash
/// must not take the others along.
bool runOne(const Test &test) {
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) {
    current = test.name;
    alarm(60);
    test.run();
    fflush(stdout);
    _exit(failures != 0);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  if (WIFSIGNALED(status))
    printf("%s: killed by signal %d\n", test.name, WTERMSIG(status));
  return status == 0;
}
} // namespace

void dbttest::fail(const char *file, int line, const std::string &what) {
  const char *base = strrchr(file, '/');
  printf("%s: %s:%d: %s\n", current, base ? base + 1 : file, line, what.c_str());
  ++failures;
}

int main(int argc, char **argv) {
  if (argc == 3 && !strcmp(argv[1], "--load"))
    return runLoaded(argv[2]) ? 0 : 126;
  unsigned ran = 0, failed = 0;
  for (const std::vector<Test> *table :
       {&addressMapTests(), &addressSpaceTests(), &codeTrackingTests(), &elfImageTests(), &programTests(),
        &runTests()})
    for (const Test &test : *table) {
      if (argc > 1 && strcmp(argv[1], test.name))
        continue;
      ++ran;
      failed += !runOne(test);
    }
  printf("%u tests, %u failed\n", ran, failed);
  return ran == 0 || failed;
}
