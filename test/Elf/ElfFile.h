//===- ElfFile.h - ELF files made for tests ---------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_TEST_ELF_ELFFILE_H
#define DBT_TEST_ELF_ELFFILE_H

#include <cstdint>
#include <elf.h>
#include <string>
#include <vector>

namespace dbttest {

/// A static non-PIE program of two pages and a page of bss, which exits with
/// status 42; tests change what they want to be different.
struct ElfFile {
  ElfFile();

  static constexpr uint16_t AsManyAsThereAre = 0xfffe;
  Elf64_Ehdr header{}; ///< e_phnum may be AsManyAsThereAre
  std::vector<Elf64_Phdr> phdrs; ///< [0] PT_LOAD, [1] PT_GNU_STACK
  std::string contents;          ///< headers are laid over it
  uint64_t length = ~uint64_t(0); ///< what to cut the file to

  std::string bytes() const;
  int memfd() const;
  /// Writes it with \p mode.
  void write(const std::string &path, unsigned mode = 0755) const;
};

int memfdOf(const std::string &bytes);
std::string readFile(const std::string &path);
void writeFile(const std::string &path, const std::string &bytes, unsigned mode);

} // namespace dbttest

#endif
