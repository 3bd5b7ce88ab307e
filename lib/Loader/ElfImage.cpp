//===- ElfImage.cpp - Reading ELF files with LIEF -------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// The only file that sees LIEF, and the only one with exceptions on.
//
// LIEF parses eagerly: given a file it copies every segment and section and
// follows the dynamic table, 690 ms for a 90 MB program; and it trusts what it
// follows. So it never sees a file. It is given a small image made for it: the
// program headers without contents, or the section headers with the contents of
// one symbol table. A size whose contents are left out travels in a field that
// LIEF only hands through (p_paddr, sh_entsize); everything that LIEF follows
// lies inside the image by construction, so a corrupt file cannot mislead it.
//===----------------------------------------------------------------------===//

#include "Loader/ElfImage.h"

#include "Loader/AddressSpace.h"

#include <LIEF/ELF.hpp>
#include <LIEF/ELF/Structures.hpp>
#include <LIEF/logging.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace dbt;
namespace elf = LIEF::ELF;

namespace {

using Bytes = std::vector<uint8_t>;

constexpr uint32_t SectionNoBits = 8, SectionSymtab = 2, SectionStrtab = 3, SectionDynsym = 11;
constexpr uint64_t SectionAlloc = 2, SectionExec = 4;
/// What a symbol table and its strings may take. The largest programs known
/// (browsers with symbols) need a quarter of this.
constexpr uint64_t MaxTable = uint64_t(1) << 30;

Error invalid(const std::string &path, const std::string &what) {
  return {"'" + path + "': " + what, ENOEXEC};
}

/// Reads exactly \p size bytes at \p offset.
bool readAt(int fd, void *to, uint64_t size, uint64_t offset) {
  auto *at = static_cast<uint8_t *>(to);
  while (size) {
    ssize_t n = ::pread(fd, at, size, static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return false;
    at += n;
    offset += n;
    size -= n;
  }
  return true;
}

std::string machineName(unsigned machine) {
  switch (machine) {
  case 3: return "x86 (32 bits)";
  case 8: return "MIPS";
  case 20: return "PowerPC";
  case 21: return "PowerPC64";
  case 22: return "S/390";
  case 40: return "ARM";
  case 183: return "AArch64";
  case 243: return "RISC-V";
  case 258: return "LoongArch";
  default: return "machine " + std::to_string(machine);
  }
}

/// The file header, checked. Empty message: fine.
std::string checkHeader(const elf::Elf64_Ehdr &h, uint64_t have, uint64_t fileSize) {
  static const uint8_t Magic[] = {0x7f, 'E', 'L', 'F'};
  if (fileSize == 0)
    return "file is empty";
  if (have < sizeof Magic || memcmp(h.e_ident, Magic, sizeof Magic))
    return "not an ELF file";
  // The class and machine are where they are in 32-bit files, too.
  if (have < 20)
    return "truncated in the ELF header";
  if (h.e_ident[4] == 1)
    return "32-bit ELF file for " + machineName(h.e_machine) +
           "; dbt runs 64-bit x86-64 programs only";
  if (h.e_ident[4] != 2)
    return "unknown ELF class " + std::to_string(h.e_ident[4]);
  if (h.e_ident[5] != 1)
    return "not a little-endian ELF file; dbt runs x86-64 programs only";
  if (h.e_machine != 62)
    return "ELF file for " + machineName(h.e_machine) + "; dbt runs x86-64 programs only";
  if (have < sizeof h)
    return "truncated in the ELF header";
  if (h.e_type == 1)
    return "relocatable object file; link it first";
  if (h.e_type == 4)
    return "core dump, not a program";
  if (h.e_type != 2 && h.e_type != 3)
    return "unknown ELF file type " + std::to_string(h.e_type);
  if (h.e_phnum == 0)
    return "no program headers";
  if (h.e_phentsize != sizeof(elf::Elf64_Phdr))
    return "program headers of " + std::to_string(h.e_phentsize) + " bytes, expected 56";
  uint64_t size = uint64_t(h.e_phnum) * h.e_phentsize;
  if (size > 65536)
    return "too many program headers (" + std::to_string(h.e_phnum) + ")";
  if (h.e_phoff > fileSize || size > fileSize - h.e_phoff)
    return "truncated in the program headers";
  return {};
}

std::string checkLoad(const ElfSegment &s, uint64_t fileSize) {
  if (s.fileSize > s.memSize)
    return "larger in the file than in memory";
  if (s.offset > fileSize || s.fileSize > fileSize - s.offset)
    return "reaches past the end of the file (truncated?)";
  if (s.memSize > TaskSize || s.vaddr > TaskSize - s.memSize)
    return "reaches past the end of the address space";
  if (s.align > 1 && (s.align & (s.align - 1)))
    return "alignment is no power of two";
  if (s.fileSize && (s.offset - s.vaddr) % PageSize)
    return "file offset and address differ within a page";
  return {};
}

/// The PT_LOADs' own checks, and that no two of them overlap. (They may share
/// pages: the later one then has the page, as in the kernel.)
std::string checkLoads(const std::vector<ElfSegment> &segments, uint64_t fileSize) {
  std::vector<const ElfSegment *> loads;
  for (size_t i = 0; i < segments.size(); ++i) {
    const ElfSegment &s = segments[i];
    if (s.type != ElfSegment::Load)
      continue;
    if (std::string what = checkLoad(s, fileSize); !what.empty())
      return "program header " + std::to_string(i) + ": " + what;
    if (s.memSize)
      loads.push_back(&s);
  }
  if (loads.empty())
    return "nothing to load (no PT_LOAD segment)";
  std::sort(loads.begin(), loads.end(),
            [](auto *a, auto *b) { return a->vaddr < b->vaddr; });
  for (size_t i = 1; i < loads.size(); ++i)
    if (loads[i - 1]->memEnd() > loads[i]->vaddr)
      return "overlapping PT_LOAD segments";
  return {};
}

/// A header for an image made for LIEF: clean but for what callers want back.
elf::Elf64_Ehdr cleanHeader(const elf::Elf64_Ehdr &from) {
  elf::Elf64_Ehdr h{};
  static const uint8_t Ident[] = {0x7f, 'E', 'L', 'F', 2, 1, 1};
  memcpy(h.e_ident, Ident, sizeof Ident);
  h.e_type = from.e_type;
  h.e_machine = from.e_machine;
  h.e_version = 1;
  h.e_entry = from.e_entry;
  h.e_ehsize = sizeof(elf::Elf64_Ehdr);
  h.e_phentsize = sizeof(elf::Elf64_Phdr);
  h.e_shentsize = sizeof(elf::Elf64_Shdr);
  return h;
}

void append(Bytes &image, const void *data, size_t size) {
  auto *bytes = static_cast<const uint8_t *>(data);
  image.insert(image.end(), bytes, bytes + size);
}

std::unique_ptr<elf::Binary> parse(const Bytes &image) {
  try {
    LIEF::Logger::disable();
    return elf::Parser::parse(image, "");
  } catch (...) {
    return nullptr;
  }
}

/// What read() has checked of a file.
struct FileHeader {
  elf::Elf64_Ehdr header{};
  uint64_t fileSize = 0;
};

Result<FileHeader> readHeader(int fd, const std::string &path) {
  struct stat st;
  if (::fstat(fd, &st))
    return Error{"'" + path + "': " + errorText(errno), errno};
  if (S_ISDIR(st.st_mode))
    return Error{"'" + path + "': is a directory", EACCES};
  if (!S_ISREG(st.st_mode))
    return Error{"'" + path + "': not a regular file", EACCES};
  FileHeader file;
  file.fileSize = st.st_size;
  uint64_t have = std::min<uint64_t>(file.fileSize, sizeof file.header);
  if (have && !readAt(fd, &file.header, have, 0))
    return Error{"'" + path + "': cannot be read: " + errorText(errno), EIO};
  if (std::string what = checkHeader(file.header, have, file.fileSize); !what.empty())
    return invalid(path, what);
  return file;
}

/// The string of a PT_INTERP with its NUL; empty if it is malformed.
std::string readInterpreter(int fd, const elf::Elf64_Phdr &p, uint64_t fileSize) {
  constexpr uint64_t PathMax = 4096;
  if (p.p_filesz < 2 || p.p_filesz > PathMax || p.p_offset > fileSize ||
      p.p_filesz > fileSize - p.p_offset)
    return {};
  std::string name(p.p_filesz, 0);
  if (!readAt(fd, name.data(), name.size(), p.p_offset) || name.back() != 0 || name[0] == 0)
    return {};
  name.resize(strlen(name.c_str()) + 1);
  return name;
}

} // namespace

Result<ElfImage> ElfImage::open(const std::string &path) {
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return Error{"'" + path + "': " + errorText(errno), errno};
  Result<ElfImage> image = read(fd, path);
  ::close(fd);
  return image;
}

Result<ElfImage> ElfImage::read(int fd, const std::string &path) {
  Result<FileHeader> file = readHeader(fd, path);
  if (!file)
    return file.error();
  const elf::Elf64_Ehdr &header = file->header;
  std::vector<elf::Elf64_Phdr> phdrs(header.e_phnum);
  uint64_t tableSize = phdrs.size() * sizeof(elf::Elf64_Phdr);
  if (!readAt(fd, phdrs.data(), tableSize, header.e_phoff))
    return invalid(path, "truncated in the program headers");

  // The image for LIEF: header, program headers, PT_INTERP's string.
  elf::Elf64_Ehdr clean = cleanHeader(header);
  clean.e_phoff = sizeof clean;
  clean.e_phnum = header.e_phnum;
  std::string interpreter;
  std::vector<uint32_t> types;
  for (elf::Elf64_Phdr &p : phdrs) {
    types.push_back(p.p_type);
    p.p_paddr = p.p_filesz;
    if (p.p_type == ElfSegment::Interp && interpreter.empty()) {
      // As in the kernel, the first one counts.
      interpreter = readInterpreter(fd, p, file->fileSize);
      if (interpreter.empty())
        return invalid(path, "malformed PT_INTERP");
      p.p_offset = sizeof clean + tableSize;
      p.p_filesz = interpreter.size();
      continue;
    }
    p.p_filesz = 0;
    if (p.p_type != ElfSegment::Load)
      p.p_type = 0; // PT_NULL: nothing that LIEF would follow
  }
  Bytes image;
  append(image, &clean, sizeof clean);
  append(image, phdrs.data(), tableSize);
  append(image, interpreter.data(), interpreter.size());

  ElfImage result;
  try {
    std::unique_ptr<elf::Binary> binary = parse(image);
    if (!binary || binary->segments().size() != phdrs.size())
      return invalid(path, "corrupt program headers");
    result.type = binary->header().file_type() == elf::E_TYPE::ET_EXEC ? ElfType::Exec : ElfType::Dyn;
    result.entry = binary->header().entrypoint();
    size_t i = 0;
    for (const elf::Segment &s : binary->segments())
      result.segments.push_back({types[i++], static_cast<uint32_t>(s.flags()), s.file_offset(),
                                 s.virtual_address(), s.physical_address(), s.virtual_size(),
                                 s.alignment()});
    if (!interpreter.empty())
      result.interpreter = binary->interpreter();
  } catch (...) {
    return invalid(path, "corrupt program headers");
  }
  if (std::string what = checkLoads(result.segments, file->fileSize); !what.empty())
    return invalid(path, what);

  result.phdrOffset = header.e_phoff;
  result.phdrCount = header.e_phnum;
  result.low = ~uint64_t(0);
  for (const ElfSegment &s : result.segments) {
    if (s.type == ElfSegment::Load && s.memSize) {
      result.low = std::min(result.low, s.vaddr);
      result.high = std::max(result.high, s.memEnd());
      result.align = std::max(result.align, s.align);
    } else if (s.type == ElfSegment::GnuStack) {
      result.executableStack = s.flags & ElfSegment::Execute;
    } else if (s.type == ElfSegment::Tls) {
      result.tls = s;
    }
  }
  return result;
}

std::vector<ElfSegment> ElfImage::loads() const {
  std::vector<ElfSegment> result;
  for (const ElfSegment &s : segments)
    if (s.type == ElfSegment::Load && s.memSize)
      result.push_back(s);
  return result;
}

uint64_t ElfImage::phdrAddress() const {
  uint64_t address = 0;
  // Of several, the kernel takes the last.
  for (const ElfSegment &s : segments)
    if (s.type == ElfSegment::Load && phdrOffset >= s.offset && phdrOffset < s.offset + s.fileSize)
      address = phdrOffset - s.offset + s.vaddr;
  return address;
}

//===-- Symbols -----------------------------------------------------------===//

namespace {

struct SectionTable {
  std::vector<elf::Elf64_Shdr> headers;
  uint64_t fileSize;
  unsigned names; ///< index of the section names' section
  elf::Elf64_Ehdr header;

