//===- ElfImageTest.cpp - Good, corrupt and hostile ELF files -------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElfFile.h"
#include "Loader/ElfImage.h"
#include "Test.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

using namespace dbt;
using namespace dbttest;

namespace {

std::string errorOf(const ElfFile &file) {
  int fd = file.memfd();
  Result<ElfImage> image = ElfImage::read(fd, "a.out");
  ::close(fd);
  if (image)
    return "";
  EQ(image.error().errnum, ENOEXEC);
  const std::string prefix = "'a.out': ";
  CHECK(image.error().message.starts_with(prefix));
  return image.error().message.substr(prefix.size());
}

void good() {
  ElfFile file;
  EQ(errorOf(file), "");
  int fd = file.memfd();
  ElfImage image = *ElfImage::read(fd, "a.out");
  ::close(fd);
  EQ(image.type, ElfType::Exec);
  EQ(image.entry, uint64_t(0x401000));
  EQ(image.segments.size(), size_t(2));
  EQ(image.segments[0].offset, uint64_t(0));
  EQ(image.segments[0].fileSize, uint64_t(0x2000));
  EQ(image.segments[0].memSize, uint64_t(0x3000));
  EQ(image.segments[0].flags, 5u);
  EQ(image.phdrAddress(), uint64_t(0x400040));
  EQ(image.low, uint64_t(0x400000));
  EQ(image.high, uint64_t(0x403000));
  CHECK(!image.executableStack && !image.isDynamic() && !image.tls);
  file.phdrs[1].p_flags |= PF_X;
  fd = file.memfd();
  CHECK(ElfImage::read(fd, "a.out")->executableStack);
  ::close(fd);
}

void headers() {
  auto with = [](auto change) {
    ElfFile file;
    change(file);
    return errorOf(file);
  };
  EQ(with([](ElfFile &f) { f.length = 0; }), "file is empty");
  EQ(with([](ElfFile &f) { f.length = 3; }), "not an ELF file");
  EQ(with([](ElfFile &f) { f.header.e_ident[0] = '#'; }), "not an ELF file");
  EQ(with([](ElfFile &f) { f.length = 10; }), "truncated in the ELF header");
  EQ(with([](ElfFile &f) { f.length = 63; }), "truncated in the ELF header");
  EQ(with([](ElfFile &f) { f.length = 100; }), "truncated in the program headers");
  EQ(with([](ElfFile &f) { f.header.e_phoff = -1; }), "truncated in the program headers");
  EQ(with([](ElfFile &f) {
       f.header.e_ident[EI_CLASS] = ELFCLASS32;
       f.header.e_machine = EM_386;
     }),
     "32-bit ELF file for x86 (32 bits); dbt runs 64-bit x86-64 programs only");
  EQ(with([](ElfFile &f) { f.header.e_ident[EI_CLASS] = 9; }), "unknown ELF class 9");
  EQ(with([](ElfFile &f) { f.header.e_ident[EI_DATA] = ELFDATA2MSB; }),
     "not a little-endian ELF file; dbt runs x86-64 programs only");
  EQ(with([](ElfFile &f) { f.header.e_machine = EM_AARCH64; }),
     "ELF file for AArch64; dbt runs x86-64 programs only");
  EQ(with([](ElfFile &f) { f.header.e_machine = 4711; }),
     "ELF file for machine 4711; dbt runs x86-64 programs only");
  EQ(with([](ElfFile &f) { f.header.e_type = ET_REL; }), "relocatable object file; link it first");
  EQ(with([](ElfFile &f) { f.header.e_type = ET_CORE; }), "core dump, not a program");
  EQ(with([](ElfFile &f) { f.header.e_type = 77; }), "unknown ELF file type 77");
  EQ(with([](ElfFile &f) { f.header.e_phnum = 0; }), "no program headers");
  EQ(with([](ElfFile &f) { f.header.e_phnum = 0xffff; }), "too many program headers (65535)");
  EQ(with([](ElfFile &f) { f.header.e_phentsize = 32; }),
     "program headers of 32 bytes, expected 56");
}

void loads() {
  auto with = [](auto change) {
    ElfFile file;
    change(file.phdrs[0], file);
    return errorOf(file);
  };
  EQ(with([](auto &p, auto &) { p.p_type = PT_NULL; }), "nothing to load (no PT_LOAD segment)");
  EQ(with([](auto &p, auto &) { p.p_memsz = 0, p.p_filesz = 0; }),
     "nothing to load (no PT_LOAD segment)");
  EQ(with([](auto &p, auto &) { p.p_filesz = 0x4000; }),
     "program header 0: larger in the file than in memory");
  EQ(with([](auto &, auto &f) { f.length = 0x1fff; }),
     "program header 0: reaches past the end of the file (truncated?)");
  EQ(with([](auto &p, auto &) { p.p_offset = ~uint64_t(0) - 0xfff; }),
     "program header 0: reaches past the end of the file (truncated?)");
  EQ(with([](auto &p, auto &) { p.p_memsz = ~uint64_t(0); }),
     "program header 0: reaches past the end of the address space");
  EQ(with([](auto &p, auto &) { p.p_vaddr = 0x7fffffffe000; }),
     "program header 0: reaches past the end of the address space");
  EQ(with([](auto &p, auto &) { p.p_align = 3; }), "program header 0: alignment is no power of two");
  EQ(with([](auto &p, auto &) { p.p_vaddr += 0x10; }),
     "program header 0: file offset and address differ within a page");
  EQ(with([](auto &p, auto &f) { f.phdrs.push_back(p); }), "overlapping PT_LOAD segments");
  EQ(with([](auto &p, auto &f) {
       Elf64_Phdr other = p;
       other.p_vaddr += 0x2ff0;
       other.p_offset = 0xff0;
       other.p_filesz = 16;
       f.phdrs.push_back(other);
     }),
     "overlapping PT_LOAD segments");
}

void interpreter() {
  ElfFile file;
  Elf64_Phdr p{};
  p.p_type = PT_INTERP;
  p.p_offset = 0x800;
  p.p_filesz = p.p_memsz = 10;
  memcpy(&file.contents[0x800], "/lib/ld.so", 11);
  file.phdrs.push_back(p);
  EQ(errorOf(file), "malformed PT_INTERP"); // no NUL
  file.phdrs.back().p_filesz = 11;
  EQ(errorOf(file), "");
  int fd = file.memfd();
  EQ(ElfImage::read(fd, "a.out")->interpreter, "/lib/ld.so");
  ::close(fd);
  for (uint64_t size : {uint64_t(0), uint64_t(1), uint64_t(5000), ~uint64_t(0)}) {
    file.phdrs.back().p_filesz = size;
    EQ(errorOf(file), "malformed PT_INTERP");
  }
}

/// No change of one or of many bytes crashes, hangs or passes an image that
/// cannot be mapped.
void fuzz() {
  uint64_t random = 42;
  auto next = [&] { return random = random * 6364136223846793005 + 1442695040888963407, random >> 33; };
  unsigned accepted = 0;
  for (int i = 0; i < 4000; ++i) {
    ElfFile file;
    std::string bytes = file.bytes();
    for (unsigned n = next() % 4 + 1; n-- > 0;)
      bytes[next() % 176] = static_cast<char>(next() % 3 ? next() : 0xff);
    int fd = memfdOf(bytes);
    if (Result<ElfImage> image = ElfImage::read(fd, "a.out")) {
      ++accepted;
      CHECK(image->low < image->high && image->high <= 0x7ffffffff000);
    }
    (void)ElfImage::symbols(fd, "a.out");
    ::close(fd);
  }
  CHECK(accepted > 0);
}

/// The same with all of a real file's headers, symbols included.
void fuzzReal() {
  std::string self = readFile("/proc/self/exe");
  Elf64_Ehdr header;
  memcpy(&header, self.data(), sizeof header);
  uint64_t random = 43;
  auto next = [&] { return random = random * 6364136223846793005 + 1442695040888963407, random >> 33; };
  int fd = memfdOf(self);
  for (int i = 0; i < 30; ++i) {
    uint64_t start = header.e_shoff, size = uint64_t(header.e_shnum) * sizeof(Elf64_Shdr);
    char old[8];
    uint64_t at[8];
    for (int k = 0; k < 8; ++k) {
      at[k] = start + next() % size;
      old[k] = self[at[k]];
      char byte = static_cast<char>(next());
      CHECK(pwrite(fd, &byte, 1, at[k]) == 1);
    }
    (void)ElfImage::symbols(fd, "a.out");
    for (int k = 0; k < 8; ++k)
      CHECK(pwrite(fd, &old[k], 1, at[k]) == 1);
  }
  ::close(fd);
}

extern "C" __attribute__((used, retain, noinline)) int dbtElfTestFunction() { return 42; }

void symbols() {
  Result<ElfSymbols> symbols = ElfImage::symbols("/proc/self/exe");
  CHECK(symbols);
  const ElfSymbol *found = nullptr;
  for (const ElfSymbol &s : symbols->functions)
    if (s.name == "dbtElfTestFunction")
      found = &s;
  CHECK(found);
  if (!found)
    return;
  CHECK(found->size > 0);
  EQ(symbols->find(found->address)->name, "dbtElfTestFunction");
  EQ(symbols->find(found->address + found->size - 1)->name, "dbtElfTestFunction");
  CHECK(!symbols->find(0));
  bool text = false;
  for (const ElfSection &s : symbols->sections)
    text |= s.name == ".text" && s.executable && found->address >= s.address &&
            found->address < s.address + s.size;
  CHECK(text);
  Result<ElfSymbols> libc = ElfImage::symbols("/lib/x86_64-linux-gnu/libc.so.6");
  CHECK(libc);
  bool puts = false;
  for (const ElfSymbol &s : libc->functions)
    puts |= s.name == "puts" || s.name == "_IO_puts";
  CHECK(puts);
}

void real() {
  Result<ElfImage> image = ElfImage::open("/bin/sh");
  CHECK(image);
  EQ(image->type, ElfType::Dyn);
  EQ(image->interpreter, "/lib64/ld-linux-x86-64.so.2");
  CHECK(image->phdrAddress() != 0);
  EQ(ElfImage::open("/nonexistent").error().errnum, ENOENT);
  EQ(ElfImage::open("/tmp").error().errnum, EACCES);
}

} // namespace

const std::vector<Test> &dbttest::elfImageTests() {
  static const std::vector<Test> tests = {
      {"elf-good", good},        {"elf-headers", headers}, {"elf-loads", loads},
      {"elf-interpreter", interpreter}, {"elf-fuzz", fuzz}, {"elf-fuzz-real", fuzzReal},
      {"elf-symbols", symbols},  {"elf-real", real}};
  return tests;
}
