//===- Program.cpp - Mapping a program as execve does ---------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Follows the kernel's load_elf_binary, so that addresses are those a native
// run has (under `setarch -R`) or could have. Start reading at load().
//===----------------------------------------------------------------------===//

#include "Loader/Program.h"

#include "Guest/CpuState.h"
#include "Loader/AddressSpace.h"
#include "Loader/HostMemory.h"
#include "Loader/Resolve.h"
#include "Loader/Stack.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sys/personality.h>
#include <sys/random.h>

using namespace dbt;

namespace {

/// Where the kernel puts a PIE that has an interpreter (ELF_ET_DYN_BASE): two
/// thirds up.
constexpr uint64_t PieBase = pageDown(TaskSize / 3 * 2);
/// How far it may be moved up from there, in pages (vm.mmap_rnd_bits' default).
constexpr uint64_t PieRandomPages = uint64_t(1) << 28;
/// How far the break may be moved up from the image (arch_randomize_brk).
constexpr uint64_t BrkRandomPages = (uint64_t(32) << 20) / PageSize;

/// randomize_va_space's levels.
enum class Randomize { None, NoBrk, All };

Randomize randomization() {
  if (::personality(0xffffffff) & ADDR_NO_RANDOMIZE)
    return Randomize::None;
  std::string level = host::readAll("/proc/sys/kernel/randomize_va_space");
  if (level.starts_with("0"))
    return Randomize::None;
  return level.starts_with("1") ? Randomize::NoBrk : Randomize::All;
}

uint64_t randomPages(uint64_t below) {
  uint64_t value = 0;
  // Without entropy programs load where they do without randomisation.
  if (::getrandom(&value, sizeof value, GRND_NONBLOCK) != sizeof value)
    return 0;
  return value % below * PageSize;
}

int segmentProt(const ElfSegment &s) {
  return (s.flags & ElfSegment::Read ? PROT_READ : 0) |
         (s.flags & ElfSegment::Write ? PROT_WRITE : 0) |
         (s.flags & ElfSegment::Execute ? PROT_EXEC : 0);
}

Error mapError(const OpenedElf &file, const char *what, int64_t result) {
  return {"'" + file.path + "': cannot map " + what + ": " + strerror(static_cast<int>(-result)),
          static_cast<int>(-result)};
}

/// Loads one ELF file.
class Mapper {
public:
  Mapper(AddressSpace &space, const OpenedElf &file)
      : space(space), file(file), image(file.image), low(pageDown(image.low)),
        span(pageUp(image.high) - low) {}

  /// Reserves the whole image at \p start, or anywhere if that is 0.
  int64_t reserve(uint64_t start);
  Result<LoadedImage> map(uint64_t start);

private:
  int64_t mapSegment(const ElfSegment &s, uint64_t bias);
  int64_t unmapHoles(uint64_t bias);

  AddressSpace &space;
  const OpenedElf &file;
  const ElfImage &image;
  uint64_t low, span;
};

int64_t Mapper::reserve(uint64_t start) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  if (start)
    return space.map(start, span, PROT_NONE, flags | MAP_FIXED_NOREPLACE, -1, 0);
  if (image.align <= PageSize)
    return space.map(0, span, PROT_NONE, flags, -1, 0);
  // More than needed, then cut to what is aligned.
  uint64_t slack = image.align;
  if (slack > TaskSize || span > TaskSize - slack)
    return -ENOMEM;
  int64_t wide = space.map(0, span + slack, PROT_NONE, flags, -1, 0);
  if (wide < 0)
    return wide;
  uint64_t at = wide, aligned = ((at + slack - 1) & -slack) + (low & (slack - 1));
  if (aligned + span > at + span + slack)
    aligned -= slack;
  if (aligned > at)
    space.unmap(at, aligned - at);
  if (uint64_t tail = at + slack - aligned)
    space.unmap(aligned + span, tail);
  return aligned;
}