  bool readable(unsigned i) const {
    if (i == 0 || i >= headers.size() || headers[i].sh_type == SectionNoBits)
      return false;
    const elf::Elf64_Shdr &s = headers[i];
    return s.sh_size <= MaxTable && s.sh_offset <= fileSize && s.sh_size <= fileSize - s.sh_offset;
  }
};

/// An image for LIEF that has all section headers, and contents only for the
/// names and, unless it is 0, symbol table \p table with its strings.
Bytes sectionImage(int fd, const SectionTable &sections, unsigned table) {
  elf::Elf64_Ehdr header = cleanHeader(sections.header);
  header.e_shoff = sizeof header;
  header.e_shnum = sections.headers.size();
  header.e_shstrndx = sections.names;
  unsigned strings = table ? sections.headers[table].sh_link : 0;

  std::vector<elf::Elf64_Shdr> headers = sections.headers;
  Bytes contents;
  uint64_t base = sizeof header + headers.size() * sizeof(elf::Elf64_Shdr);
  for (unsigned i = 0; i < headers.size(); ++i) {
    elf::Elf64_Shdr &s = headers[i];
    s.sh_entsize = s.sh_size;
    bool keep = i && (i == sections.names || i == table || i == strings) && sections.readable(i);
    uint64_t size = keep ? s.sh_size : 0;
    s.sh_type = i == table && keep ? SectionSymtab : SectionStrtab;
    s.sh_offset = base + contents.size();
    s.sh_link = i == table ? strings : 0;
    s.sh_size = size;
    if (!size)
      continue;
    size_t at = contents.size();
    contents.resize(at + size + 1); // a NUL behind unterminated strings
    if (!readAt(fd, contents.data() + at, size, sections.headers[i].sh_offset))
      std::fill(contents.begin() + at, contents.end(), 0);
  }
  Bytes image;
  append(image, &header, sizeof header);
  append(image, headers.data(), headers.size() * sizeof(elf::Elf64_Shdr));
  append(image, contents.data(), contents.size());
  image.push_back(0);
  return image;
}

std::string textName(const std::string &name) {
  // LIEF fills names up with NULs in some cases.
  return name.c_str();
}

void addFunctions(ElfSymbols &result, const elf::Binary &binary) {
  auto inText = [&](uint64_t address) {
    for (const ElfSection &s : result.sections)
      if (s.executable && address >= s.address && address - s.address < s.size)
        return true;
    return false;
  };
  for (const elf::Symbol &symbol : binary.static_symbols()) {
    unsigned type = static_cast<unsigned>(symbol.type());
    constexpr unsigned NoType = 0, Func = 2, GnuIfunc = 10;
    bool label = type == NoType && symbol.binding() == elf::SYMBOL_BINDINGS::STB_GLOBAL;
    if (symbol.shndx() == 0 || (type != Func && type != GnuIfunc && !label))
      continue;
    std::string name = textName(symbol.name());
    if (!name.empty() && inText(symbol.value()))
      result.functions.push_back({symbol.value(), symbol.size(), std::move(name)});
  }
}

} // namespace

Result<ElfSymbols> ElfImage::symbols(const std::string &path) {
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return Error{"'" + path + "': " + errorText(errno), errno};
  Result<ElfSymbols> result = symbols(fd, path);
  ::close(fd);
  return result;
}

Result<ElfSymbols> ElfImage::symbols(int fd, const std::string &path) {
  Result<FileHeader> file = readHeader(fd, path);
  if (!file)
    return file.error();
  const elf::Elf64_Ehdr &header = file->header;
  ElfSymbols result;
  if (header.e_shoff == 0 || header.e_shnum == 0)
    return result;
  uint64_t tableSize = uint64_t(header.e_shnum) * sizeof(elf::Elf64_Shdr);
  if (header.e_shentsize != sizeof(elf::Elf64_Shdr) || header.e_shoff > file->fileSize ||
      tableSize > file->fileSize - header.e_shoff)
    return invalid(path, "corrupt section headers");
  SectionTable table{std::vector<elf::Elf64_Shdr>(header.e_shnum), file->fileSize, 0, header};
  if (!readAt(fd, table.headers.data(), tableSize, header.e_shoff))
    return invalid(path, "corrupt section headers");
  table.names = table.readable(header.e_shstrndx) ? header.e_shstrndx : 0;

  try {
    std::unique_ptr<elf::Binary> binary = parse(sectionImage(fd, table, 0));
    if (!binary || binary->sections().size() != table.headers.size())
      return invalid(path, "corrupt section headers");
    size_t i = 0;
    for (const elf::Section &s : binary->sections()) {
      const elf::Elf64_Shdr &original = table.headers[i++];
      if (!(original.sh_flags & SectionAlloc) || s.virtual_address() == 0)
        continue;
      result.sections.push_back({textName(s.name()), s.virtual_address(), s.entry_size(),
                                 original.sh_offset, (original.sh_flags & SectionExec) != 0});
    }
    std::sort(result.sections.begin(), result.sections.end(),
              [](auto &a, auto &b) { return a.address < b.address; });
    for (uint32_t type : {SectionSymtab, SectionDynsym})
      for (unsigned t = 1; t < table.headers.size(); ++t)
        if (table.headers[t].sh_type == type && table.readable(t) &&
            table.readable(table.headers[t].sh_link))
          if (auto symbols = parse(sectionImage(fd, table, t)))
            addFunctions(result, *symbols);
  } catch (...) {
    return invalid(path, "corrupt symbol table");
  }
  auto &functions = result.functions;
  std::stable_sort(functions.begin(), functions.end(),
                   [](auto &a, auto &b) { return a.address < b.address; });
  functions.erase(std::unique(functions.begin(), functions.end(),
                              [](auto &a, auto &b) { return a.address == b.address; }),
                  functions.end());
  return result;
}

const ElfSymbol *ElfSymbols::find(uint64_t address) const {
  auto it = std::upper_bound(functions.begin(), functions.end(), address,
                             [](uint64_t a, const ElfSymbol &s) { return a < s.address; });
  if (it == functions.begin())
    return nullptr;
  --it;
  if (it->size ? address - it->address >= it->size : address != it->address)
    return nullptr;
  return &*it;
}
