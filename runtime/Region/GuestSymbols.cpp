//===- GuestSymbols.cpp - Names for guest addresses -----------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Region/GuestSymbols.h"

#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <optional>

namespace dbt {

namespace {

struct Mapping {
  uint64_t start, offset;
  std::string path;
};

/// Guest addresses are the host's, and guest files are mapped as such.
std::optional<Mapping> mappingAt(uint64_t pc) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    uint64_t start, end, offset;
    int path = 0;
    if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %*s %" SCNx64 " %*s %*s %n", &start, &end, &offset, &path) < 3)
      continue;
    if (pc < start || pc >= end)
      continue;
    if (path == 0 || line[static_cast<size_t>(path)] != '/')
      return std::nullopt;
    return Mapping{start, offset, line.substr(static_cast<size_t>(path))};
  }
  return std::nullopt;
}

std::string plus(const std::string &name, uint64_t offset) {
  char text[24];
  std::snprintf(text, sizeof text, "+0x%" PRIx64, offset);
  return offset ? name + text : name;
}

} // namespace

/// Of a file that is no ELF file, or is gone, nothing is known.
const GuestSymbols::File &GuestSymbols::file(const std::string &path) {
  auto [it, isNew] = files.try_emplace(path);
  if (isNew) {
    if (Result<ElfImage> image = ElfImage::open(path))
      it->second.loads = image->loads();
    if (Result<ElfSymbols> symbols = ElfImage::symbols(path))
      it->second.symbols = std::move(*symbols);
  }
  return it->second;
}

GuestPlace GuestSymbols::find(uint64_t pc) {
  const std::optional<Mapping> mapping = mappingAt(pc);
  if (!mapping)
    return {plus("guest", pc), "guest", 0};
  const File &known = file(mapping->path);
  uint64_t address = pc - mapping->start + mapping->offset; // in the file
  for (const ElfSegment &load : known.loads)
    if (load.flags & ElfSegment::Execute && address >= load.offset && address < load.offset + load.fileSize) {
      address += load.vaddr - load.offset;
      break;
    }
  const uint64_t bias = pc - address;
  if (const ElfSymbol *symbol = known.symbols.find(address))
    return {plus(symbol->name, address - symbol->address), mapping->path, bias};
  return {plus(mapping->path.substr(mapping->path.rfind('/') + 1), address), mapping->path, bias};
}

} // namespace dbt
