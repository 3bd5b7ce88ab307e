//===- RunTest.cpp - Loaded programs, run by the host ---------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Addresses are the guest's own, so on an x86-64 host what was loaded can be
// jumped to once it is made executable: the loader is tested without a
// translator, and the program sees whether anything is missing. Its output is
// compared with that of a run by the kernel.

#include "Loader/AddressSpace.h"
#include "Loader/Program.h"
#include "Test.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sys/mman.h>
#include <unistd.h>

using namespace dbt;
using namespace dbttest;

namespace {

/// Prints what a program can see of how it was loaded, but for addresses.
const char *const Program = R"(
#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>
_Alignas(ALIGN) char aligned[3] = "al";
char bss[300000];
static int data = 41;
_Thread_local int tls = 7;
_Thread_local _Alignas(64) char tlsBss[100];
extern char **environ;
int main(int argc, char **argv) {
  ++data;
  for (size_t i = 0; i < sizeof bss; ++i)
    if (bss[i]) return 1;
  memset(bss, 1, sizeof bss);
  printf("%d %d %d %s", data, tls, tlsBss[99], aligned);
  printf(" %d", (int)((unsigned long)aligned % ALIGN));
  for (int i = 1; i < argc; ++i) printf(" [%s]", argv[i]);
  for (char **e = environ; *e; ++e) printf(" {%s}", *e);
  const ElfW(Phdr) *phdr = (void *)getauxval(AT_PHDR);
  for (unsigned i = 0; i < getauxval(AT_PHNUM); ++i)
    printf(" %x", phdr[i].p_type);
  printf(" %d", (int)(getauxval(AT_ENTRY) & 4095));
  printf(" %s %lu %lu", (char *)getauxval(AT_PLATFORM), getauxval(AT_PAGESZ), getauxval(AT_CLKTCK));
  printf(" %lu %lu %lu", getauxval(AT_UID), getauxval(AT_SECURE), getauxval(AT_PHENT));
  printf(" %s", strrchr((char *)getauxval(AT_EXECFN), '/'));
  char *heap = malloc(1 << 20);
  memset(heap, 1, 1 << 20);
  char exe[64] = {0};
  printf(" %d\n", readlink("/proc/self/fd/0", exe, 1) >= -1);
  fflush(stdout);
  return 33;
}
)";

std::string shell(const std::string &command) {
  std::string output;
  FILE *pipe = popen(command.c_str(), "r");
  char buffer[4096];
  size_t n;
  while ((n = fread(buffer, 1, sizeof buffer, pipe)) > 0)
    output.append(buffer, n);
  int status = pclose(pipe);
  return output + "status " + std::to_string(status >> 8) + "\n";
}

/// Does not return unless loading fails.
void loadAndJump(const std::string &path) {
  // Outlives the frame; the program's threads of control end with the process.
  static AddressSpace space;
  LoadRequest request;
  request.path = path;
  request.argv = {path, "one", "two words"};
  request.envp = {"LC_ALL=C", "X=1"};
  Result<LoadedProgram> p = load(space, request);
  if (!p) {
    printf("%s\n", p.error().message.c_str());
    return;
  }
  for (const Mapping &m : space.mappings())
    ::mprotect(reinterpret_cast<void *>(m.start), m.end - m.start, m.prot);
  fflush(stdout);
  asm volatile("mov %0, %%rsp\n"
               "xor %%ebp, %%ebp\n"
               "xor %%edx, %%edx\n"
               "jmp *%1\n"
               :
               : "D"(p->stackPointer), "S"(p->entry)
               : "memory");
}

} // namespace

bool dbttest::runLoaded(const char *path) {
  loadAndJump(path);
  return false;
}

namespace {

void kinds() {
  char name[] = "/tmp/dbt-elf-run-XXXXXX";
  std::string dir = mkdtemp(name);
  std::ofstream(dir + "/p.c") << Program;
  struct {
    const char *name, *flags;
  } const kinds[] = {
      {"pie", "-DALIGN=32"},
      {"no-pie", "-DALIGN=32 -no-pie"},
      {"static", "-DALIGN=32 -static"},
      {"static-pie", "-DALIGN=32 -static-pie"},
      {"aligned", "-DALIGN=65536 -Wl,-z,max-page-size=65536"},
      {"aligned-static-pie", "-DALIGN=65536 -static-pie -Wl,-z,max-page-size=65536"},
      {"far", "-DALIGN=32 -no-pie -Wl,-Ttext-segment=0x70000000"},
      {"no-separate-code", "-DALIGN=32 -Wl,-z,noseparate-code"},
      {"executable-stack", "-DALIGN=32 -z execstack"},
      {"musl", "-DALIGN=32 -static"},
  };
  for (auto &kind : kinds) {
    std::string program = dir + "/" + kind.name;
    std::string cc = std::string(kind.name) == "musl" ? "musl-gcc" : "cc";
    if (system((cc + " -w " + kind.flags + " -o " + program + " " + dir + "/p.c").c_str())) {
      fail(__FILE__, __LINE__, std::string("cannot compile ") + kind.name);
      continue;
    }
    std::string arguments = " one 'two words'";
    std::string native = shell("env -i LC_ALL=C X=1 " + program + arguments);
    std::string ours = shell("/proc/" + std::to_string(getpid()) + "/exe --load " + program);
    EQ(native.substr(native.size() - 10), "status 33\n");
    if (ours != native)
      fail(__FILE__, __LINE__, std::string(kind.name) + ": natively " + native + "loaded " + ours);
  }
  if (system(("rm -rf '" + dir + "'").c_str()))
    fail(__FILE__, __LINE__, "rm failed");
}

} // namespace

const std::vector<Test> &dbttest::runTests() {
  static const std::vector<Test> tests = {{"run-loaded", kinds}};
  return tests;
}
