//===- GuestFile.h - An ELF file's code, by address -------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_TOOLS_DBT_LIFT_GUESTFILE_H
#define DBT_TOOLS_DBT_LIFT_GUESTFILE_H

#include "Decode/Cfg.h"
#include "Loader/ElfImage.h"

#include "llvm/Support/MemoryBuffer.h"

#include <memory>

namespace dbt {

/// Code to be lifted: of an ELF file, or bytes given as such.
class GuestFile {
public:
  static Result<GuestFile> open(const std::string &path);
  static GuestFile ofBytes(std::vector<uint8_t> bytes, uint64_t address);

  /// The bytes at \p pc that are executable in the file.
  CodeBytes read(uint64_t pc) const;
  /// DataReader's.
  size_t readData(uint64_t at, void *to, size_t size) const;
  /// [start, end) of executable stretches.
  std::vector<std::pair<uint64_t, uint64_t>> code() const;

  /// Every function that the file tells of, by its symbols, its unwind table and its
  /// entry point, by address; those without a symbol have no name.
  std::vector<ElfSymbol> functions() const;

  ElfSymbols symbols;

private:
  struct Stretch {
    uint64_t start, size;
    const uint8_t *data;
    bool writable; ///< code there may change: its blocks end after a store
    bool executable;
  };
  std::unique_ptr<llvm::MemoryBuffer> file;
  std::vector<uint8_t> given;
  std::vector<Stretch> stretches;
  std::vector<ElfSymbol> unwind;
  uint64_t entry = 0;
};

} // namespace dbt

#endif