int64_t Mapper::mapSegment(const ElfSegment &s, uint64_t bias) {
  uint64_t start = pageDown(s.vaddr + bias), fileEnd = s.fileEnd() + bias;
  int prot = segmentProt(s);
  if (s.fileSize) {
    int64_t result = space.map(start, pageUp(fileEnd) - start, prot, MAP_PRIVATE | MAP_FIXED,
                               file.fd.get(), pageDown(s.offset));
    if (result < 0)
      return result;
  }
  if (s.memSize == s.fileSize)
    return 0;
  // The rest of the file's last page is zeroed if the segment can be written.
  uint64_t zero = s.fileSize ? pageUp(fileEnd) : start;
  if (s.fileSize && (prot & PROT_WRITE))
    memset(reinterpret_cast<void *>(fileEnd), 0, zero - fileEnd);
  uint64_t end = pageUp(s.memEnd() + bias);
  if (end == zero)
    return 0;
  // As the kernel's vm_brk_flags: whole pages of bss are always writable.
  return space.map(zero, end - zero, PROT_READ | PROT_WRITE | (prot & PROT_EXEC),
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

int64_t Mapper::unmapHoles(uint64_t bias) {
  std::vector<ElfSegment> loads = image.loads();
  std::sort(loads.begin(), loads.end(), [](auto &a, auto &b) { return a.vaddr < b.vaddr; });
  uint64_t at = low + bias;
  for (const ElfSegment &s : loads) {
    uint64_t start = pageDown(s.vaddr + bias);
    if (start > at)
      if (int64_t result = space.unmap(at, start - at); result < 0)
        return result;
    at = std::max(at, pageUp(s.memEnd() + bias));
  }
  return 0;
}

Result<LoadedImage> Mapper::map(uint64_t start) {
  uint64_t bias = start - low;
  for (const ElfSegment &s : image.loads())
    if (int64_t result = mapSegment(s, bias); result < 0)
      return mapError(file, "a segment", result);
  if (int64_t result = unmapHoles(bias); result < 0)
    return mapError(file, "the image", result);
  LoadedImage loaded;
  char link[32], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file.fd.get());
  ssize_t n = ::readlink(link, path, sizeof path);
  loaded.path = n > 0 ? std::string(path, n) : file.path;
  loaded.bias = bias;
  loaded.start = start;
  loaded.end = start + span;
  return loaded;
}

Result<LoadedImage> mapProgram(AddressSpace &space, const OpenedElf &file, Randomize randomize) {
  Mapper mapper(space, file);
  const ElfImage &image = file.image;
  int64_t start;
  if (image.type == ElfType::Exec) {
    start = mapper.reserve(pageDown(image.low));
    if (start == -EEXIST || start == -EPERM)
      return mapError(file, "the image at its fixed address", start);
  } else if (!image.isDynamic()) {
    // A static PIE is placed as an interpreter is.
    start = mapper.reserve(0);
  } else {
    start = -EEXIST;
    for (int tries = 0; start == -EEXIST && tries < 8; ++tries) {
      uint64_t base = PieBase;
      if (randomize != Randomize::None)
        base += randomPages(PieRandomPages);
      // The first segment lies there, whatever its address in the file.
      start = mapper.reserve(pageDown(base & -image.align));
    }
    if (start == -EEXIST)
      start = mapper.reserve(0);
  }
  if (start < 0)
    return mapError(file, "the image", start);
  return mapper.map(start);
}

Result<LoadedImage> mapInterpreter(AddressSpace &space, const OpenedElf &file) {
  Mapper mapper(space, file);
  bool fixed = file.image.type == ElfType::Exec;
  int64_t start = mapper.reserve(fixed ? pageDown(file.image.low) : 0);
  if (start < 0)
    return mapError(file, "the image", start);
  return mapper.map(start);
}

uint64_t brkStart(const ElfImage &image, const LoadedImage &loaded, Randomize randomize) {
  uint64_t start = loaded.end;
  // Behind a static PIE, among the libraries, there is no room to grow.
  if (image.type == ElfType::Dyn && !image.isDynamic())
    start = PieBase;
  if (randomize == Randomize::All)
    start += randomPages(BrkRandomPages);
  return start;
}

/// mm_struct's code and data extents, by load_elf_binary's rules.
void setExtents(ProgramLayout &layout, const ElfImage &image, uint64_t bias) {
  layout.startCode = ~uint64_t(0);
  for (const ElfSegment &s : image.loads()) {
    if (s.flags & ElfSegment::Execute) {
      layout.startCode = std::min(layout.startCode, s.vaddr + bias);
      layout.endCode = std::max(layout.endCode, s.fileEnd() + bias);
    }
    layout.startData = std::max(layout.startData, s.vaddr + bias);
    layout.endData = std::max(layout.endData, s.fileEnd() + bias);
  }
  if (layout.startCode > layout.endCode)
    layout.startCode = layout.endCode;
}

} // namespace

Result<LoadedProgram> dbt::load(AddressSpace &space, const LoadRequest &request) {
  Result<OpenedProgram> opened = openProgram(request.path, request.argv, request.prefix);
  if (!opened)
    return opened.error();
  const ElfImage &image = opened->program.image;
  Randomize randomize = randomization();

  LoadedProgram program;
  Result<LoadedImage> main = mapProgram(space, opened->program, randomize);
  if (!main)
    return main.error();
  program.argv = opened->argv;
  program.exePath = main->path;
  program.programBias = main->bias;
  program.programEntry = program.entry = image.entry + main->bias;
  setExtents(program.layout, image, main->bias);
  program.layout.startBrk = brkStart(image, *main, randomize);
  space.setBrk(program.layout.startBrk);
  program.images.push_back(*main);

  if (image.isDynamic()) {
    Result<LoadedImage> interpreter = mapInterpreter(space, opened->interpreter);
    if (!interpreter)
      return interpreter.error();
    program.interpreterBias = interpreter->bias;
    program.entry = opened->interpreter.image.entry + interpreter->bias;
    program.images.push_back(*interpreter);
  }

  StackRequest stack;
  stack.size = request.stackSize;
  stack.executable = image.executableStack;
  stack.randomize = randomize != Randomize::None;
  stack.argv = &program.argv;
  stack.envp = &request.envp;
  stack.execFn = request.path;
  uint64_t phdr = image.phdrAddress();
  stack.phdr = phdr ? phdr + main->bias : 0;
  stack.phdrCount = image.phdrCount;
  stack.base = program.interpreterBias;
  stack.entry = program.programEntry;
  stack.hwcap = request.hwcap;
  stack.hwcap2 = request.hwcap2;
  stack.minSigStack = request.minSigStack;
  Result<bool> built = buildStack(space, stack, program.layout);
  if (!built)
    return built.error();
  program.stackPointer = program.layout.startStack;
  return program;
}

void dbt::setInitialState(CpuState &cpu, const LoadedProgram &program) {
  memset(cpu.gpr, 0, sizeof cpu.gpr);
  memset(cpu.xmm, 0, sizeof cpu.xmm);
  memset(cpu.ymmHigh, 0, sizeof cpu.ymmHigh);
  cpu.x87 = {};
  cpu.x87.control = 0x37f;
  cpu.mxcsr = 0x1f80;
  cpu.flags = {flagOp(FlagKind::Literal, 64), 0, 0};
  cpu.otherFlags = 0;
  cpu.df = 0;
  cpu.fsBase = cpu.gsBase = 0;
  cpu.reg(Reg::Rsp) = program.stackPointer;
  cpu.rip = program.entry;
}
