//===- ElfImage.h - What an ELF file says -----------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// LIEF behind an interface that does not show it. A file is read in two steps:
// the headers, which is all that starting a program needs and costs the same
// for any size; and, when static analysis or a symbolised log wants them, the
// symbols.
//
// Invariant: an ElfImage describes a file that the loader can map as it stands:
// x86-64, PT_LOADs inside the file and the user's address space, disjoint,
// mappable by pages. Whatever else a file holds is an error with a message.
//===----------------------------------------------------------------------===//
#ifndef DBT_LOADER_ELFIMAGE_H
#define DBT_LOADER_ELFIMAGE_H

#include "Support/Result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dbt {

enum class ElfType { Exec, Dyn };

struct ElfSegment {
  static constexpr uint32_t Load = 1, Interp = 3, Phdr = 6, Tls = 7, GnuEhFrame = 0x6474e550,
                            GnuStack = 0x6474e551;
  static constexpr uint32_t Execute = 1, Write = 2, Read = 4;

  uint32_t type, flags;
  uint64_t offset, vaddr, fileSize, memSize, align;

  uint64_t fileEnd() const { return vaddr + fileSize; }
  uint64_t memEnd() const { return vaddr + memSize; }
};

struct ElfSection {
  std::string name;
  uint64_t address, size, offset;
  bool executable;
};

struct ElfSymbol {
  uint64_t address, size; ///< size 0: unknown
  std::string name;
};

/// The functions a file names.
struct ElfSymbols {
  std::vector<ElfSection> sections; ///< those in memory, by address
  /// By address; of several names of one address, the first of .symtab, then
  /// of .dynsym.
  std::vector<ElfSymbol> functions;

  /// The function that \p address, as in the file, lies in, or null.
  const ElfSymbol *find(uint64_t address) const;
};

class ElfImage {
public:
  /// Reads and checks the headers of \p fd. \p path is for messages. All errors
  /// are ENOEXEC but for those of reading.
  static Result<ElfImage> read(int fd, const std::string &path);
  static Result<ElfImage> open(const std::string &path);

  ElfType type = ElfType::Exec;
  uint64_t entry = 0;
  uint64_t phdrOffset = 0;
  unsigned phdrCount = 0;
  std::vector<ElfSegment> segments; ///< all, in the file's order
  std::string interpreter;          ///< PT_INTERP, or empty
  /// Whether PT_GNU_STACK asks for an executable stack. Without PT_GNU_STACK
  /// x86-64 has none (Linux since 5.8, arch/x86/include/asm/elf.h).
  bool executableStack = false;
  std::optional<ElfSegment> tls;
  /// The extent of the PT_LOADs, not rounded.
  uint64_t low = 0, high = 0;
  /// The largest p_align of the PT_LOADs.
  uint64_t align = 1;

  bool isDynamic() const { return !interpreter.empty(); }
  std::vector<ElfSegment> loads() const;
  /// Where the program headers are in memory, as in the file; 0 if they are not.
  uint64_t phdrAddress() const;

  /// Reads .symtab and .dynsym of a file that read() accepted. A file without
  /// section headers has none.
  static Result<ElfSymbols> symbols(int fd, const std::string &path);
  static Result<ElfSymbols> symbols(const std::string &path);
};

} // namespace dbt

#endif
