//===- Lines.h - Indented lines of a report ---------------------*- C++ -*-===//
//
// Part of the dbt project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DBT_TOOLS_DBT_FUZZ_LINES_H
#define DBT_TOOLS_DBT_FUZZ_LINES_H

#include <cstdarg>
#include <cstdio>
#include <string>

namespace dbt::fuzz {

class Lines {
public:
  explicit Lines(const char *indent) : indent(indent) {}
  std::string text;

  void line(const char *format, ...) __attribute__((format(printf, 2, 3))) {
    char buffer[256];
    va_list args;
    va_start(args, format);
    std::vsnprintf(buffer, sizeof buffer, format, args);
    va_end(args);
    text += indent + std::string(buffer) + "\n";
  }

private:
  const char *indent;
};

} // namespace dbt::fuzz

#endif
