//===- Resolve.h - Opened programs, between resolve and load ----*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// Inside lib/Loader only: what resolve() finds, with the files still open, so
// that load() maps the very files that were checked.
//===----------------------------------------------------------------------===//
#ifndef DBT_LOADER_RESOLVE_H
#define DBT_LOADER_RESOLVE_H

#include "Loader/ElfImage.h"
#include "Loader/Program.h"

#include <unistd.h>
#include <utility>

namespace dbt {

class OwnedFd {
public:
  explicit OwnedFd(int fd = -1) : fd(fd) {}
  OwnedFd(OwnedFd &&other) : fd(std::exchange(other.fd, -1)) {}
  OwnedFd &operator=(OwnedFd &&other) {
    std::swap(fd, other.fd);
    return *this;
  }
  ~OwnedFd() {
    if (fd >= 0)
      ::close(fd);
  }
  int get() const { return fd; }

private:
  int fd;
};

struct OpenedElf {
  std::string path;
  OwnedFd fd;
  ElfImage image;
};

struct OpenedProgram {
  OpenedElf program;
  OpenedElf interpreter; ///< if program.image.isDynamic()
  std::vector<std::string> argv;
};

Result<OpenedProgram> openProgram(const std::string &path, const std::vector<std::string> &argv,
                                  const std::string &prefix);

} // namespace dbt

#endif
