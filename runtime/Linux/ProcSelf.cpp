//===- ProcSelf.cpp - The guest's view of /proc/self ----------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Linux/ProcSelf.h"

#include "Abi/SafeSyscall.h"
#include "Linux/GuestMemory.h"
#include "Linux/ProcessState.h"
#include "Loader/AddressSpace.h"

#include <algorithm>
#include <charconv>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace dbt {

namespace {

/// Takes the first component that is not "." off \p path, and the slashes before it.
std::string_view takeComponent(std::string_view &path) {
  std::string_view component;
  do {
    path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
    size_t end = std::min(path.find('/'), path.size());
    component = path.substr(0, end);
    path.remove_prefix(end);
  } while (component == ".");
  return component;
}

bool isNumber(std::string_view text, int &number) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

/// Threads of this process have their entry in /proc/self/task.
bool isOwnThread(int tid) {
  return tid > 0 && !rawSyscall(SYS_tgkill, getpid(), tid, 0);
}

bool isOwnDirectory(std::string_view name) {
  int id;
  return name == "self" || name == "thread-self" ||
         (isNumber(name, id) && (id == getpid() || isOwnThread(id)));
}

std::string readHostFile(const std::string &path) {
  std::string content;
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return content;
  char chunk[4096];
  for (ssize_t got; (got = read(fd, chunk, sizeof chunk)) > 0;)
    content.append(chunk, got);
  close(fd);
  return content;
}

/// The bytes are the guest's memory as it is now: a program that writes over
/// its arguments (a process title) shows in the file.
std::string guestBytes(uint64_t start, uint64_t end) {
  std::string bytes(end - start, '\0');
  bytes.resize(readGuestPrefix(bytes.data(), start, bytes.size()));
  return bytes;
}

/// proc(5): fields are numbered from one, the second is "(comm)".
std::string guestStat(const std::string &path) {
  std::string host = readHostFile(path);
  size_t at = host.rfind(')');
  if (at == std::string::npos)
    return host;
  const ProgramLayout &layout = process().layout;
  struct { int field; uint64_t value; } replaced[] = {
      {26, layout.startCode}, {27, layout.endCode}, {28, layout.startStack}, {45, layout.startData},
      {46, layout.endData}, {47, layout.startBrk}, {48, layout.argStart}, {49, layout.argEnd},
      {50, layout.envStart}, {51, layout.envEnd}};
  std::string stat = host.substr(0, at + 1);
  std::string_view rest = std::string_view(host).substr(at + 1);
  int field = 3;
  while (!rest.empty() && rest[0] == ' ') {
    size_t end = std::min(rest.find_first_of(" \n", 1), rest.size());
    std::string text(rest.substr(1, end - 1));
    for (auto &r : replaced)
      if (r.field == field && text != "0") // what one may not see is zero
        text = std::to_string(r.value);
    stat += ' ' + text;
    rest.remove_prefix(end);
    ++field;
  }
  return stat.append(rest);
}

} // namespace

ProcFile procFile(std::string_view path) {
  if (!path.starts_with('/') || takeComponent(path) != "proc")
    return ProcFile::None;
  if (!isOwnDirectory(takeComponent(path)))
    return ProcFile::None;
  std::string_view name = takeComponent(path);
  if (name == "task") {
    int tid;
    if (!isNumber(takeComponent(path), tid) || !isOwnThread(tid))
      return ProcFile::None;
    name = takeComponent(path);
  }
  if (!path.empty())
    return ProcFile::None;
  static constexpr struct { std::string_view name; ProcFile file; } files[] = {
      {"exe", ProcFile::Exe}, {"maps", ProcFile::Maps}, {"cmdline", ProcFile::Cmdline},
      {"environ", ProcFile::Environ}, {"auxv", ProcFile::Auxv}, {"stat", ProcFile::Stat}};
  for (auto &file : files)
    if (file.name == name)
      return file.file;
  return ProcFile::None;
}

std::string procContent(ProcFile file, const std::string &path) {
  const ProgramLayout &layout = process().layout;
  switch (file) {
  case ProcFile::Maps: return process().space->mapsText();
  case ProcFile::Cmdline: return guestBytes(layout.argStart, layout.argEnd);
  case ProcFile::Environ: return guestBytes(layout.envStart, layout.envEnd);
  case ProcFile::Auxv: return guestBytes(layout.auxvStart, layout.auxvEnd);
  case ProcFile::Stat: return guestStat(path);
  case ProcFile::Exe:
  case ProcFile::None: break;
  }
  __builtin_unreachable();
}

std::string throughProcExe(std::string path) {
  return procFile(path) == ProcFile::Exe ? process().exePath : path;
}

} // namespace dbt
