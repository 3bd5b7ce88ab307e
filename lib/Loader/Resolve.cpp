//===- Resolve.cpp - What execve does before the point of no return -------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Loader/Resolve.h"

#include <cctype>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

using namespace dbt;

namespace {

/// How many `#!` lines the kernel follows (exec_binprm).
constexpr unsigned MaxScripts = 5;
/// How much of a file the kernel looks at (BINPRM_BUF_SIZE).
constexpr size_t HeadSize = 256;

Error failure(const std::string &path, int errnum, std::string what = {}) {
  if (what.empty())
    what = errorText(errnum);
  return {"'" + path + "': " + what, errnum};
}

/// Opens a file that execve would accept, whatever it holds.
Result<OwnedFd> openExecutable(const std::string &path) {
  struct stat st;
  // Not by opening first: a FIFO would block.
  if (::stat(path.c_str(), &st))
    return failure(path, errno);
  if (S_ISDIR(st.st_mode))
    return failure(path, EACCES, "is a directory");
  if (!S_ISREG(st.st_mode))
    return failure(path, EACCES, "not a regular file");
  if (::faccessat(AT_FDCWD, path.c_str(), X_OK, AT_EACCESS))
    return failure(path, errno, errno == EACCES ? "not executable (permission denied)" : "");
  OwnedFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0)
    return failure(path, errno,
                   errno == EACCES ? "executable but not readable; dbt must read what it translates"
                                   : "");
  struct statvfs fs;
  if (!::fstatvfs(fd.get(), &fs) && (fs.f_flag & ST_NOEXEC))
    return failure(path, EACCES, "on a file system mounted noexec");
  return fd;
}

bool isBlank(char c) { return c == ' ' || c == '\t'; }

struct ScriptLine {
  std::string interpreter, argument;
  bool hasArgument = false;
};

/// Parses a `#!` line by the kernel's rules (fs/binfmt_script.c): the first line
/// within 255 bytes; a name, then at most one argument, which may hold blanks.
/// An empty interpreter: no usable line.
ScriptLine parseScriptLine(const char (&head)[HeadSize]) {
  const char *begin = head + 2, *limit = head + HeadSize - 1;
  auto skipBlanks = [](const char *p, const char *end) {
    while (p < end && isBlank(*p))
      ++p;
    return p;
  };
  auto terminator = [](const char *p, const char *end) {
    while (p < end && !isBlank(*p) && *p)
      ++p;
    return p;
  };
  auto *end = static_cast<const char *>(memchr(head, '\n', HeadSize));
  if (!end) {
    // Without a blank or NUL behind it, the name itself may be cut.
    const char *name = skipBlanks(begin, limit);
    if (name == limit || terminator(name, limit) == limit)
      return {};
    end = limit;
  }
  while (end > begin && isBlank(end[-1]))
    --end;
  const char *name = skipBlanks(begin, end), *nameEnd = terminator(name, end);
  ScriptLine line;
  line.interpreter.assign(name, nameEnd);
  const char *argument = nameEnd < end && *nameEnd ? skipBlanks(nameEnd, end) : end;
  line.argument.assign(argument, strnlen(argument, end - argument));
  line.hasArgument = argument < end;
  return line;
}

/// The ELF interpreter: below \p prefix, if it is there.
Result<OpenedElf> openInterpreter(const std::string &program, const std::string &name,
                                  const std::string &prefix) {
  OpenedElf result;
  result.path = name;
  if (!prefix.empty() && ::access((prefix + name).c_str(), F_OK) == 0)
    result.path = prefix + name;
  Result<OwnedFd> fd = openExecutable(result.path);
  if (!fd) {
    std::string advice;
    if (fd.error().errnum == ENOENT)
      advice = prefix.empty() ? "; -L DIR looks for it in DIR first"
                              : "; nor is it in '" + prefix + "'";
    return Error{"'" + program + "': its ELF interpreter " + fd.error().message + advice,
                 fd.error().errnum};
  }
  result.fd = std::move(*fd);
  Result<ElfImage> image = ElfImage::read(result.fd.get(), result.path);
  if (!image) {
    // As execve: EIO for what cannot even hold a header.
    struct stat st;
    bool tiny = !::fstat(result.fd.get(), &st) && st.st_size < 64;
    return Error{"'" + program + "': its ELF interpreter " + image.error().message,
                 tiny ? EIO : ELIBBAD};
  }
  result.image = std::move(*image);
  return result;
}

} // namespace

Result<OpenedProgram> dbt::openProgram(const std::string &path,
                                       const std::vector<std::string> &argv,
                                       const std::string &prefix) {
  OpenedProgram result;
  result.program.path = path;
  result.argv = argv;
  if (result.argv.empty())
    result.argv.push_back("");

  for (unsigned scripts = 0;; ++scripts) {
    std::string &file = result.program.path;
    Result<OwnedFd> fd = openExecutable(file);
    if (!fd) {
      if (scripts == 0)
        return fd.error();
      return Error{"'" + path + "': its interpreter " + fd.error().message, fd.error().errnum};
    }
    char head[HeadSize] = {};
    if (::pread(fd->get(), head, sizeof head, 0) < 0)
      return failure(file, errno);
    result.program.fd = std::move(*fd);
    if (head[0] != '#' || head[1] != '!')
      break;
    if (scripts == MaxScripts)
      return failure(path, ELOOP, "too many '#!' interpreters, one run by the next");
    ScriptLine line = parseScriptLine(head);
    if (line.interpreter.empty())
      return failure(file, ENOEXEC, "'#!' line without an interpreter");
    // The script's name takes argv[0]'s place, behind the interpreter's.
    result.argv[0] = file;
    if (line.hasArgument)
      result.argv.insert(result.argv.begin(), line.argument);
    result.argv.insert(result.argv.begin(), line.interpreter);
    file = line.interpreter;
  }

  Result<ElfImage> image = ElfImage::read(result.program.fd.get(), result.program.path);
  if (!image)
    return image.error();
  result.program.image = std::move(*image);
  if (result.program.image.isDynamic()) {
    Result<OpenedElf> interpreter =
        openInterpreter(result.program.path, result.program.image.interpreter, prefix);
    if (!interpreter)
      return interpreter.error();
    result.interpreter = std::move(*interpreter);
  }
  return result;
}

Result<ResolvedProgram> dbt::resolve(const std::string &path, const std::vector<std::string> &argv,
                                     const std::string &prefix) {
  Result<OpenedProgram> opened = openProgram(path, argv, prefix);
  if (!opened)
    return opened.error();
  return ResolvedProgram{opened->program.path, opened->argv, opened->interpreter.path};
}

int dbt::exitStatus(const Error &error) {
  return error.errnum == ENOENT || error.errnum == ENOTDIR ? 127 : 126;
}
