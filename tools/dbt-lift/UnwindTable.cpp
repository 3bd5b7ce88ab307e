//===- UnwindTable.cpp - Functions that have no names ---------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "UnwindTable.h"

#include <algorithm>
#include <cstring>

namespace dbt {

namespace {

/// DW_EH_PE_pcrel | sdata4.
constexpr uint8_t PcrelSdata4 = 0x1b;

/// What begins .eh_frame_hdr.
struct Header {
  uint8_t version, frameEncoding, countEncoding, tableEncoding;
  int32_t frames; ///< .eh_frame, from this field on
};

/// What begins an entry of .eh_frame; a description's addresses are taken to be encoded
/// as PcrelSdata4, which all compilers do on x86-64.
struct Entry {
  uint32_t length;
  uint32_t cie; ///< 0: the entry is common to several descriptions
  int32_t begin;
  uint32_t size;
};

class Memory {
public:
  Memory(const ElfImage &image, std::span<const uint8_t> file) : loads(image.loads()), file(file) {}

  /// False: the file has no such bytes.
  template <class T> bool read(uint64_t address, T &value) const {
    for (const ElfSegment &s : loads) {
      if (address < s.vaddr || address - s.vaddr >= s.fileSize || s.fileSize - (address - s.vaddr) < sizeof value)
        continue;
      const uint64_t at = s.offset + (address - s.vaddr);
      if (at > file.size() || file.size() - at < sizeof value)
        return false;
      std::memcpy(&value, file.data() + at, sizeof value);
      return true;
    }
    return false;
  }

private:
  std::vector<ElfSegment> loads;
  std::span<const uint8_t> file;
};

/// Where .eh_frame is, or 0. A static program has no header for it.
uint64_t findFrames(const ElfImage &image, const ElfSymbols &symbols, const Memory &memory) {
  Header header;
  for (const ElfSegment &s : image.segments)
    if (s.type == ElfSegment::GnuEhFrame && memory.read(s.vaddr, header) && header.version == 1 &&
        header.frameEncoding == PcrelSdata4)
      return s.vaddr + offsetof(Header, frames) + static_cast<uint64_t>(int64_t(header.frames));
  for (const ElfSection &section : symbols.sections)
    if (section.name == ".eh_frame")
      return section.address;
  return 0;
}

} // namespace

std::vector<ElfSymbol> unwindFunctions(const ElfImage &image, const ElfSymbols &symbols, std::span<const uint8_t> file) {
  std::vector<ElfSymbol> functions;
  const Memory memory(image, file);
  constexpr uint32_t Longer = 0xffffffff; // a 64-bit length follows; nobody writes that
  Entry entry;
  for (uint64_t at = findFrames(image, symbols, memory); at && memory.read(at, entry);
       at += sizeof entry.length + entry.length) {
    if (entry.length == 0 || entry.length == Longer)
      break;
    if (entry.cie)
      functions.push_back({at + offsetof(Entry, begin) + static_cast<uint64_t>(int64_t(entry.begin)), entry.size, ""});
  }
  std::sort(functions.begin(), functions.end(), [](auto &a, auto &b) { return a.address < b.address; });
  return functions;
}

} // namespace dbt
