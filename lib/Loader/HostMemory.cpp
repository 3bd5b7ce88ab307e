//===- HostMemory.cpp - What the host says of its memory ------------------===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Loader/HostMemory.h"

#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string_view>

using namespace dbt;

std::string host::readAll(const char *path) {
  std::string text;
  int fd = ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return text;
  char buffer[16384];
  ssize_t n;
  while ((n = ::read(fd, buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR))
    if (n > 0)
      text.append(buffer, n);
  ::close(fd);
  return text;
}

uint64_t host::hugePageSize() {
  std::string text = readAll("/proc/meminfo");
  size_t at = text.find("Hugepagesize:");
  uint64_t kib = at == std::string::npos ? 0 : strtoull(text.c_str() + at + 13, nullptr, 10);
  return kib ? kib * 1024 : uint64_t(2) << 20;
}

uint64_t host::maxMappings() {
  static const uint64_t limit = [] {
    constexpr uint64_t Usual = 65530;
    const uint64_t read = strtoull(readAll("/proc/sys/vm/max_map_count").c_str(), nullptr, 10);
    return read ? read : Usual;
  }();
  return limit;
}

std::vector<host::HostMapping> host::hostMappings() {
  std::vector<HostMapping> result;
  std::string text = readAll("/proc/self/maps");
  std::string_view rest = text;
  while (!rest.empty()) {
    size_t eol = rest.find('\n');
    std::string line(rest.substr(0, eol));
    rest.remove_prefix(eol == std::string_view::npos ? rest.size() : eol + 1);
    // start-end perms offset device inode [spaces name]
    HostMapping m;
    char *p = nullptr;
    m.start = strtoull(line.c_str(), &p, 16);
    if (*p != '-')
      continue;
    m.end = strtoull(p + 1, &p, 16);
    size_t at = p - line.c_str();
    std::string fields[4];
    for (std::string &field : fields) {
      at = line.find_first_not_of(' ', at);
      size_t end = at == std::string::npos ? at : line.find(' ', at);
      field = at == std::string::npos ? "" : line.substr(at, end - at);
      at = end;
    }
    m.device = fields[2];
    m.inode = fields[3];
    at = line.find_first_not_of(' ', at);
    if (at != std::string::npos)
      m.name = line.substr(at);
    result.push_back(std::move(m));
  }
  return result;
}
