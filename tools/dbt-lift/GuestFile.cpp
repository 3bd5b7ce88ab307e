//===- GuestFile.cpp - An ELF file's code, by address ---------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "GuestFile.h"

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
    if (s.flags & ElfSegment::Execute)
      guest.stretches.push_back({s.vaddr, s.fileSize, data + s.offset, (s.flags & ElfSegment::Write) != 0});
  if (Result<ElfSymbols> symbols = ElfImage::symbols(path))
    guest.symbols = std::move(*symbols);
  return guest;
}

GuestFile GuestFile::ofBytes(std::vector<uint8_t> bytes, uint64_t address) {
  GuestFile guest;
  guest.given = std::move(bytes);
  guest.stretches.push_back({address, guest.given.size(), guest.given.data(), false});
  return guest;
}

CodeBytes GuestFile::read(uint64_t pc) const {
  for (const Stretch &s : stretches)
    if (pc >= s.start && pc < s.start + s.size)
      return {s.data + (pc - s.start), s.size - (pc - s.start), s.writable};
  return {nullptr, 0, false};
}

std::vector<std::pair<uint64_t, uint64_t>> GuestFile::code() const {
  // Sections say more exactly than segments what is code.
  std::vector<std::pair<uint64_t, uint64_t>> result;
  for (const ElfSection &section : symbols.sections)
    if (section.executable)
      result.emplace_back(section.address, section.address + section.size);
  if (result.empty())
    for (const Stretch &s : stretches)
      result.emplace_back(s.start, s.start + s.size);
  return result;
}

} // namespace dbt
