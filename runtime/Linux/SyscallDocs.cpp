//===- SyscallDocs.cpp - Prints docs/Syscalls.md --------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// A program of the build: the rows of Syscalls.def as a Markdown table. Fails
// when a number that Linux 6.1 has is missing, so that a build is the check.
//===----------------------------------------------------------------------===//
#include <cstdio>
#include <cstring>
#include <iterator>

namespace {

struct Doc {
  const char *status;
  const char *errnum;
  const char *note;
};

struct Row {
  unsigned number;
  const char *name;
  Doc doc;
};

#define DOC_Pass {"passes", "", ""}
#define DOC_PassAs(note) {"passes", "", note}
#define DOC_Blocks {"passes, may wait", "", ""}
#define DOC_Body(function, note) {"body", "", note}
#define DOC_Waits(function, note) {"body", "", note}
#define DOC_Refused(errnum, why) {"refused", #errnum, why}
constexpr Row rows[] = {
#define SYSCALL(number, name, action, ...) {number, #name, DOC_##action},
#include "Linux/Syscalls.def"
#undef SYSCALL
};

/// x86-64's table in Linux 6.1: 0 to 334 and 424 to 450.
constexpr bool isComplete() {
  unsigned expected = 0;
  for (const Row &row : rows) {
    if (row.number != expected)
      return false;
    expected = expected == 334 ? 424 : expected + 1;
  }
  return expected == 451;
}
static_assert(isComplete(), "Syscalls.def: a number is missing, double or out of order");

unsigned count(const char *status) {
  unsigned n = 0;
  for (const Row &row : rows)
    n += !strncmp(row.doc.status, status, strlen(status));
  return n;
}

constexpr char introduction[] = R"(# System calls

Generated from `runtime/Linux/Syscalls.def` by the build.

Of the %zu system calls that Linux 6.1 has on x86-64, %u pass to the host as they are, %u have a body in
`runtime/Linux`, and %u are refused with an errno. Other numbers are answered ENOSYS. A call that passes and may
wait can be interrupted by a guest signal at any moment. Output arguments in pages that hold translated code are
taken care of for every call.

What the guest can see of the translator:

- `/proc/self/{exe,maps,cmdline,environ,auxv,stat}` show the guest, in every spelling (`/proc/PID`, `task/TID`, relative
  to a directory). The rest of `/proc/self` is the host's: `fd` lists the translator's log and cache files (high numbers,
  which close, close_range and dup2 treat as not open), `task` and `status` count its threads, `smaps` and `pagemap` its
  memory. `/proc/PID/exe` of another process under dbt-run names dbt-run.
- Code that is changed through a file descriptor of `/proc/self/mem` is not noticed.
- `-L` says where the ELF interpreter is; other paths are looked up as they are.
- Limits that are only remembered (RLIMIT_AS, RLIMIT_DATA, small RLIMIT_STACK) are not inherited by execve.

| number | name | status | errno | note |
|---:|---|---|---|---|
)";

} // namespace

int main() {
  printf(introduction, std::size(rows), count("passes"), count("body"), count("refused"));
  for (const Row &row : rows)
    printf("| %u | %s | %s | %s | %s |\n", row.number, row.name, row.doc.status, row.doc.errnum,
           row.doc.note);
}
