//===- GuestFile.cpp - An ELF file's code, by address ---------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "GuestFile.h"

#include "UnwindTable.h"

#include <algorithm>
#include <cstring>

namespace dbt {

Result<GuestFile> GuestFile::open(const std::string &path) {
  Result<ElfImage> image = ElfImage::open(path);
  if (!image)
    return image.error();
  GuestFile guest;
  auto buffer = llvm::MemoryBuffer::getFile(path, false, false);
  if (!buffer)
    return Error{"'" + path + "': " + buffer.getError().message()};
  guest.file = std::move(*buffer);
  auto *data = reinterpret_cast<const uint8_t *>(guest.file->getBufferStart());
  for (const ElfSegment &s : image->loads())
    guest.stretches.push_back({s.vaddr, s.fileSize, data + s.offset, (s.flags & ElfSegment::Write) != 0,
                               (s.flags & ElfSegment::Execute) != 0});
  if (Result<ElfSymbols> symbols = ElfImage::symbols(path))
    guest.symbols = std::move(*symbols);
  guest.unwind = unwindFunctions(*image, guest.symbols, {data, guest.file->getBufferSize()});
  guest.entry = image->entry;
  return guest;
}

GuestFile GuestFile::ofBytes(std::vector<uint8_t> bytes, uint64_t address) {
  GuestFile guest;
  guest.given = std::move(bytes);
  guest.stretches.push_back({address, guest.given.size(), guest.given.data(), false, true});
  return guest;
}

std::vector<ElfSymbol> GuestFile::functions() const {
  std::vector<ElfSymbol> all;
  std::merge(symbols.functions.begin(), symbols.functions.end(), unwind.begin(), unwind.end(), std::back_inserter(all),
             [](const ElfSymbol &a, const ElfSymbol &b) { return a.address < b.address; });
  // Where both know a function the symbol comes first.
  all.erase(std::unique(all.begin(), all.end(),
                        [](const ElfSymbol &a, const ElfSymbol &b) { return a.address == b.address; }),
            all.end());
  auto at = std::lower_bound(all.begin(), all.end(), entry,
                             [](const ElfSymbol &s, uint64_t address) { return s.address < address; });
  if (entry && (at == all.end() || at->address != entry))
    all.insert(at, {entry, 0, ""});
  std::erase_if(all, [this](const ElfSymbol &s) { return !read(s.address).size; });
  return all;
}

CodeBytes GuestFile::read(uint64_t pc) const {
  for (const Stretch &s : stretches)
    if (s.executable && pc >= s.start && pc < s.start + s.size)
      return {s.data + (pc - s.start), s.size - (pc - s.start), s.writable};
  return {nullptr, 0, false};
}

size_t GuestFile::readData(uint64_t at, void *to, size_t size) const {
  for (const Stretch &s : stretches)
    if (at >= s.start && at < s.start + s.size) {
      size = std::min<uint64_t>(size, s.start + s.size - at);
      std::memcpy(to, s.data + (at - s.start), size);
      return size;
    }
  return 0;
}

std::vector<std::pair<uint64_t, uint64_t>> GuestFile::code() const {
  // Sections say more exactly than segments what is code.
  std::vector<std::pair<uint64_t, uint64_t>> result;
  for (const ElfSection &section : symbols.sections)
    if (section.executable)
      result.emplace_back(section.address, section.address + section.size);
  if (result.empty())
    for (const Stretch &s : stretches)
      if (s.executable)
        result.emplace_back(s.start, s.start + s.size);
  return result;
}

} // namespace dbt
