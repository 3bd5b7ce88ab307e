//===- Stack.cpp - A program's initial stack ------------------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Loader/Stack.h"

#include "Loader/AddressSpace.h"
#include "Loader/HostMemory.h"
#include "Loader/Program.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <elf.h>
#include <sys/random.h>
#include <sys/resource.h>

using namespace dbt;

namespace {

constexpr uint64_t MiB = uint64_t(1) << 20;
/// What an unlimited stack is cut to. It is mapped at once (nothing is
/// committed), so it must end somewhere.
constexpr uint64_t UnlimitedStack = 1024 * MiB;
/// Room for the shortest argument area that execve promises, and as much again.
constexpr uint64_t MinStack = 256 * 1024;
/// What lies unmapped below a stack, as the kernel's stack_guard_gap.
constexpr uint64_t GuardGap = MiB;

uint64_t stackLimit() {
  struct rlimit limit;
  if (::getrlimit(RLIMIT_STACK, &limit) || limit.rlim_cur > UnlimitedStack)
    return UnlimitedStack;
  return limit.rlim_cur;
}

/// Maps the stack where a native program's would be, as near as that goes:
/// below what the host's own stack may grow to. It is a mapping of full size
/// rather than one that grows, so that its extent is known; nothing is
/// committed, and MappingKind::Stack makes it look as the kernel's.
int64_t mapStack(AddressSpace &space, uint64_t size, int prot) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK;
  uint64_t here = reinterpret_cast<uint64_t>(__builtin_frame_address(0));
  uint64_t top = pageDown(here) - pageUp(stackLimit()) - 2 * GuardGap;
  int64_t low = space.map(top - size, size, prot, flags | MAP_FIXED_NOREPLACE, -1, 0);
  if (low == -EEXIST)
    low = space.map(0, size, prot, flags, -1, 0);
  if (low < 0)
    return low;
  space.setKind(low, MappingKind::Stack);
  // Keeps others' mappings at a distance; where something is already, it is.
  host::mmap(low - GuardGap, GuardGap, PROT_NONE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  return low;
}

/// Writes downwards from the top of a mapped stack.
class Pusher {
public:
  explicit Pusher(uint64_t top) : sp(top) {}

  uint64_t bytes(const void *data, size_t size) {
    sp -= size;
    memcpy(reinterpret_cast<void *>(sp), data, size);
    return sp;
  }
  uint64_t string(const std::string &s) { return bytes(s.c_str(), s.size() + 1); }
  /// Strings such that the first is lowest. \returns their addresses.
  std::vector<uint64_t> strings(const std::vector<std::string> &all) {
    std::vector<uint64_t> at(all.size());
    for (size_t i = all.size(); i-- > 0;)
      at[i] = string(all[i]);
    return at;
  }
  void skip(uint64_t size) { sp -= size; }
  void align() { sp &= -uint64_t(16); }

  uint64_t sp;
};

uint64_t stringBytes(const std::vector<std::string> &all) {
  uint64_t size = 0;
  for (const std::string &s : all)
    size += s.size() + 1 + sizeof(uint64_t);
  return size;
}

/// execve's limits: a quarter of the stack, at least 128 KiB, at most 6 MiB...
uint64_t argumentLimit(uint64_t stackSize) {
  return std::clamp(stackSize / 4, MinStack / 2, 6 * MiB);
}

/// ...and 32 pages for one string (MAX_ARG_STRLEN).
bool anyTooLong(const std::vector<std::string> &all) {
  return std::any_of(all.begin(), all.end(),
                     [](const std::string &s) { return s.size() >= 32 * PageSize; });
}

/// The auxiliary vector in the kernel's order. On purpose without
/// AT_SYSINFO_EHDR (the host's vDSO is not the guest's to run: libc falls back
/// to system calls) and AT_RSEQ_* (restartable sequences are refused).
std::vector<uint64_t> auxv(const StackRequest &r, uint64_t random, uint64_t platform,
                           uint64_t execFn) {
  return {
      AT_MINSIGSTKSZ, r.minSigStack,
      AT_HWCAP,       r.hwcap,
      AT_PAGESZ,      PageSize,
      AT_CLKTCK,      static_cast<uint64_t>(::sysconf(_SC_CLK_TCK)),
      AT_PHDR,        r.phdr,
      AT_PHENT,       sizeof(Elf64_Phdr),
      AT_PHNUM,       r.phdrCount,
      AT_BASE,        r.base,
      AT_FLAGS,       0,
      AT_ENTRY,       r.entry,
      AT_UID,         ::getuid(),
      AT_EUID,        ::geteuid(),
      AT_GID,         ::getgid(),
      AT_EGID,        ::getegid(),
      AT_SECURE,      0,
      AT_RANDOM,      random,
      AT_HWCAP2,      r.hwcap2,
      AT_EXECFN,      execFn,
      AT_PLATFORM,    platform,
      AT_NULL,        0,
  };
}

} // namespace

Result<bool> dbt::buildStack(AddressSpace &space, const StackRequest &request,
                             ProgramLayout &layout) {
  const std::vector<std::string> &argv = *request.argv, &envp = *request.envp;
  uint64_t size = pageUp(request.size ? request.size : stackLimit());
  size = std::max(size, MinStack);
  uint64_t arguments = stringBytes(argv) + stringBytes(envp);
  if (arguments > argumentLimit(size) || anyTooLong(argv) || anyTooLong(envp))
    return Error{"argument list too long: " + std::to_string(arguments) +
                     " bytes with a stack of " + std::to_string(size) + " bytes",
                 E2BIG};

  int prot = PROT_READ | PROT_WRITE | (request.executable ? PROT_EXEC : 0);
  int64_t low = mapStack(space, size, prot);
  if (low < 0)
    return Error{"cannot map a stack of " + std::to_string(size) + " bytes: " +
                     strerror(static_cast<int>(-low)),
                 static_cast<int>(-low)};
  layout.stackLow = low;
  layout.stackHigh = low + size;

  struct {
    uint8_t bytes[16];
    uint16_t offset;
  } random;
  if (::getrandom(&random, sizeof random, 0) != sizeof random)
    return Error{std::string("cannot get random bytes: ") + strerror(errno), errno};

  Pusher push(layout.stackHigh);
  push.skip(sizeof(uint64_t));
  uint64_t execFn = push.string(request.execFn);
  layout.envEnd = execFn;
  std::vector<uint64_t> env = push.strings(envp);
  layout.envStart = layout.argEnd = push.sp;
  std::vector<uint64_t> args = push.strings(argv);
  layout.argStart = push.sp;
  if (request.randomize)
    push.skip(random.offset % 8192);
  push.align();
  uint64_t platform = push.string("x86_64");
  uint64_t randomAt = push.bytes(random.bytes, sizeof random.bytes);

  std::vector<uint64_t> table{argv.size()};
  table.insert(table.end(), args.begin(), args.end());
  table.push_back(0);
  table.insert(table.end(), env.begin(), env.end());
  table.push_back(0);
  size_t auxvAt = table.size();
  std::vector<uint64_t> aux = auxv(request, randomAt, platform, execFn);
  table.insert(table.end(), aux.begin(), aux.end());

  push.skip(table.size() * sizeof(uint64_t));
  push.align();
  memcpy(reinterpret_cast<void *>(push.sp), table.data(), table.size() * sizeof(uint64_t));
  layout.startStack = push.sp;
  layout.auxvStart = push.sp + auxvAt * sizeof(uint64_t);
  layout.auxvEnd = push.sp + table.size() * sizeof(uint64_t);
  return true;
}
