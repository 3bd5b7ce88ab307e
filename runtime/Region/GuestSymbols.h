//===- GuestSymbols.h - Names for guest addresses ---------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_REGION_GUESTSYMBOLS_H
#define DBT_REGION_GUESTSYMBOLS_H

#include "Loader/ElfImage.h"

#include <map>
#include <string>

namespace dbt {

/// Where a guest address is, as the file that is mapped there has it.
struct GuestPlace {
  std::string name; ///< function, function+0xoffset, or file+0xaddress
  std::string file; ///< its path; of other memory "guest"
  uint64_t bias;    ///< the guest address less the file's own
};

/// Reads the symbols of mapped ELF files as they are asked for. Used by one thread at
/// a time.
class GuestSymbols {
public:
  GuestPlace find(uint64_t pc);

private:
  struct File {
    std::vector<ElfSegment> loads;
    ElfSymbols symbols;
  };
  const File &file(const std::string &path);

  std::map<std::string, File> files;
};

} // namespace dbt

#endif
