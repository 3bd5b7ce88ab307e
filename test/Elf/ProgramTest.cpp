//===- ProgramTest.cpp - Loading programs as execve does ------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The native kernel is the oracle where it can be asked: for errnos of execve,
// and for the argument lists that `#!` lines make.

#include "ElfFile.h"
#include "Guest/CpuState.h"
#include "Loader/AddressSpace.h"
#include "Loader/Program.h"
#include "Test.h"

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <map>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace dbt;
using namespace dbttest;

namespace {

/// A directory that goes away with its files.
struct Directory {
  std::string path;
  Directory() {
    char name[] = "/tmp/dbt-elf-test-XXXXXX";
    path = mkdtemp(name);
  }
  ~Directory() {
    if (system(("rm -rf '" + path + "'").c_str()))
      fail(__FILE__, __LINE__, "rm failed");
  }
  std::string operator/(const char *name) const { return path + "/" + name; }
};

LoadRequest request(const std::string &path) {
  LoadRequest r;
  r.path = path;
  r.argv = {"x"};
  return r;
}

/// execve's errno, and what the program prints if there is none.
int nativeErrno(const std::string &path, std::string *output = nullptr,
                std::vector<std::string> argv = {"arg0", "a b"}) {
  int pipes[2];
  CHECK(pipe2(pipes, O_CLOEXEC) == 0);
  int out[2];
  CHECK(pipe2(out, O_CLOEXEC) == 0);
  pid_t pid = fork();
  if (pid == 0) {
    dup2(out[1], 1);
    std::vector<char *> args;
    for (std::string &a : argv)
      args.push_back(a.data());
    args.push_back(nullptr);
    execv(path.c_str(), args.data());
    int error = errno;
    if (write(pipes[1], &error, sizeof error) < 0)
      _exit(2);
    _exit(1);
  }
  close(pipes[1]);
  close(out[1]);
  int error = 0;
  if (read(pipes[0], &error, sizeof error) < 0)
    error = -1;
  char buffer[4096];
  ssize_t n;
  while ((n = read(out[0], buffer, sizeof buffer)) > 0)
    if (output)
      output->append(buffer, n);
  close(pipes[0]);
  close(out[0]);
  waitpid(pid, nullptr, 0);
  return error;
}

int resolveErrno(const std::string &path) {
  Result<ResolvedProgram> r = resolve(path, {"arg0"}, "");
  return r ? 0 : r.error().errnum;
}

void errnos() {
  Directory dir;
  ElfFile good;
  good.write(dir / "good");
  good.write(dir / "unexecutable", 0644);
  ElfFile wrong = good;
  wrong.header.e_machine = EM_AARCH64;
  wrong.write(dir / "wrong-machine");
  ElfFile zero = good;
  zero.header.e_phnum = 0;
  zero.write(dir / "no-phdrs");
  ElfFile missing = good;
  missing.phdrs.push_back({PT_INTERP, PF_R, 0x800, 0, 0, 14, 14, 1});
  strcpy(&missing.contents[0x800], "/nonexistent!");
  missing.write(dir / "missing-interpreter");
  ElfFile bad = missing;
  bad.phdrs.back().p_filesz = 12;
  bad.write(dir / "malformed-interpreter");
  ElfFile text = missing;
  std::string script = dir / "script";
  text.phdrs.back().p_filesz = script.size() + 1;
  strcpy(&text.contents[0x800], script.c_str());
  text.write(dir / "script-as-interpreter");
  writeFile(dir / "empty", "", 0755);
  writeFile(dir / "text", "hello\n", 0755);
  writeFile(script, "#!/bin/sh\n", 0755);
  writeFile(dir / "script-nowhere", "#!/nonexistent\n", 0755);
  writeFile(dir / "script-nothing", "#!  \n", 0755);
  writeFile(dir / "script-long", "#!/" + std::string(300, 'x') + "\n", 0755);
  writeFile(dir / "script-directory", "#!/tmp\n", 0755);
  writeFile(dir / "script-self", "#!" + (dir / "script-self") + "\n", 0755);
  CHECK(mkfifo((dir / "fifo").c_str(), 0755) == 0);
  for (const char *name :
       {"good", "unexecutable", "wrong-machine", "no-phdrs", "missing-interpreter",
        "malformed-interpreter", "script-as-interpreter", "empty", "text", "script",
        "script-nowhere", "script-nothing", "script-long", "script-directory", "script-self",
        "fifo", "absent", "good/below", "."}) {
    int native = nativeErrno(dir / name), ours = resolveErrno(dir / name);
    if (native != ours)
      fail(__FILE__, __LINE__, std::string(name) + ": natively " + strerror(native) + ", here " + strerror(ours));
  }
  Result<ResolvedProgram> r = resolve(dir / "missing-interpreter", {}, "/opt");
  EQ(r.error().message, "'" + (dir / "missing-interpreter") +
                            "': its ELF interpreter '/nonexistent!': no such file or directory; "
                            "nor is it in '/opt'");
  EQ(exitStatus(r.error()), 127);
  EQ(exitStatus(resolve(dir / "text", {}, "").error()), 126);
}

void scripts() {
  Directory dir;
  std::string show = dir / "show";
  // An interpreter that prints its arguments.
  writeFile(dir / "show.c",
            "#include <stdio.h>\nint main(int c, char **v) { for (int i = 0; i < c; i++) "
            "printf(\"[%s]\", v[i]); return 0; }\n",
            0644);
  CHECK(system(("cc -o " + show + " " + show + ".c").c_str()) == 0);
  std::string tail = std::string(256 - 2 - show.size() - 1, 'y');
  const std::string lines[] = {
      "#!" + show,
      "#!" + show + "\n",
      "#! \t" + show + " \t \n",
      "#!" + show + " -a\n",
      "#!" + show + "  -a  b \tc  \nrest",
      "#!" + show + " " + tail + "\n",
      "#!" + show + " " + tail + "zzz\n",
      "#!" + show + std::string(300, ' ') + "\n",
      std::string("#!") + show + " a\0b\n" + std::string(1, '\0'),
  };
  for (const std::string &line : lines) {
    std::string file = dir / "script";
    writeFile(file, line, 0755);
    std::string native, ours;
    int error = nativeErrno(file, &native);
    Result<ResolvedProgram> r = resolve(file, {"arg0", "a b"}, "");
    EQ(r ? 0 : r.error().errnum, error);
    if (r)
      for (const std::string &a : r->argv)
        ours += "[" + a + "]";
    EQ(ours, native);
  }
  // As many scripts running one another as the kernel follows.
  std::string last = show;
  for (int i = 1; i <= 8; ++i) {
    std::string file = (dir / "chain") + std::to_string(i);
    writeFile(file, "#!" + last + " " + std::to_string(i) + "\n", 0755);
    std::string native, ours;
    int error = nativeErrno(file, &native);
    Result<ResolvedProgram> r = resolve(file, {"arg0", "a b"}, "");
    EQ(r ? 0 : r.error().errnum, error);
    if (r)
      for (const std::string &a : r->argv)
        ours += "[" + a + "]";
    EQ(ours, native);
    last = file;
  }
}

std::map<uint64_t, uint64_t> auxvOf(const ProgramLayout &layout) {
  std::map<uint64_t, uint64_t> result;
  for (auto *p = reinterpret_cast<uint64_t *>(layout.auxvStart); *p; p += 2)
    result[p[0]] = p[1];
  return result;
}

void stack() {
  AddressSpace space;
  Directory dir;
  ElfFile().write(dir / "good");
  LoadRequest request = ::request(dir / "good");
  request.argv = {"zero", "", "two"};
  request.envp = {"A=1", "B=2"};
  request.hwcap = 0x178bfbff;
  Result<LoadedProgram> p = load(space, request);
  CHECK(p);
  EQ(p->entry, uint64_t(0x401000));
  EQ(p->stackPointer % 16, uint64_t(0));
  auto *sp = reinterpret_cast<uint64_t *>(p->stackPointer);
  EQ(sp[0], uint64_t(3));
  auto str = [](uint64_t a) { return std::string(reinterpret_cast<char *>(a)); };
  EQ(str(sp[1]), "zero");
  EQ(str(sp[2]), "");
  EQ(str(sp[3]), "two");
  EQ(sp[4], uint64_t(0));
  EQ(str(sp[5]), "A=1");
  EQ(str(sp[6]), "B=2");
  EQ(sp[7], uint64_t(0));
  EQ(reinterpret_cast<uint64_t>(sp + 8), p->layout.auxvStart);
  std::map<uint64_t, uint64_t> aux = auxvOf(p->layout);
  EQ(aux[AT_PHDR], uint64_t(0x400040));
  EQ(aux[AT_PHENT], uint64_t(56));
  EQ(aux[AT_PHNUM], uint64_t(2));
  EQ(aux[AT_ENTRY], uint64_t(0x401000));
  EQ(aux[AT_BASE], uint64_t(0));
  EQ(aux[AT_PAGESZ], uint64_t(4096));
  EQ(aux[AT_HWCAP], uint64_t(0x178bfbff));
  EQ(aux[AT_UID], uint64_t(getuid()));
  EQ(str(aux[AT_EXECFN]), request.path);
  EQ(str(aux[AT_PLATFORM]), "x86_64");
  CHECK(aux.contains(AT_RANDOM) && !aux.contains(AT_SYSINFO_EHDR));
  EQ(std::string(reinterpret_cast<char *>(p->layout.argStart),
                 p->layout.argEnd - p->layout.argStart),
     std::string("zero\0\0two\0", 10));
  EQ(p->layout.envEnd - p->layout.envStart, uint64_t(8));
  EQ(space.query(p->stackPointer).prot, PROT_READ | PROT_WRITE);
  CHECK(space.mapsText().find("[stack]\n") != std::string::npos);
  // The stack can be made executable as glibc does it.
  EQ(space.protect(pageDown(p->stackPointer), PageSize,
                   PROT_READ | PROT_WRITE | PROT_EXEC | PROT_GROWSDOWN),
     0);
  EQ(space.query(p->layout.stackLow).prot, PROT_READ | PROT_WRITE | PROT_EXEC);
  CpuState cpu;
  memset(static_cast<void *>(&cpu), 0xff, sizeof cpu);
  setInitialState(cpu, *p);
  EQ(cpu.reg(Reg::Rsp), p->stackPointer);
  EQ(cpu.reg(Reg::Rdx), uint64_t(0));
  EQ(cpu.rip, p->entry);
  EQ(cpu.mxcsr, 0x1f80u);
}

void image() {
  AddressSpace space;
  Directory dir;
  ElfFile file;
  file.contents.resize(0x3000, 'x');
  file.phdrs[0].p_memsz = 0x2000;
  // Data with a bss tail in the same page and two pages more, after a hole.
  file.phdrs.push_back({PT_LOAD, PF_R | PF_W, 0x2010, 0x408010, 0, 0x20, 0x2ff0, 0x1000});
  file.write(dir / "image");
  Result<LoadedProgram> p = load(space, request(dir / "image"));
  CHECK(p);
  EQ(*reinterpret_cast<char *>(0x40802f), 'x');
  EQ(*reinterpret_cast<char *>(0x408030), '\0');
  EQ(*reinterpret_cast<char *>(0x408fff), '\0');
  EQ(*reinterpret_cast<char *>(0x40800f), 'x'); // the page is the file's
  CHECK(space.isGuest(0x408000, 0x3000));
  CHECK(!space.query(0x40b000).mapped);
  CHECK(!space.query(0x402000).mapped); // the hole
  EQ(space.query(0x400000).prot, PROT_READ | PROT_EXEC);
  EQ(space.query(0x408000).prot, PROT_READ | PROT_WRITE);
  EQ(p->layout.endData, uint64_t(0x408030));
  CHECK(p->layout.startBrk >= 0x40b000);
  EQ(space.brk(0), p->layout.startBrk);
}

/// Aligned more than a page, without an interpreter: anywhere, but aligned.
void alignment() {
  AddressSpace space;
  Directory dir;
  ElfFile file;
  file.header.e_type = ET_DYN;
  file.header.e_entry = 0x1000;
  file.phdrs[0].p_vaddr = 0;
  file.phdrs[0].p_align = 0x200000;
  file.write(dir / "aligned");
  Result<LoadedProgram> p = load(space, request(dir / "aligned"));
  CHECK(p);
  EQ(p->programBias % 0x200000, uint64_t(0));
  // Nothing is left of what was reserved to find an aligned place.
  CHECK(space.isGuest(p->programBias, 0x3000));
  CHECK(!space.query(p->programBias + 0x3000).mapped);
  CHECK(!space.query(p->programBias - 1).mapped);
}

void pie() {
  personality(ADDR_NO_RANDOMIZE);
  AddressSpace space;
  Result<LoadedProgram> p = load(space, request("/bin/sh"));
  CHECK(p);
  EQ(p->programBias, uint64_t(0x555555554000));
  EQ(p->images.size(), size_t(2));
  EQ(p->layout.startBrk, p->images[0].end);
  EQ(auxvOf(p->layout)[AT_BASE], p->interpreterBias);
  EQ(auxvOf(p->layout)[AT_PHDR], p->programBias + 64);
  CHECK(p->exePath.starts_with("/"));
  personality(0);
  AddressSpace other;
  Result<LoadedProgram> q = load(other, request("/bin/sh"));
  CHECK(q);
  CHECK(q->programBias != p->programBias);
}

void huge() {
  AddressSpace space;
  Directory dir;
  ElfFile file;
  file.phdrs[0].p_memsz = 0x700000000000;
  file.write(dir / "huge");
  Result<LoadedProgram> p = load(space, request(dir / "huge"));
  CHECK(!p);
  CHECK(p.error().message.find("cannot map the image") != std::string::npos);
  ElfFile().write(dir / "good");
  LoadRequest tooLong = request(dir / "good");
  tooLong.argv.push_back(std::string(4 << 20, 'x'));
  EQ(load(space, tooLong).error().errnum, E2BIG);
  EQ(exitStatus(load(space, tooLong).error()), 126);
}

/// Loading costs the headers, whatever the size.
void speed() {
  Directory dir;
  ElfFile file;
  file.contents.resize(96 << 20);
  file.phdrs[0].p_filesz = file.phdrs[0].p_memsz = 96 << 20;
  file.write(dir / "large");
  AddressSpace space;
  auto start = std::chrono::steady_clock::now();
  CHECK(load(space, request(dir / "large")));
  std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  if (took.count() > 20)
    fail(__FILE__, __LINE__, "loading 96 MiB took " + std::to_string(took.count()) + " ms");
}

} // namespace

const std::vector<Test> &dbttest::programTests() {
  static const std::vector<Test> tests = {
      {"errnos", errnos}, {"scripts", scripts}, {"stack", stack}, {"image", image},
      {"alignment", alignment}, {"pie", pie},   {"huge", huge},   {"speed", speed}};
  return tests;
}
