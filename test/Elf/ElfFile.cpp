//===- ElfFile.cpp - ELF files made for tests -----------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElfFile.h"
#include "Test.h"

#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace dbttest;

ElfFile::ElfFile() : contents(0x2000, 0) {
  memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_EXEC;
  header.e_machine = EM_X86_64;
  header.e_version = EV_CURRENT;
  header.e_entry = 0x401000;
  header.e_phoff = sizeof header;
  header.e_ehsize = sizeof header;
  header.e_phnum = AsManyAsThereAre;
  header.e_phentsize = sizeof(Elf64_Phdr);
  phdrs.push_back({PT_LOAD, PF_R | PF_X, 0, 0x400000, 0x400000, 0x2000, 0x3000, 0x1000});
  phdrs.push_back({PT_GNU_STACK, PF_R | PF_W, 0, 0, 0, 0, 0, 16});
  // mov edi, 42; mov eax, 231; syscall
  static const unsigned char code[] = {0xbf, 42, 0, 0, 0, 0xb8, 231, 0, 0, 0, 0x0f, 0x05};
  memcpy(&contents[0x1000], code, sizeof code);
}

std::string ElfFile::bytes() const {
  std::string file = contents;
  Elf64_Ehdr h = header;
  if (h.e_phnum == AsManyAsThereAre)
    h.e_phnum = phdrs.size();
  memcpy(&file[0], &h, sizeof h);
  memcpy(&file[sizeof h], phdrs.data(), phdrs.size() * sizeof(Elf64_Phdr));
  return file.substr(0, length);
}

int dbttest::memfdOf(const std::string &bytes) {
  int fd = memfd_create("a.out", MFD_CLOEXEC);
  CHECK(write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  return fd;
}

int ElfFile::memfd() const { return memfdOf(bytes()); }

void dbttest::writeFile(const std::string &path, const std::string &bytes, unsigned mode) {
  unlink(path.c_str());
  int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
  CHECK(::write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  fchmod(fd, mode);
  close(fd);
}

void ElfFile::write(const std::string &path, unsigned mode) const { writeFile(path, bytes(), mode); }

std::string dbttest::readFile(const std::string &path) {
  std::string result;
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  char buffer[65536];
  ssize_t n;
  while ((n = read(fd, buffer, sizeof buffer)) > 0)
    result.append(buffer, n);
  close(fd);
  return result;
}
